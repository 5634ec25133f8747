import type { Dialect } from '@caruso/storage-manager/contract';
import { legacyDateSql } from './date-format.js';
import type { Column } from './model.js';
import { identifier, raw, type Sql, sql } from './sql.js';
import type { Scalar, SqlType } from './sql-value.js';

/**
 * The canonical SQL form of values. SQLite: decimals are whole units of the last place, dates and datetimes ISO text, booleans 0 and 1.
 * PostgreSQL: its own types. Managed columns are in this form already; legacy ones are brought into it here.
 */
export function columnSql(dialect: Dialect, managed: boolean, alias: string, column: Column): Sql {
  const name = `${alias}.${identifier(column.name)}`;
  if (column.type === 'date' && column.format !== undefined) {
    const text = legacyDateSql(column.format, name);
    return raw(dialect === 'sqlite' ? `(${text})` : `(${text})::date`);
  }
  if (managed) return raw(name);
  return raw(dialect === 'sqlite' ? legacySqlite(column, name) : legacyPostgres(column, name));
}

const ISO = "'%Y-%m-%dT%H:%M:%fZ'";

function legacySqlite(column: Column, name: string): string {
  switch (column.type) {
    case 'decimal':
      return `cast(round(${name} * ${10 ** (column.scale ?? 0)}) as integer)`;
    case 'date':
      return `substr(${name}, 1, 10)`;
    case 'datetime': {
      // Numbers are seconds until the year 5138, milliseconds beyond, as the codecs of storage read them.
      const seconds = `case when abs(${name}) < 1e11 then ${name} else ${name} / 1000.0 end`;
      return `case when typeof(${name}) in ('integer', 'real') then strftime(${ISO}, ${seconds}, 'unixepoch') else strftime(${ISO}, ${name}) end`;
    }
    case 'boolean':
      return `case when ${name} is null then null when lower(trim(${name})) in ('1', '-1', 't', 'true', 'y', 'yes', 'j') then 1 else 0 end`;
    default:
      return name;
  }
}

function legacyPostgres(column: Column, name: string): string {
  switch (column.type) {
    case 'decimal':
      return `round(${name}::numeric, ${column.scale ?? 0})`;
    case 'date':
      return `${name}::date`;
    case 'datetime':
      // The epoch of a timestamp without zone is taken as UTC, of one with a zone as it is: both become the same type.
      return `date_trunc('milliseconds', to_timestamp(extract(epoch from ${name})))`;
    default:
      return name;
  }
}

const CASTS: Readonly<Record<SqlType, string>> = {
  text: 'text',
  integer: 'bigint',
  decimal: 'numeric',
  number: 'double precision',
  boolean: 'boolean',
  date: 'date',
  datetime: 'timestamptz',
  duration: 'bigint',
};

/** A bound value; PostgreSQL has to be told its type. */
export function typed(dialect: Dialect, type: SqlType, value: Sql): Sql {
  return dialect === 'sqlite' ? value : sql`${value}::${raw(CASTS[type])}`;
}

/** How two nullable values are held equal, null being equal to null. */
export function same(dialect: Dialect): { equal: Sql; different: Sql } {
  return dialect === 'sqlite'
    ? { equal: raw('is'), different: raw('is not') }
    : { equal: raw('is not distinct from'), different: raw('is distinct from') };
}

/** Texts sort by code point everywhere, whatever the collation of the database. */
export function ordered(dialect: Dialect, value: Scalar): Sql {
  return dialect === 'postgres' && value.type === 'text' ? sql`${value.sql} collate "C"` : value.sql;
}

/** Brings a decimal or integer to a scale; on PostgreSQL numbers carry their own. */
export function scaled(dialect: Dialect, value: Scalar, scale: number): Scalar {
  if (dialect === 'postgres' || value.scale === scale) return { ...value, type: 'decimal', scale };
  const factor = 10 ** (scale - value.scale);
  return { ...value, type: 'decimal', scale, sql: sql`(${value.sql} * ${factor})` };
}

/** A decimal or integer as floating point. */
export function floating(dialect: Dialect, value: Scalar): Scalar {
  if (value.type === 'number') return value;
  if (dialect === 'postgres') return { ...value, type: 'number', scale: 0, sql: sql`(${value.sql})::double precision` };
  return { ...value, type: 'number', scale: 0, sql: sql`(${value.sql} / ${raw(`${10 ** value.scale}.0`)})` };
}

/** A condition as a value that is never null. */
export function truthValue(dialect: Dialect, condition: Sql): Sql {
  return dialect === 'sqlite' ? sql`case when ${condition} then 1 else 0 end` : sql`coalesce((${condition}), false)`;
}

/** Milliseconds since 1970 UTC of a datetime. */
export function milliseconds(dialect: Dialect, value: Sql): Sql {
  if (dialect === 'postgres') return sql`(extract(epoch from ${value}) * 1000)::bigint`;
  return sql`(unixepoch(${value}) * 1000 + cast(substr(${value}, 21, 3) as integer))`;
}

/** The datetime of milliseconds since 1970 UTC. */
export function fromMilliseconds(dialect: Dialect, value: Sql): Sql {
  if (dialect === 'postgres') return sql`to_timestamp((${value}) / 1000.0)`;
  return sql`strftime(${raw(ISO)}, (${value}) / 1000.0, 'unixepoch')`;
}
