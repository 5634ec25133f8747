import { legacyDateSql } from './date-format.js';
import type { SqlDialect } from './dialect.js';
import type { Column } from './model.js';
import { identifier, raw, sql } from './sql.js';
import type { SqlType } from './sql-value.js';
import { decimalOfScale } from './units.js';

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

const UUID = "'^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'";

/** PostgreSQL: bound values have to be told their types; case by the rules of Unicode needs its ICU collation. */
export const postgres: SqlDialect = {
  name: 'postgres',
  legacy,
  trimmed: (name) => `trim(cast(${name} as text))`,
  withoutZeros: (text) => `ltrim(${text}, '0')`,
  isoDate: (text) => `(${text})::date`,
  looseIndexes: false,
  typed: (type, value) => sql`${value}::${raw(CASTS[type])}`,
  boolean: (value) => value,
  decimal: (exact) => exact.toFixed(),
  instant: (iso) => iso,
  wireDecimal: decimalOfScale,
  equal: (left, right) => sql`${left} is not distinct from ${right}`,
  different: (left, right) => sql`${left} is distinct from ${right}`,
  ordered: (value) => (value.type === 'text' ? sql`${value.sql} collate "C"` : value.sql),
  nullsLast: (value, direction) => sql`${value} ${raw(direction)} nulls last`,
  scaled: (value, scale) => ({ ...value, type: 'decimal', scale }),
  floating: (value) => sql`(${value.sql})::double precision`,
  rounded: (value, places) => sql`round(${value.sql}, ${places})`,
  // It sums bigints as numeric.
  wholeSum: (total) => sql`${total}::bigint`,
  truthValue: (condition) => sql`coalesce((${condition}), false)`,
  truth: (value) => value,
  truthLiteral: (value) => raw(String(value)),
  milliseconds: (value) => sql`(extract(epoch from ${value}) * 1000)::bigint`,
  fromMilliseconds: (value) => sql`to_timestamp((${value}) / 1000.0)`,
  betweenDates: (left, right) => sql`(${left} - ${right})::bigint * 86400000`,
  shiftedDate: (date, days) => sql`(${date} + (${days}))`,
  datePart: (part, date) => sql`extract(${raw(part)} from ${date})::bigint`,
  length: (text) => sql`char_length(${text})`,
  cased: (direction, text) => sql`${raw(direction)}(${text} collate "und-x-icu")`,
  like: (subject, pattern) => sql`lower(${subject} collate "und-x-icu") like ${pattern}::text`,
  hasWords: (alias, _, column, query) =>
    sql`to_tsvector('simple', ${raw(`${alias}.${identifier(column)}`)}) @@ to_tsquery('simple', ${query}::text)`,
  wordQuery: (terms) =>
    terms
      .map(({ words, phrase }) =>
        phrase ? words.map((word) => `'${word}'`).join(' <-> ') : words.map((word) => `'${word}':*`).join(' & '),
      )
      .map((part) => `(${part})`)
      .join(' & '),
  contains: (whole, part) => sql`strpos(${whole}, ${part}) > 0`,
  startsWith: (whole, part) => sql`starts_with(${whole}, ${part})`,
  endsWith: (whole, part) => sql`right(${whole}, char_length(${part})) = ${part}`,
  // What is no uuid would be an error, not a row less.
  uuid: (text) => sql`case when ${text} ~* ${raw(UUID)} then (${text})::uuid end`,
  lockRows: ' for update of t0',
};

function legacy(column: Column, name: string): string {
  switch (column.type) {
    case 'decimal':
      return `round(${name}::numeric, ${column.scale ?? 0})`;
    case 'date':
      return column.format === undefined ? `${name}::date` : legacyDateSql(column.format, name, postgres);
    case 'datetime':
      // The epoch of a timestamp without zone is taken as UTC, of one with a zone as it is: both become the same type.
      return `date_trunc('milliseconds', to_timestamp(extract(epoch from ${name})))`;
    case 'text':
      // Enumerations, uuids and fixed lengths are compared, ordered and searched as the text they are read as.
      return `${name}::text`;
    default:
      return name;
  }
}
