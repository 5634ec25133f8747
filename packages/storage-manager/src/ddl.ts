import { createHash } from 'node:crypto';
import { DEFAULT_SCALE } from './codec.js';
import type { ColumnShape, CompositeIndex, Dialect, ForeignKey, TableShape } from './contract.js';
import { scaledFromDecimal } from './decimal.js';
import { MARIADB_COLLATION, mariadbInstant } from './mariadb-value.js';
import { nativeType } from './native-type.js';

/** Statements that make tables, columns and indexes, in the words of a dialect. */

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

const listed = (names: string[]): string => names.map(quote).join(', ');

/** Creates a table; foreign keys come with it on SQLite, later and one by one on servers. */
export function createTable(dialect: Dialect, table: TableShape): string {
  const identity = identityColumn(dialect, table);
  const lines = storedColumns(table).map((column) =>
    column === identity && dialect === 'sqlite'
      ? `${quote(column.name)} INTEGER PRIMARY KEY AUTOINCREMENT`
      : columnClause(dialect, table, column, table.primaryKey.includes(column.name)),
  );
  if (table.primaryKey.length > 0 && !(dialect === 'sqlite' && identity !== undefined)) {
    lines.push(`primary key (${listed(table.primaryKey)})`);
  }
  if (dialect === 'sqlite') lines.push(...table.foreignKeys.map(foreignKeyClause));
  const engine = dialect === 'mariadb' ? ` engine=InnoDB default charset=utf8mb4 collate=${MARIADB_COLLATION}` : '';
  return `create table ${quote(table.name)} (${lines.join(', ')})${engine}`;
}

/** A column the database fills is only created as the whole key; computed ones are made by whoever computes them. */
function identityColumn(dialect: Dialect, table: TableShape): ColumnShape | undefined {
  if (dialect !== 'postgres' && table.primaryKey.length !== 1) return undefined;
  return table.columns.find((column) => column.generated === 'identity' && table.primaryKey.includes(column.name));
}

export function storedColumns(table: TableShape): ColumnShape[] {
  return table.columns.filter((column) => column.generated !== 'computed');
}

/** Adds a column. Always nullable unless it has a default: rows may be there already. */
export function addColumn(dialect: Dialect, table: TableShape, column: ColumnShape): string {
  return `alter table ${quote(table.name)} add column ${columnClause(dialect, table, column, false)}`;
}

export function createIndex(
  table: TableShape,
  columns: string[],
  unique: boolean,
  isLong: (name: string) => boolean,
): string {
  const parts = columns.map((name) => (!unique && isLong(name) ? `${quote(name)}(${MARIADB_PREFIX})` : quote(name)));
  return `create ${unique ? 'unique ' : ''}index ${quote(indexName(table.name, columns, unique))} on ${quote(table.name)} (${parts.join(', ')})`;
}

/** By this its own are told from those that others made. */
export const COMPOSITE_NAME = /^caruso_[iu]x_/;

/** The name says all of an index, so that another one has another name. */
export function compositeName(table: string, { columns, unique }: CompositeIndex): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([table, columns.map(({ name, descending }) => [name, descending]), unique]))
    .digest('hex')
    .slice(0, 10);
  return `caruso_${unique ? 'ux' : 'ix'}_${table.replace(/[^A-Za-z0-9_]/g, '_').slice(0, 40)}_${digest}`;
}

/** Creates an index over several columns; what comes last or descends is there for an order, which texts have by code point. */
export function createComposite(
  dialect: Dialect,
  table: TableShape,
  index: CompositeIndex,
  isLong: (name: string) => boolean,
): string {
  const { columns, unique } = index;
  const isText = (name: string) => table.columns.some((each) => each.name === name && each.type === 'text');
  const texts = columns.filter(({ name }) => isText(name)).length;
  const prefix = `(${Math.min(MARIADB_PREFIX, Math.floor(MARIADB_KEY / texts))})`;
  const parts = columns.map(({ name, descending }, at) => {
    const column = table.columns.find((each) => each.name === name);
    const cut = dialect === 'mariadb' && !unique && isText(name) && (isLong(name) || texts > MOST_WHOLE_TEXTS);
    const beginning = cut ? prefix : '';
    const ordered = !unique && (descending || at === columns.length - 1);
    const collation = dialect === 'postgres' && ordered && column?.type === 'text' ? ' collate "C"' : '';
    const nulls = dialect === 'postgres' && column?.nullable !== false ? ' nulls last' : '';
    return `${quote(name)}${beginning}${collation}${descending ? ` desc${nulls}` : ''}`;
  });
  const name = compositeName(table.name, index);
  return `create ${unique ? 'unique ' : ''}index ${quote(name)} on ${quote(table.name)} (${parts.join(', ')})`;
}

/** Characters of a long text that MariaDB takes into an index: four such columns fit. */
const MARIADB_PREFIX = 190;
/** Characters of all texts of an index over several columns, and whole texts of 255 characters that it holds beside other columns. */
const MARIADB_KEY = 740;
const MOST_WHOLE_TEXTS = 2;

/** Whether a column is one of MariaDB's long texts, of which it makes unique indexes by hashes and others of the beginning only. */
export function isLongText(dialect: Dialect, table: TableShape, name: string): boolean {
  const column = table.columns.find((each) => each.name === name);
  return (
    dialect === 'mariadb' &&
    column?.type === 'text' &&
    nativeType(dialect, column, isKeyColumn(table, name)) === 'longtext'
  );
}

/** Whether a column is part of the key, of a foreign key, or short enough for any index. */
export function isKeyColumn(table: TableShape, name: string): boolean {
  return (
    table.primaryKey.includes(name) ||
    table.foreignKeys.some((key) => key.columns.includes(name)) ||
    table.columns.some((column) => column.name === name && column.short === true)
  );
}

export function renameTable(from: string, to: string): string {
  return `alter table ${quote(from)} rename to ${quote(to)}`;
}

export function renameColumn(table: string, from: string, to: string): string {
  return `alter table ${quote(table)} rename column ${quote(from)} to ${quote(to)}`;
}

export function dropColumn(table: string, column: string): string {
  return `alter table ${quote(table)} drop column ${quote(column)}`;
}

export function dropIndex(dialect: Dialect, table: string, name: string): string {
  return dialect === 'mariadb' ? `drop index ${quote(name)} on ${quote(table)}` : `drop index ${quote(name)}`;
}

/** Drops the unique index that {@link createIndex} made of these columns. */
export function dropUnique(dialect: Dialect, table: string, columns: string[]): string {
  return dropIndex(dialect, table, indexName(table, columns, true));
}

export function addForeignKey(table: string, key: ForeignKey): string {
  return `alter table ${quote(table)} add ${foreignKeyClause(key)}`;
}

function foreignKeyClause(key: ForeignKey): string {
  return `foreign key (${listed(key.columns)}) references ${quote(key.references.table)} (${listed(key.references.columns)})`;
}

/** Unique in its schema and, on PostgreSQL, at most 63 bytes. */
function indexName(table: string, columns: string[], unique: boolean): string {
  const name = `${unique ? 'ux' : 'ix'}_${table}_${columns.join('_')}`;
  if (Buffer.byteLength(name) <= 55 && /^[a-z0-9_]+$/.test(name)) return name;
  const digest = createHash('sha256')
    .update(JSON.stringify([table, columns, unique]))
    .digest('hex')
    .slice(0, 10);
  return `${name.replace(/[^A-Za-z0-9_]/g, '_').slice(0, 45)}_${digest}`;
}

function columnClause(dialect: Dialect, table: TableShape, column: ColumnShape, inKey: boolean): string {
  const identity = identityClause(dialect, table, column);
  const byDefault =
    column.default === undefined || column.default === null
      ? ''
      : ` default ${literal(dialect, column, column.default)}`;
  const required = inKey || !column.nullable ? ' not null' : '';
  const native = nativeType(dialect, column, isKeyColumn(table, column.name));
  const collation =
    dialect === 'mariadb' && column.type === 'text' ? ` character set utf8mb4 collate ${MARIADB_COLLATION}` : '';
  return `${quote(column.name)} ${native}${collation}${identity}${byDefault}${required}`;
}

function identityClause(dialect: Dialect, table: TableShape, column: ColumnShape): string {
  if (column.generated !== 'identity') return '';
  if (dialect === 'postgres') return ' generated by default as identity';
  return dialect === 'mariadb' && column === identityColumn(dialect, table) ? ' auto_increment' : '';
}

function literal(dialect: Dialect, column: ColumnShape, value: string | number | boolean): string {
  if (column.type === 'decimal' && dialect === 'sqlite') {
    return String(scaledFromDecimal(String(value), column.scale ?? DEFAULT_SCALE, 'round') ?? 0n);
  }
  if (typeof value === 'boolean') return dialect === 'postgres' ? String(value) : String(Number(value));
  if (typeof value === 'number') return column.type === 'text' ? `'${value}'` : String(value);
  const quoted = `'${value.replaceAll("'", "''")}'`;
  if (dialect !== 'mariadb') return quoted;
  if (column.type === 'datetime') return `'${mariadbInstant(new Date(value).toISOString())}'`;
  return column.type === 'json' ? `(${escaped(quoted)})` : escaped(quoted);
}

/** MariaDB takes a backslash in a literal for an escape. */
const escaped = (quoted: string): string => quoted.replaceAll('\\', '\\\\');

/** The value of a default as the database declares it; undefined where it is an expression. */
export function parseDefault(text: string | null | undefined): string | number | boolean | undefined {
  if (text === null || text === undefined) return undefined;
  const bare = text
    .trim()
    .replace(/^\((.*)\)$/, '$1')
    .replace(/::[a-z_ ]+(\(\d+(,\d+)?\))?$/i, '');
  if (/^'(?:[^']|'')*'$/.test(bare)) return bare.slice(1, -1).replaceAll("''", "'");
  if (/^-?\d+(\.\d+)?$/.test(bare)) return Number(bare);
  if (/^(true|false)$/i.test(bare)) return /^true$/i.test(bare);
  return undefined;
}
