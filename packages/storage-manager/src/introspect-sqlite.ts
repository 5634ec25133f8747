import { createHash } from 'node:crypto';
import type { ColumnShape, DatabaseSchema, ForeignKey, TableShape } from './contract.js';
import { parseDefault } from './ddl.js';
import { groupRows } from './group-rows.js';
import { columnType } from './native-type.js';
import { WORD_COLUMN, wordTable } from './word-index.js';

/** Runs one reading statement. */
export type Read = (sql: string, bindings?: string[]) => Promise<Record<string, unknown>[]>;

/** Reads the schema of a SQLite database out of its own tables and pragmas. */
export async function introspectSqlite(database: string, read: Read): Promise<DatabaseSchema> {
  const objects = await read(
    `select type, name, tbl_name, sql from sqlite_master where name not like 'sqlite\\_%' escape '\\' order by type, name`,
  );
  const hash = createHash('sha256')
    .update(JSON.stringify(objects.map(({ type, name, tbl_name, sql }) => [type, name, tbl_name, sql])))
    .digest('hex');
  const tables: TableShape[] = [];
  // A virtual table and those in which it keeps itself are no tables of anybody's model.
  const virtual = objects
    .filter(({ sql }) => /^create virtual table/i.test(String(sql)))
    .map(({ name }) => String(name));
  const isShadow = (name: string): boolean =>
    virtual.some(
      (each) =>
        name === each ||
        /^(data|idx|content|docsize|config)$/.test(name.startsWith(`${each}_`) ? name.slice(each.length + 1) : ''),
    );
  const present = objects.filter(({ type, name }) => (type === 'table' || type === 'view') && !isShadow(String(name)));
  const facts = await readFacts(
    read,
    present.map(({ name }) => String(name)),
  );
  for (const { type, name, sql } of present) {
    const table = tableOf(facts, String(name), type === 'view' ? 'view' : 'table', typeof sql === 'string' ? sql : '');
    const words = table.columns.find((column) => column.name === WORD_COLUMN);
    tables.push(
      words !== undefined && virtual.includes(wordTable(table.name)) ? { ...table, words: WORD_COLUMN } : table,
    );
  }
  completeForeignKeys(tables);
  return { database, dialect: 'sqlite', tables, hash };
}

type Rows = readonly Record<string, unknown>[];

/** What the pragmas say of all tables, by the name of the table, or of the index. */
interface Facts {
  columns: ReadonlyMap<string, Rows>;
  indexes: ReadonlyMap<string, Rows>;
  parts: ReadonlyMap<string, Rows>;
  foreignKeys: ReadonlyMap<string, Rows>;
}

/** A statement for all tables together: a model of 500 objects has thousands of indexes. */
async function readFacts(read: Read, names: readonly string[]): Promise<Facts> {
  const listed = [JSON.stringify(names)];
  const tables = 'json_each(?) t';
  const group = async (sql: string, column: string) => groupRows(await read(sql, listed), column);
  return {
    columns: await group(
      `select t.value as of_table, c.* from ${tables} join pragma_table_xinfo(t.value) c order by t.value, c.cid`,
      'of_table',
    ),
    indexes: await group(
      `select t.value as of_table, i.* from ${tables} join pragma_index_list(t.value) i order by t.value, i.name`,
      'of_table',
    ),
    parts: await group(
      `select i.name as of_index, p.* from ${tables} join pragma_index_list(t.value) i
       join pragma_index_xinfo(i.name) p where p.key = 1 order by i.name, p.seqno`,
      'of_index',
    ),
    foreignKeys: await group(
      `select t.value as of_table, f.* from ${tables} join pragma_foreign_key_list(t.value) f order by t.value, f.id desc, f.seq`,
      'of_table',
    ),
  };
}

function tableOf(facts: Facts, name: string, kind: 'table' | 'view', sql: string): TableShape {
  const info = facts.columns.get(name) ?? [];
  const key = info.filter((row) => Number(row['pk']) > 0).sort((a, b) => Number(a['pk']) - Number(b['pk']));
  const primaryKey = key.map((row) => String(row['name']));
  // SQLite numbers the rows of such a key itself.
  const numbered =
    key.length === 1 && String(key[0]?.['type']).toUpperCase() === 'INTEGER' && !/without\s+rowid/i.test(sql);
  const columns = info
    // 1 marks hidden columns of virtual tables; 2 and 3 are generated ones.
    .filter((row) => Number(row['hidden']) !== 1)
    .map((row): ColumnShape => {
      const native = String(row['type'] ?? '');
      const byDefault = parseDefault(typeof row['dflt_value'] === 'string' ? row['dflt_value'] : undefined);
      const inKey = Number(row['pk']) > 0;
      const generated = Number(row['hidden']) >= 2 ? 'computed' : numbered && inKey ? 'identity' : undefined;
      return {
        name: String(row['name']),
        ...columnType('sqlite', native),
        nativeType: native,
        nullable: Number(row['notnull']) === 0 && !inKey,
        ...(byDefault === undefined ? {} : { default: byDefault }),
        ...(generated === undefined ? {} : { generated }),
      };
    });
  const { named, uniques, indexes } =
    kind === 'view' ? { named: [], uniques: [], indexes: [] } : indexesOf(facts, name);
  return {
    name,
    kind,
    columns,
    primaryKey,
    uniques,
    indexes,
    ...(named.length === 0 ? {} : { named }),
    foreignKeys: kind === 'view' ? [] : foreignKeysOf(facts, name),
  };
}

function indexesOf(
  { indexes: list, parts: all }: Facts,
  table: string,
): { named: { name: string; columns: string[] }[]; uniques: string[][]; indexes: string[][] } {
  const named: { name: string; columns: string[] }[] = [];
  const uniques: string[][] = [];
  const indexes: string[][] = [];
  for (const index of list.get(table) ?? []) {
    if (index['origin'] === 'pk' || Number(index['partial']) === 1) continue;
    const parts = all.get(String(index['name'])) ?? [];
    // An expression has no column.
    if (parts.some((part) => part['name'] === null)) continue;
    const columns = parts.map((part) => String(part['name']));
    (Number(index['unique']) === 1 ? uniques : indexes).push(columns);
    // One that belongs to a constraint of the table goes with it alone.
    if (index['origin'] === 'c') named.push({ name: String(index['name']), columns });
  }
  return { named, uniques, indexes };
}

function foreignKeysOf({ foreignKeys }: Facts, table: string): ForeignKey[] {
  const keys = new Map<number, ForeignKey>();
  for (const row of foreignKeys.get(table) ?? []) {
    const id = Number(row['id']);
    const key = keys.get(id) ?? { columns: [], references: { table: String(row['table']), columns: [] } };
    key.columns.push(String(row['from']));
    if (typeof row['to'] === 'string') key.references.columns.push(row['to']);
    keys.set(id, key);
  }
  return [...keys.values()];
}

/** `references other` without columns means the other's primary key; names are compared as SQLite does, without case. */
function completeForeignKeys(tables: TableShape[]): void {
  const byName = new Map(tables.map((table) => [table.name.toLowerCase(), table]));
  for (const key of tables.flatMap((table) => table.foreignKeys)) {
    const other = byName.get(key.references.table.toLowerCase());
    if (other === undefined) continue;
    key.references.table = other.name;
    if (key.references.columns.length === 0) key.references.columns = [...other.primaryKey];
  }
}
