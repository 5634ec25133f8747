import type { SqlDialect } from './dialect.js';
import type { DateFormat } from './model-file.js';

/** Where year, month and day stand in each legacy form of a date: offsets into its text. */
const PLACES: Readonly<
  Record<DateFormat, { year: number; month: number; day: number; length: number; separator: string }>
> = {
  yyyymmdd: { year: 0, month: 4, day: 6, length: 8, separator: '' },
  'dd-mm-yyyy': { year: 6, month: 3, day: 0, length: 10, separator: '-' },
  'dd.mm.yyyy': { year: 6, month: 3, day: 0, length: 10, separator: '.' },
  'dd/mm/yyyy': { year: 6, month: 3, day: 0, length: 10, separator: '/' },
  'mm/dd/yyyy': { year: 6, month: 0, day: 3, length: 10, separator: '/' },
};

/** A legacy date as YYYY-MM-DD; null for null, blanks and zeros, the text itself where it is none. */
export function readLegacyDate(format: DateFormat, stored: unknown): unknown {
  if (stored === null || stored === undefined) return null;
  const text = String(stored).trim();
  if (text === '' || /^0+$/.test(text)) return null;
  const { year, month, day, length } = PLACES[format];
  const iso = `${text.slice(year, year + 4)}-${text.slice(month, month + 2)}-${text.slice(day, day + 2)}`;
  return text.length === length && /^\d{4}-\d\d-\d\d$/.test(iso) ? iso : text;
}

/** YYYY-MM-DD in a legacy form. */
export function writeLegacyDate(format: DateFormat, date: string): string {
  const [year = '', month = '', day = ''] = date.split('-');
  const { separator } = PLACES[format];
  if (format === 'yyyymmdd') return year + month + day;
  return (format === 'mm/dd/yyyy' ? [month, day, year] : [day, month, year]).join(separator);
}

/** SQL that gives the date of a legacy date's column, null where there is none. */
export function legacyDateSql(format: DateFormat, column: string, dialect: SqlDialect): string {
  const { year, month, day } = PLACES[format];
  const text = dialect.trimmed(column);
  const part = (from: number, length: number) => `substr(${text}, ${from + 1}, ${length})`;
  const iso = `${part(year, 4)} || '-' || ${part(month, 2)} || '-' || ${part(day, 2)}`;
  return dialect.isoDate(`case when ${text} = '' or ${dialect.withoutZeros(text)} = '' then null else ${iso} end`);
}
