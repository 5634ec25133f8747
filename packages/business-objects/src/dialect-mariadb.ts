import { legacyDateSql } from './date-format.js';
import type { SqlDialect } from './dialect.js';
import type { Column } from './model.js';
import { identifier, raw, type Sql, sql } from './sql.js';
import { decimalOfScale } from './units.js';

/** By code point; also of the connection, so that bound values and literals have it too. */
const EXACT = raw('collate utf8mb4_nopad_bin');
/** Knows the case of all letters that have one of a single character. */
const CASING = raw('collate utf8mb4_unicode_520_nopad_ci');

const exact = (text: Sql): Sql => sql`(${text} ${EXACT})`;
/** As in the middle of a word, where the language has two small letters. */
const lower = (text: Sql): Sql => sql`replace(${exact(sql`lower(${text} ${CASING})`)}, 'ς', 'σ')`;

/**
 * MariaDB, with the modes and the collation that the adapter sets. It changes the case of single characters; of the few that become two
 * (`ß` is `SS`) the commonest is told to it here.
 */
export const mariadb: SqlDialect = {
  name: 'mariadb',
  legacy,
  trimmed: (name) => `trim(cast(${name} as char))`,
  withoutZeros: (text) => `trim(leading '0' from ${text})`,
  isoDate: (text) => `cast(${text} as date)`,
  looseIndexes: true,
  narrowed: (text, { charset, collation }) => sql`(convert(${text} using ${raw(charset)}) collate ${raw(collation)})`,
  typed(type, value) {
    switch (type) {
      // Literals with a point would be decimals, and texts beside decimals floating point.
      case 'number':
        return sql`cast(${value} as double)`;
      case 'decimal':
        return sql`cast(${value} as decimal(65, 30))`;
      case 'date':
        return sql`cast(${value} as date)`;
      case 'datetime':
        return sql`cast(${value} as datetime(3))`;
      default:
        return value;
    }
  },
  boolean: Number,
  decimal: (given) => given.toFixed(),
  instant: (iso) => iso.replace('T', ' ').replace(/Z$/, ''),
  wireDecimal: decimalOfScale,
  equal: (left, right) => sql`${left} <=> ${right}`,
  different: (left, right) => sql`not (${left} <=> ${right})`,
  ordered: (value) => value.sql,
  nullsLast: (value, direction) => sql`${value} is null, ${value} ${raw(direction)}`,
  scaled: (value, scale) => ({ ...value, type: 'decimal', scale }),
  floating: (value) => sql`cast(${value.sql} as double)`,
  rounded: (value, places) => sql`round(${value.sql}, ${places})`,
  // It sums bigints as decimals.
  wholeSum: (total) => sql`cast(${total} as signed)`,
  truthValue: (condition) => sql`case when ${condition} then 1 else 0 end`,
  truth: (value) => sql`${value} = 1`,
  truthLiteral: (value) => raw(value ? '1' : '0'),
  milliseconds: (value) => sql`(timestampdiff(microsecond, '1970-01-01', ${value}) div 1000)`,
  fromMilliseconds: (value) => sql`cast(timestampadd(microsecond, (${value}) * 1000, '1970-01-01') as datetime(3))`,
  betweenDates: (left, right) => sql`datediff(${left}, ${right}) * 86400000`,
  shiftedDate: (date, days) => sql`(${date} + interval ${days} day)`,
  datePart: (part, date) => sql`extract(${raw(part)} from ${date})`,
  length: (text) => sql`char_length(${text})`,
  cased: (direction, text) =>
    direction === 'lower'
      ? exact(sql`lower(${text} ${CASING})`)
      : exact(sql`upper(replace(${exact(text)}, 'ß', 'SS') ${CASING})`),
  like: (subject, pattern) => sql`${lower(subject)} like replace(${pattern}, 'ς', 'σ')`,
  hasWords: (alias, _, column, query) =>
    sql`match (${raw(`${alias}.${identifier(column)}`)}) against (${query} in boolean mode)`,
  wordQuery: (terms) =>
    terms
      .flatMap(({ words, phrase }) => (phrase ? [`+"${words.join(' ')}"`] : words.map((word) => `+${word}*`)))
      .join(' '),
  contains: (whole, part) => sql`locate(${part}, ${whole}) > 0`,
  startsWith: (whole, part) => sql`left(${whole}, char_length(${part})) = ${part}`,
  endsWith: (whole, part) => sql`right(${whole}, char_length(${part})) = ${part}`,
  lockRows: ' for update',
};

function legacy(column: Column, name: string): string {
  switch (column.type) {
    case 'text':
      // Legacy texts are commonly compared without case and without blanks at the end; we compare them as they are.
      return `(convert(${name} using utf8mb4) ${EXACT.text})`;
    case 'decimal':
      return `cast(${name} as decimal(65, ${column.scale ?? 0}))`;
    case 'number':
      return `cast(${name} as double)`;
    case 'date':
      return column.format === undefined ? `cast(${name} as date)` : legacyDateSql(column.format, name, mariadb);
    case 'datetime':
      return `cast(${name} as datetime(3))`;
    case 'boolean':
      // A bit is the character of its number.
      return `case when ${name} is null then null when lower(trim(cast(${name} as char))) in ('1', '-1', 't', 'true', 'y', 'yes', 'j', char(1)) then 1 else 0 end`;
    default:
      return name;
  }
}
