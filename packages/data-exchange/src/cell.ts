import type { AttributeDescription } from '@caruso/business-objects/contract';
import { DateTime } from 'luxon';

/** How texts of a file are meant. */
export interface CellSetting {
  /** The sign before the decimals. */
  decimal: '.' | ',';
  /** IANA time zone of times that name none. */
  timezone: string;
  /** Of dates that are not written YYYY-MM-DD (Unicode TR 35), as in dd-MM-yyyy. */
  format?: string | undefined;
}

/** A value of the wire, or why the cell holds none, as the end of a sentence about its column. */
export type CellValue = { value: unknown } | { wrong: string };

/** What business objects give in place of a sensitive value. */
export const MASK = '***';

const YES = new Set(['true', 'yes', 'y', '1', 'ja', 'j', 'waar', 'wahr', 'oui', 'vrai', 'x']);
const NO = new Set(['false', 'no', 'n', '0', 'nee', 'onwaar', 'nein', 'falsch', 'non', 'faux', '']);

/**
 * A cell of a file as a value of an attribute. An empty cell is null. Whether the value holds is told by the model; here only whether
 * it is a value of its type at all. Pure.
 */
export function readCell(attribute: AttributeDescription, cell: unknown, setting: CellSetting): CellValue {
  const given = typeof cell === 'string' ? unescaped(cell.trim()) : cell;
  if (given === null || given === undefined || given === '') return { value: null };
  // The mask of a sensitive value comes back as it went: it changes nothing.
  if (attribute.sensitive === true && given === MASK) return { value: given };
  switch (attribute.type) {
    case 'integer':
      return whole(given, setting);
    case 'number':
      return number(given, setting);
    case 'decimal': {
      const text = decimalText(given, setting);
      return text === undefined ? { wrong: `'${show(given)}' is no number` } : { value: text };
    }
    case 'money':
      return money(attribute, given, setting);
    case 'boolean': {
      const word = String(given).toLowerCase();
      if (YES.has(word)) return { value: true };
      return NO.has(word) ? { value: false } : { wrong: `'${show(given)}' is neither yes nor no` };
    }
    case 'date':
      return date(given, setting);
    case 'datetime':
      return time(given, setting);
    case 'one of': {
      const word = String(given).toLowerCase();
      return { value: attribute.values?.find((value) => value.toLowerCase() === word) ?? String(given) };
    }
    case 'tags':
      return { value: Array.isArray(given) ? given : String(given).split(/[,;]/) };
    case 'json':
      return json(given);
    default:
      return typeof given === 'object' ? { wrong: 'holds more than one value' } : { value: String(given) };
  }
}

/** Takes off the sign that keeps a spreadsheet from computing a text, as our own exports have it. */
function unescaped(text: string): string {
  return /^''?[=+\-@\t\r]/.test(text) ? text.slice(1) : text;
}

function show(value: unknown): string {
  return String(typeof value === 'object' ? JSON.stringify(value) : value).slice(0, 40);
}

/** `1.234,50` and `1,234.50` as `1234.50`; groups of three, a sign in front. */
function decimalText(given: unknown, { decimal }: CellSetting): string | undefined {
  if (typeof given === 'number') return Number.isFinite(given) ? plainNumber(given) : undefined;
  const text = String(given).replaceAll(/[\s\u00a0\u202f]/g, '');
  const group = decimal === ',' ? '\\.' : ',';
  const shape = new RegExp(`^([+-]?)(\\d{1,3}(?:${group}\\d{3})+|\\d+)(?:\\${decimal}(\\d+))?$`);
  const [, sign = '', digits, fraction] = shape.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const integer = digits.replaceAll(/[.,]/g, '');
  return `${sign === '-' ? '-' : ''}${integer}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** Without an exponent. */
function plainNumber(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(12).replace(/\.?0+$/, '') : text;
}

function whole(given: unknown, setting: CellSetting): CellValue {
  const text = decimalText(given, setting)?.replace(/\.0+$/, '');
  if (text === undefined || !/^-?\d+$/.test(text)) return { wrong: `'${show(given)}' is no whole number` };
  const value = Number(text);
  return { value: Number.isSafeInteger(value) ? value : text };
}

function number(given: unknown, setting: CellSetting): CellValue {
  const text = decimalText(given, setting);
  if (text !== undefined) return { value: Number(text) };
  const loose = Number(given);
  return Number.isFinite(loose) ? { value: loose } : { wrong: `'${show(given)}' is no number` };
}

function money(attribute: AttributeDescription, given: unknown, setting: CellSetting): CellValue {
  if (typeof given === 'object' && given !== null && 'amount' in given) return { value: given };
  const text = String(given);
  const symbol = Object.entries(SYMBOLS).find(([sign]) => text.includes(sign));
  const code = /\b[A-Z]{3}\b/.exec(text)?.[0];
  const currency = code ?? symbol?.[1] ?? attribute.currency;
  const bare = typeof given === 'number' ? given : text.replaceAll(/[A-Z]{3}|[€$£¥]/g, '');
  const amount = decimalText(bare, setting);
  if (amount === undefined) return { wrong: `'${show(given)}' is no amount of money` };
  return currency === undefined ? { wrong: `'${show(given)}' has no currency` } : { value: { amount, currency } };
}

const SYMBOLS: Readonly<Record<string, string>> = { '€': 'EUR', $: 'USD', '£': 'GBP', '¥': 'JPY' };

function date(given: unknown, { format }: CellSetting): CellValue {
  // Spreadsheets hold days as midnight in UTC.
  if (given instanceof Date)
    return Number.isNaN(given.getTime()) ? { wrong: 'is no day' } : { value: given.toISOString().slice(0, 10) };
  const text = String(given);
  const day =
    format === undefined
      ? DateTime.fromISO(text, { zone: 'utc', setZone: true })
      : DateTime.fromFormat(text, format, { zone: 'utc' });
  if (day.isValid) return { value: day.toISODate() };
  return { wrong: `'${show(given)}' is no day${format === undefined ? ', YYYY-MM-DD' : ` written ${format}`}` };
}

function time(given: unknown, { format, timezone }: CellSetting): CellValue {
  if (given instanceof Date) {
    // What a spreadsheet shows is meant locally, and read as if it were UTC.
    const local = DateTime.fromJSDate(given, { zone: 'utc' }).setZone(timezone, { keepLocalTime: true });
    return local.isValid ? { value: local.toUTC().toISO() } : { wrong: 'is no time' };
  }
  const text = String(given).replace(/^(\d{4}-\d{2}-\d{2}) (\d)/, '$1T$2');
  const moment =
    format === undefined
      ? DateTime.fromISO(text, { zone: timezone })
      : DateTime.fromFormat(text, format, { zone: timezone });
  if (moment.isValid) return { value: moment.toUTC().toISO() };
  return { wrong: `'${show(given)}' is no time${format === undefined ? ', 2026-01-31 09:00' : ` written ${format}`}` };
}

function json(given: unknown): CellValue {
  if (typeof given !== 'string') return { value: given };
  try {
    return { value: JSON.parse(given) as unknown };
  } catch {
    return { wrong: `'${show(given)}' is no JSON` };
  }
}

/**
 * A value of the wire as a cell of a file that {@link readCell} reads back. Texts that a spreadsheet would take for a formula get an
 * apostrophe in front (OWASP, CSV injection).
 */
export function writeCell(
  attribute: AttributeDescription,
  value: unknown,
  { decimal }: Pick<CellSetting, 'decimal'>,
): string {
  if (value === null || value === undefined) return '';
  if (attribute.sensitive === true && value === MASK) return MASK;
  const point = (text: string) => (decimal === ',' ? text.replace('.', ',') : text);
  switch (attribute.type) {
    case 'integer':
    case 'date':
    case 'datetime':
    case 'boolean':
      return String(value);
    case 'number':
    case 'decimal':
      return point(typeof value === 'number' ? plainNumber(value) : String(value));
    case 'money': {
      const { amount, currency } = value as { amount: string; currency: string };
      return currency === attribute.currency ? point(amount) : `${point(amount)} ${currency}`;
    }
    case 'tags':
      return escaped(Array.isArray(value) ? value.join(', ') : String(value));
    case 'json':
      return escaped(JSON.stringify(value));
    default:
      return escaped(typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
}

/** A text as a cell that no spreadsheet computes. */
export function escaped(text: string): string {
  // A text that begins like one of ours was escaped would lose its apostrophe when it is read back.
  return /^'?[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
