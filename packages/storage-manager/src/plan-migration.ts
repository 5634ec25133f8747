import type { ColumnShape, DatabaseSchema, Dialect, MigrationPlan, MigrationStep, TableShape } from './contract.js';
import {
  addColumn,
  addForeignKey,
  COMPOSITE_NAME,
  compositeName,
  createComposite,
  createIndex,
  createTable,
  dropColumn,
  dropIndex,
  dropUnique,
  isKeyColumn,
  isLongText,
  renameColumn,
  renameTable,
  storedColumns,
} from './ddl.js';
import { nativeType, sameStorage } from './native-type.js';
import { createWordIndex } from './word-index.js';

/** Caruso's own tables are nobody's to miss. */
const OWN = /^caruso_/;

/**
 * The statements that turn what was found into what is wanted. What the model does not name is left alone and noted, and so are other
 * types; only what the model declares renamed is renamed, and only what it declares removed is removed, as a destructive step. A plan
 * that was applied gives an empty plan.
 */
export function planMigration(found: DatabaseSchema, wanted: TableShape[]): MigrationPlan {
  const { database, dialect } = found;
  const plan: MigrationPlan = { database, steps: [], notes: [] };
  const exact: Same = (name) => name;
  const anyCase: Same = (name) => name.toLowerCase();
  const sameTable = dialect === 'sqlite' ? anyCase : exact;
  const same = dialect === 'postgres' ? exact : anyCase;
  const step: AddStep = (statement, summary, kind = 'add', loses) => {
    plan.steps.push({
      database,
      statement,
      summary,
      kind,
      destructive: kind === 'remove',
      ...(loses === undefined ? {} : { loses }),
    });
  };
  const tables = new Map(
    found.tables.filter((table) => table.schema === undefined).map((table) => [sameTable(table.name), table]),
  );
  const named = new Set(wanted.map((table) => sameTable(table.name)));
  const created: TableShape[] = [];

  for (const table of wanted.filter(({ kind }) => kind === 'table')) {
    let present = tables.get(sameTable(table.name));
    const before = table.was === undefined ? undefined : tables.get(sameTable(table.was));
    if (present === undefined && before?.kind === 'table' && !named.has(sameTable(before.name))) {
      step(renameTable(before.name, table.name), `rename table ${before.name} to ${table.name}`, 'rename');
      tables.delete(sameTable(before.name));
      present = { ...before, name: table.name };
    }
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
      const stored = tables.get(sameTable(table.name))?.name ?? before?.name ?? table.name;
      present = renameColumns(present, table, same, step);
      present = removeColumns(plan, dialect, present, table, same, (statement, summary, kind, loses) =>
        step(statement, summary, kind, loses && { ...loses, table: stored }),
      );
      addMissingColumns(plan, dialect, present, table, same, step);
    }
    addMissingIndexes(dialect, present, table, same, step);
    loosenUniques(dialect, present, table, same, step);
    changeComposites(dialect, present, table, same, step);
    if (table.words !== undefined && present?.words !== table.words) {
      const statements = createWordIndex(dialect, table.name, table.words);
      step(statements.join(';\n'), `index the words of ${table.name}`);
      const last = plan.steps.at(-1);
      if (last !== undefined && statements.length > 1) last.statements = statements;
    }
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
  for (const table of tables.values()) {
    if (table.kind === 'table' && !named.has(sameTable(table.name)) && !OWN.test(table.name)) {
      plan.notes.push(`${table.name}: the model does not name this table; left alone`);
    }
  }
  return plan;
}

/** The table as it is once its columns have the names that the model gives them now. */
function renameColumns(present: TableShape, table: TableShape, same: Same, step: AddStep): TableShape {
  const there = new Map(present.columns.map((column) => [same(column.name), column.name]));
  const wanted = new Set(table.columns.map((column) => same(column.name)));
  const names = new Map<string, string>();
  for (const { name, was } of storedColumns(table)) {
    if (was === undefined || there.has(same(name)) || wanted.has(same(was))) continue;
    const old = there.get(same(was));
    if (old === undefined) continue;
    step(renameColumn(table.name, old, name), `rename column ${table.name}.${old} to ${name}`, 'rename');
    names.set(same(old), name);
    there.delete(same(old));
  }
  if (names.size === 0) return present;
  const renamed = (name: string): string => names.get(same(name)) ?? name;
  const all = (lists: string[][]): string[][] => lists.map((list) => list.map(renamed));
  return {
    ...present,
    columns: present.columns.map((column) => ({ ...column, name: renamed(column.name) })),
    primaryKey: present.primaryKey.map(renamed),
    uniques: all(present.uniques),
    indexes: all(present.indexes),
    ...(present.named === undefined
      ? {}
      : { named: present.named.map((index) => ({ ...index, columns: index.columns.map(renamed) })) }),
    foreignKeys: present.foreignKeys.map((key) => ({ ...key, columns: key.columns.map(renamed) })),
  };
}

/** Columns that the model declares removed, where they still are; gives the table with the indexes that are left. */
function removeColumns(
  plan: MigrationPlan,
  dialect: Dialect,
  present: TableShape,
  table: TableShape,
  same: Same,
  step: AddStep,
): TableShape {
  const gone = new Set<string>();
  const removed = new Set(table.removed?.map(same));
  const wanted = new Set(table.columns.map((column) => same(column.name)));
  for (const { name } of present.columns) {
    if (!removed.has(same(name)) || wanted.has(same(name))) continue;
    const has = (columns: string[]): boolean => columns.some((column) => same(column) === same(name));
    const where = `${table.name}.${name}`;
    if (
      has(present.primaryKey) ||
      (dialect !== 'postgres' && present.foreignKeys.some(({ columns }) => has(columns)))
    ) {
      plan.notes.push(`${where}: is declared removed, but is part of a key or a reference; left alone`);
      continue;
    }
    // SQLite keeps a column that an index has, and MariaDB an index without the column.
    for (const index of present.named ?? []) {
      if (!has(index.columns) || gone.has(index.name)) continue;
      step(dropIndex(dialect, table.name, index.name), `drop index ${index.name} of ${where}`, 'remove');
      gone.add(index.name);
    }
    step(dropColumn(table.name, name), `remove column ${where}`, 'remove', { table: table.name, column: name });
  }
  return gone.size === 0 ? present : { ...present, named: (present.named ?? []).filter(({ name }) => !gone.has(name)) };
}

type AddStep = (
  statement: MigrationStep['statement'],
  summary: string,
  kind?: MigrationStep['kind'],
  loses?: MigrationStep['loses'],
) => void;
type Same = (name: string) => string;

/** Columns in their order as one text, equal where these are. */
function columnList(columns: readonly string[], same: Same): string {
  return columns.map(same).join('\n');
}

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
  if (columnList(table.primaryKey, same) !== columnList(present.primaryKey, same)) {
    plan.notes.push(
      `${table.name}: the key is (${present.primaryKey.join(', ')}) in the database, the model wants (${table.primaryKey.join(', ')}); left alone`,
    );
  }
  const named = new Set([...table.columns.map((column) => column.name), ...(table.removed ?? [])].map(same));
  for (const column of present.columns) {
    if (!named.has(same(column.name)) && !OWN.test(column.name))
      plan.notes.push(`${table.name}.${column.name}: the model does not name this column; left alone`);
  }
  const keys = new Set(present.foreignKeys.map((key) => columnList(key.columns, same)));
  for (const key of table.foreignKeys) {
    if (!keys.has(columnList(key.columns, same))) {
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

/** After the wider index is there: on MariaDB a foreign key needs one at all times. */
function loosenUniques(
  dialect: Dialect,
  present: TableShape | undefined,
  table: TableShape,
  same: Same,
  step: AddStep,
): void {
  const there = new Set(present?.uniques.map((columns) => columnList(columns, same)));
  for (const columns of table.outgrown ?? []) {
    if (!there.has(columnList(columns, same))) continue;
    const summary = `let ${table.name} (${columns.join(', ')}) be unique among records that are there`;
    step(dropUnique(dialect, table.name, columns), summary, 'loosen');
  }
}

/** Makes indexes over several columns, and drops those that it made before and nobody wants any more. */
function changeComposites(
  dialect: Dialect,
  present: TableShape | undefined,
  table: TableShape,
  same: Same,
  step: AddStep,
): void {
  const there = new Set(present?.named?.map(({ name }) => name));
  const uniques = new Set(present?.uniques.map((columns) => columnList(columns, same)));
  const wanted = new Set<string>();
  for (const index of table.composites ?? []) {
    const name = compositeName(table.name, index);
    wanted.add(name);
    if (there.has(name)) continue;
    const columns = index.columns.map((column) => column.name);
    if (index.unique && uniques.has(columnList(columns, same))) continue;
    const listed = index.columns.map((column) => (column.descending ? `${column.name} descending` : column.name));
    const summary = index.unique
      ? `make ${table.name} (${columns.join(', ')}) unique together`
      : `index ${table.name} (${listed.join(', ')})`;
    step(createComposite(dialect, table, index, longTexts(dialect, present, table, same)), summary);
  }
  for (const { name, columns } of present?.named ?? []) {
    if (!COMPOSITE_NAME.test(name) || wanted.has(name)) continue;
    const summary = `drop the index of ${table.name} (${columns.join(', ')}) that the model no longer declares`;
    step(dropIndex(dialect, table.name, name), summary, 'loosen');
  }
}

/** Which columns are long texts as they are now: a table that was there keeps the types it has. */
function longTexts(
  dialect: Dialect,
  present: TableShape | undefined,
  table: TableShape,
  same: Same,
): (column: string) => boolean {
  return (column) => {
    const found = present?.columns.find((each) => same(each.name) === same(column));
    return found === undefined ? isLongText(dialect, table, column) : found.nativeType === 'longtext';
  };
}

function addMissingIndexes(
  dialect: Dialect,
  present: TableShape | undefined,
  table: TableShape,
  same: Same,
  step: AddStep,
): void {
  const uniques = new Set([...(present?.uniques ?? []), table.primaryKey].map((columns) => columnList(columns, same)));
  // MariaDB keeps long texts unique by a hash, by which it cannot look them up.
  const isLong = longTexts(dialect, present, table, same);
  const hashed = table.uniques.filter((columns) => columns.some(isLong));
  const searchable = (columns: string[]): boolean =>
    !hashed.some((other) => columnList(other, same) === columnList(columns, same));
  const indexes = new Set(
    [
      ...(present?.indexes ?? []),
      ...[...(present?.uniques ?? []), ...table.uniques].filter(searchable),
      table.primaryKey,
    ].map((columns) => columnList(columns, same)),
  );
  for (const columns of table.uniques) {
    if (uniques.has(columnList(columns, same))) continue;
    uniques.add(columnList(columns, same));
    step(createIndex(table, columns, true, isLong), `make ${table.name} (${columns.join(', ')}) unique`);
  }
  for (const columns of [...table.indexes, ...hashed]) {
    if (indexes.has(columnList(columns, same))) continue;
    indexes.add(columnList(columns, same));
    step(createIndex(table, columns, false, isLong), `index ${table.name} (${columns.join(', ')})`);
  }
}
