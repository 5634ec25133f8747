import type { ColumnShape, DatabaseSchema, Dialect, MigrationPlan, MigrationStep, TableShape } from './contract.js';
import { addColumn, addForeignKey, createIndex, createTable, isKeyColumn, isLongText, storedColumns } from './ddl.js';
import { nativeType, sameStorage } from './native-type.js';

/** Caruso's own tables are nobody's to miss. */
const OWN = /^caruso_/;

/**
 * The statements that turn what was found into what is wanted. Only adds: nothing the model does not name is touched, no type is
 * changed; both are noted. A plan that was applied gives an empty plan.
 */
export function planMigration(found: DatabaseSchema, wanted: TableShape[]): MigrationPlan {
  const { database, dialect } = found;
  const plan: MigrationPlan = { database, steps: [], notes: [] };
  const exact: Same = (name) => name;
  const anyCase: Same = (name) => name.toLowerCase();
  const sameTable = dialect === 'sqlite' ? anyCase : exact;
  const same = dialect === 'postgres' ? exact : anyCase;
  const step = (statement: string, summary: string): void => {
    plan.steps.push({ database, statement, summary, destructive: false });
  };
  const tables = new Map(
    found.tables.filter((table) => table.schema === undefined).map((table) => [sameTable(table.name), table]),
  );
  const created: TableShape[] = [];

  for (const table of wanted.filter(({ kind }) => kind === 'table')) {
    const present = tables.get(sameTable(table.name));
    if (present === undefined) {
      step(createTable(dialect, table), `create table ${table.name} (${table.columns.length} columns)`);
      created.push(table);
      for (const column of table.columns.filter(({ generated }) => generated === 'computed')) {
        plan.notes.push(`${table.name}.${column.name}: computed columns are not created`);
      }
    } else if (present.kind === 'view') {
      plan.notes.push(`${table.name}: is a view in the database; left alone`);
      continue;
    } else {
      addMissingColumns(plan, dialect, present, table, same, step);
    }
    addMissingIndexes(dialect, present, table, same, step);
  }
  // Servers want the other table to exist, and tables may refer to each other.
  if (dialect !== 'sqlite') {
    for (const table of created) {
      for (const key of table.foreignKeys) {
        step(
          addForeignKey(table.name, key),
          `let ${table.name} (${key.columns.join(', ')}) refer to ${key.references.table}`,
        );
      }
    }
  }
  const named = new Set(wanted.map((table) => sameTable(table.name)));
  for (const table of found.tables) {
    if (table.kind === 'table' && !named.has(sameTable(table.name)) && !OWN.test(table.name)) {
      plan.notes.push(`${table.name}: the model does not name this table; left alone`);
    }
  }
  return plan;
}

type AddStep = (statement: MigrationStep['statement'], summary: string) => void;
type Same = (name: string) => string;

function addMissingColumns(
  plan: MigrationPlan,
  dialect: Dialect,
  present: TableShape,
  table: TableShape,
  same: Same,
  step: AddStep,
): void {
  const columns = new Map(present.columns.map((column) => [same(column.name), column]));
  for (const column of storedColumns(table)) {
    const where = `${table.name}.${column.name}`;
    const there = columns.get(same(column.name));
    if (there === undefined) {
      const added = addable(column);
      step(
        addColumn(dialect, table, added),
        `add column ${where} (${nativeType(dialect, column, isKeyColumn(table, column.name))})`,
      );
      if (added.nullable && !column.nullable) {
        plan.notes.push(
          `${where}: required, but rows may exist without it, so it is added as nullable; give it a default to have it required`,
        );
      }
      continue;
    }
    if (!sameStorage(dialect, there, column)) {
      plan.notes.push(
        `${where}: is ${there.nativeType ?? there.type} in the database, the model wants ${nativeType(dialect, column, isKeyColumn(table, column.name))}; left alone`,
      );
    }
    if (there.nullable && !column.nullable && !table.primaryKey.some((name) => same(name) === same(column.name))) {
      plan.notes.push(`${where}: required by the model, nullable in the database; left alone`);
    }
  }
  if (table.primaryKey.map(same).join('\n') !== present.primaryKey.map(same).join('\n')) {
    plan.notes.push(
      `${table.name}: the key is (${present.primaryKey.join(', ')}) in the database, the model wants (${table.primaryKey.join(', ')}); left alone`,
    );
  }
  const named = new Set(table.columns.map((column) => same(column.name)));
  for (const column of present.columns) {
    if (!named.has(same(column.name)))
      plan.notes.push(`${table.name}.${column.name}: the model does not name this column; left alone`);
  }
  const keys = new Set(present.foreignKeys.map((key) => key.columns.map(same).join('\n')));
  for (const key of table.foreignKeys) {
    if (!keys.has(key.columns.map(same).join('\n'))) {
      plan.notes.push(
        `${table.name} (${key.columns.join(', ')}): does not refer to ${key.references.table} in the database; left alone, since rows may break it`,
      );
    }
  }
}

/** A filled table takes a required column only with a default. */
function addable(column: ColumnShape): ColumnShape {
  const { generated: _, ...plain } = column;
  return column.default === undefined || column.default === null ? { ...plain, nullable: true } : plain;
}

function addMissingIndexes(
  dialect: Dialect,
  present: TableShape | undefined,
  table: TableShape,
  same: Same,
  step: AddStep,
): void {
  const id = (columns: string[]): string => columns.map(same).join('\n');
  const uniques = new Set([...(present?.uniques ?? []), table.primaryKey].map(id));
  // MariaDB keeps long texts unique by a hash, by which it cannot look them up.
  const hashed = table.uniques.filter((columns) => columns.some((name) => isLongText(dialect, table, name)));
  const searchable = (columns: string[]): boolean => !hashed.some((other) => id(other) === id(columns));
  const indexes = new Set(
    [
      ...(present?.indexes ?? []),
      ...[...(present?.uniques ?? []), ...table.uniques].filter(searchable),
      table.primaryKey,
    ].map(id),
  );
  for (const columns of table.uniques) {
    if (uniques.has(id(columns))) continue;
    uniques.add(id(columns));
    step(createIndex(dialect, table, columns, true), `make ${table.name} (${columns.join(', ')}) unique`);
  }
  for (const columns of [...table.indexes, ...hashed]) {
    if (indexes.has(id(columns))) continue;
    indexes.add(id(columns));
    step(createIndex(dialect, table, columns, false), `index ${table.name} (${columns.join(', ')})`);
  }
}
