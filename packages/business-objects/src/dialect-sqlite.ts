import { legacyDateSql } from './date-format.js';
import type { SqlDialect } from './dialect.js';
import type { Column } from './model.js';
import { identifier, raw, sql } from './sql.js';
import { unitsToDecimal } from './units.js';

const ISO = "'%Y-%m-%dT%H:%M:%fZ'";
const MOST = 2 ** 63;

/** SQLite: what it lacks of the language's texts are functions of ours (see storage-manager/src/sqlite-functions.ts). */
export const sqlite: SqlDialect = {
  name: 'sqlite',
  legacy,
  trimmed: (name) => `trim(cast(${name} as text))`,
  withoutZeros: (text) => `ltrim(${text}, '0')`,
  isoDate: (text) => `(${text})`,
  looseIndexes: false,
  typed: (_, value) => value,
  boolean: Number,
  decimal(exact, scale) {
    const units = exact.times(10 ** scale);
    // Between two units no stored value lies, so floating point orders it rightly.
    return units.isInteger() && units.abs().lt(MOST) ? BigInt(units.toFixed()) : units.toNumber();
  },
  instant: (iso) => iso,
  wireDecimal: unitsToDecimal,
  equal: (left, right) => sql`${left} is ${right}`,
  different: (left, right) => sql`${left} is not ${right}`,
  ordered: (value) => value.sql,
  nullsLast: (value, direction) => sql`${value} ${raw(direction)} nulls last`,
  scaled(value, scale) {
    if (value.scale === scale) return { ...value, type: 'decimal', scale };
    return { ...value, type: 'decimal', scale, sql: sql`(${value.sql} * ${10 ** (scale - value.scale)})` };
  },
  floating: (value) => sql`(${value.sql} / ${raw(`${10 ** value.scale}.0`)})`,
  rounded(value, places) {
    const unit = 10 ** (value.scale - places);
    const half = unit / 2;
    return sql`case when ${value.sql} < 0 then -((${half} - ${value.sql}) / ${unit}) else (${value.sql} + ${half}) / ${unit} end`;
  },
  wholeSum: (total) => total,
  truthValue: (condition) => sql`case when ${condition} then 1 else 0 end`,
  truth: (value) => sql`${value} = 1`,
  truthLiteral: (value) => raw(value ? '1' : '0'),
  milliseconds: (value) => sql`(unixepoch(${value}) * 1000 + cast(substr(${value}, 21, 3) as integer))`,
  fromMilliseconds: (value) => sql`strftime(${raw(ISO)}, (${value}) / 1000.0, 'unixepoch')`,
  betweenDates: (left, right) => sql`(unixepoch(${left}) - unixepoch(${right})) * 1000`,
  shiftedDate: (date, days) => sql`date(${date}, '${raw(String(days))} days')`,
  datePart(part, date) {
    const [from, length] = ({ year: [1, 4], month: [6, 2], day: [9, 2] } as const)[part];
    return sql`cast(substr(${date}, ${from}, ${length}) as integer)`;
  },
  length: (text) => sql`length(${text})`,
  cased: (direction, text) => sql`caruso_${raw(direction)}(${text})`,
  like: (subject, pattern) => sql`caruso_like(${subject}, ${pattern}) = 1`,
  hasWords: (alias, table, _, query) => {
    const index = raw(identifier(`${table}_words`));
    return sql`${raw(alias)}.caruso_row in (select rowid from ${index} where ${index} match ${query})`;
  },
  wordQuery: (terms) =>
    terms
      .flatMap(({ words, phrase }) => (phrase ? [`"${words.join(' ')}"`] : words.map((word) => `"${word}" *`)))
      .join(' AND '),
  contains: (whole, part) => sql`instr(${whole}, ${part}) > 0`,
  startsWith: (whole, part) => sql`substr(${whole}, 1, length(${part})) = ${part}`,
  endsWith: (whole, part) =>
    sql`(length(${whole}) >= length(${part}) and substr(${whole}, length(${whole}) - length(${part}) + 1) = ${part})`,
  lockRows: '',
};

function legacy(column: Column, name: string): string {
  switch (column.type) {
    case 'decimal':
      return `cast(round(${name} * ${10 ** (column.scale ?? 0)}) as integer)`;
    case 'date':
      return column.format === undefined ? `substr(${name}, 1, 10)` : legacyDateSql(column.format, name, sqlite);
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
