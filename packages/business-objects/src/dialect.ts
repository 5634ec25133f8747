import type { Dialect } from '@caruso/storage-manager/contract';
import type { Decimal } from 'decimal.js';
import { mariadb } from './dialect-mariadb.js';
import { postgres } from './dialect-postgres.js';
import { sqlite } from './dialect-sqlite.js';
import type { Column } from './model.js';
import { identifier, joinSql, raw, type Sql, sql } from './sql.js';
import type { Scalar, SqlType } from './sql-value.js';
import type { SearchTerm } from './words.js';

/**
 * All that databases write differently; one object for each, chosen in `dialectOf`. Values are in a canonical SQL form. SQLite: decimals
 * are whole units of the last place, dates and datetimes ISO text, booleans 0 and 1. PostgreSQL: its own types. MariaDB: its own types,
 * booleans 0 and 1. Managed columns are in this form already; legacy ones are brought into it (`legacy`).
 */
export interface SqlDialect {
  readonly name: Dialect;
  /** A legacy column in the canonical form of its type. */
  legacy(column: Column, name: string): string;
  /** A column as trimmed text, and text without the zeros in front: what legacy dates are cut out of. */
  trimmed(name: string): string;
  withoutZeros(text: string): string;
  /** A date out of ISO text. */
  isoDate(text: string): string;
  /** Whether texts of legacy columns have an index that knows less than we compare (a collation without case). */
  readonly looseIndexes: boolean;
  /** A bound value, where the database has to be told its type. */
  typed(type: SqlType, value: Sql): Sql;
  /** The stored form of booleans, exact decimals (undefined: none) and ISO instants. */
  boolean(value: boolean): unknown;
  decimal(exact: Decimal, scale: number): unknown;
  instant(iso: string): string;
  /** A stored decimal of a scale as the wire has it. */
  wireDecimal(stored: unknown, scale: number): string;
  /** Whether two nullable values are equal, null being equal to null. */
  equal(left: Sql, right: Sql): Sql;
  different(left: Sql, right: Sql): Sql;
  /** Texts sort by code point everywhere, whatever the collation of the database. */
  ordered(value: Pick<Scalar, 'sql' | 'type'>): Sql;
  /** An item of `order by` with nulls last. */
  nullsLast(value: Sql, direction: 'asc' | 'desc'): Sql;
  /** Brings a decimal or integer to a scale, where numbers do not carry their own. */
  scaled(value: Scalar, scale: number): Scalar;
  floating(value: Scalar): Sql;
  rounded(value: Scalar, places: number): Sql;
  /** A sum of integers as an integer. */
  wholeSum(total: Sql): Sql;
  /** A condition as a value that is never null, and a boolean value as a condition. */
  truthValue(condition: Sql): Sql;
  truth(value: Sql): Sql;
  truthLiteral(value: boolean): Sql;
  /** Milliseconds since 1970 UTC of a datetime, and back. */
  milliseconds(value: Sql): Sql;
  fromMilliseconds(value: Sql): Sql;
  /** Milliseconds between two dates; a date some days later. */
  betweenDates(left: Sql, right: Sql): Sql;
  shiftedDate(date: Sql, days: number): Sql;
  datePart(part: 'year' | 'month' | 'day', date: Sql): Sql;
  /** Characters of a text. */
  length(text: Sql): Sql;
  cased(direction: 'lower' | 'upper', text: Sql): Sql;
  /** Whether a text matches a pattern in lower case, ignoring its own. */
  like(subject: Sql, pattern: Sql): Sql;
  /** Whether a row's words meet a query of `wordQuery`. */
  hasWords(alias: string, table: string, column: string, query: Sql): Sql;
  /** All of these terms, in the query language of the index. */
  wordQuery(terms: readonly SearchTerm[]): string;
  contains(whole: Sql, part: Sql): Sql;
  startsWith(whole: Sql, part: Sql): Sql;
  endsWith(whole: Sql, part: Sql): Sql;
  /** A text as a uuid, null where it is none; absent where a uuid is compared with text as it is. */
  uuid?(text: Sql): Sql;
  /** A text in a character set that may lack some of its characters, compared as a column in that set is. */
  narrowed?(text: Sql, to: NonNullable<Column['narrow']>): Sql;
  /** Ends a `select` whose rows are to be changed in the running unit of work. */
  readonly lockRows: string;
}

const DIALECTS: Readonly<Record<Dialect, SqlDialect>> = { sqlite, postgres, mariadb };

export function dialectOf(name: Dialect): SqlDialect {
  return DIALECTS[name];
}

/** A column in its canonical form. */
export function columnSql(dialect: SqlDialect, managed: boolean, alias: string, column: Column): Sql {
  const name = columnName(alias, column);
  return raw(managed && column.format === undefined ? name : dialect.legacy(column, name));
}

function columnName(alias: string, column: Column): string {
  return `${alias}.${identifier(column.name)}`;
}

/**
 * Of a column whose canonical form no index knows: a test that an index answers, and that every row passes whose canonical form is one of
 * the values. Undefined where the canonical form is indexed itself.
 */
export function indexTest(
  dialect: SqlDialect,
  managed: boolean,
  alias: string,
  column: Column,
): ((values: readonly Sql[]) => Sql) | undefined {
  const name = raw(columnName(alias, column));
  const { uuid } = dialect;
  if (column.uuid === true && uuid !== undefined) return (values) => isOne(name, values.map(uuid));
  if (managed || !dialect.looseIndexes || column.type !== 'text' || column.format !== undefined) return undefined;
  const { narrow } = column;
  // A text that the column cannot hold would be an error, not a row less.
  if (narrow !== undefined)
    return (values) =>
      isOne(
        name,
        values.map((value) => dialect.narrowed?.(value, narrow) ?? value),
      );
  return (values) => isOne(name, values);
}

/** Whether a column has one of these values; an index is used, also where it knows less than we compare. */
export function columnIsOne(
  dialect: SqlDialect,
  managed: boolean,
  alias: string,
  column: Column,
  values: readonly Sql[],
): Sql {
  const byIndex = indexTest(dialect, managed, alias, column)?.(values);
  // An uuid has one form, whatever the case in which it is asked for.
  if (byIndex !== undefined && column.uuid === true) return byIndex;
  const exact = isOne(columnSql(dialect, managed, alias, column), values);
  return byIndex === undefined ? exact : sql`(${byIndex} and ${exact})`;
}

function isOne(subject: Sql, values: readonly Sql[]): Sql {
  const [only] = values;
  return values.length === 1 && only !== undefined
    ? sql`${subject} = ${only}`
    : sql`${subject} in (${joinSql(values, ', ')})`;
}

/** A decimal or integer as floating point. */
export function floating(dialect: SqlDialect, value: Scalar): Scalar {
  return value.type === 'number' ? value : { ...value, type: 'number', scale: 0, sql: dialect.floating(value) };
}
