import type { Dialect, RowsToInsert } from './contract.js';
import { quote } from './ddl.js';

export interface InsertStatement {
  /** In the form of `StorageApi.rows`: `?` stands for a value. */
  text: string;
  bindings: unknown[];
}

/** Rows of one statement, largest first: few sizes, so that SQLite prepares few texts. */
const SIZES = [64, 16, 4, 1];
/** Servers take as many rows as a statement has room for values (PostgreSQL: 65,535). */
const MOST_VALUES = 60_000;
/** SQLite takes 32,766 values. */
const MOST_VALUES_SQLITE = 32_000;
/** Characters of one statement's values: far below the packet of MariaDB (16 MB), also where each takes four bytes. */
const MOST_TEXT = 2_000_000;

/**
 * The statements that store many rows, each as large as the database takes. Pure.
 *
 * @example
 * insertStatements('sqlite', { table: 't', columns: ['a'], rows: [[1], [2]] });
 * // [{ text: 'insert into "t" ("a") values (?)', bindings: [1] }, { ... bindings: [2] }]
 */
export function insertStatements(dialect: Dialect, into: RowsToInsert): InsertStatement[] {
  const statements: InsertStatement[] = [];
  const most = Math.floor((dialect === 'sqlite' ? MOST_VALUES_SQLITE : MOST_VALUES) / Math.max(1, into.columns.length));
  let chunk: (readonly unknown[])[] = [];
  let characters = 0;
  const end = () => {
    for (const rows of dialect === 'sqlite' ? inSizes(chunk) : [chunk])
      if (rows.length > 0) statements.push({ text: textOf(dialect, into, rows.length), bindings: rows.flat() });
    chunk = [];
    characters = 0;
  };
  for (const row of into.rows) {
    const size = row.reduce((sum: number, value) => sum + lengthOf(value), 0);
    if (chunk.length === most || (chunk.length > 0 && characters + size > MOST_TEXT)) end();
    chunk.push(row);
    characters += size;
  }
  end();
  return statements;
}

function textOf(dialect: Dialect, into: RowsToInsert, rows: number): string {
  const { table, schema, columns, replace, returning } = into;
  const name = schema === undefined ? escaped(table) : `${escaped(schema)}.${escaped(table)}`;
  const places = columns.map(() => '?').join(', ');
  // `insert ... select` keeps MariaDB's numbering of rows to itself until they are in the table (see event-horizon.ts).
  const values =
    dialect === 'mariadb'
      ? Array.from({ length: rows }, () => `select ${places}`).join(' union all ')
      : `values ${Array.from({ length: rows }, () => `(${places})`).join(', ')}`;
  const again = replace === undefined ? '' : replacing(dialect, replace);
  const back = returning === undefined ? '' : ` returning ${returning.map(escaped).join(', ')}`;
  return `insert into ${name} (${columns.map(escaped).join(', ')}) ${values}${again}${back}`;
}

function replacing(dialect: Dialect, { key, columns }: NonNullable<RowsToInsert['replace']>): string {
  if (dialect === 'mariadb')
    return ` on duplicate key update ${columns.map((name) => `${escaped(name)} = values(${escaped(name)})`).join(', ')}`;
  const set = columns.map((name) => `${escaped(name)} = excluded.${escaped(name)}`).join(', ');
  return ` on conflict (${key.map(escaped).join(', ')}) do update set ${set}`;
}

function inSizes<T>(rows: readonly T[]): T[][] {
  const parts: T[][] = [];
  let from = 0;
  for (const size of SIZES) for (; rows.length - from >= size; from += size) parts.push(rows.slice(from, from + size));
  return parts;
}

function escaped(name: string): string {
  return quote(name).replaceAll('\\', '\\\\').replaceAll('?', '\\?');
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' || Buffer.isBuffer(value) ? value.length : 8;
}
