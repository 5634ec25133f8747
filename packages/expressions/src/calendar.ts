import { IANAZone } from 'luxon';
import { DAY } from './duration.js';
import { ExpressionError, valueError } from './errors.js';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATETIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d{2}):(\d{2}))$/;
const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const EARLIEST = Date.parse('0001-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

/** Whether text is a day of the calendar, 'YYYY-MM-DD'. */
export function isDate(text: string): boolean {
  const match = DATE.exec(text);
  return match !== null && isDay(Number(match[1]), Number(match[2]), Number(match[3]));
}

function isDay(year: number, month: number, day: number): boolean {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const last = month === 2 && leap ? 29 : (MONTHS[month - 1] ?? 0);
  return year >= 1 && day >= 1 && day <= last;
}

/** The instant of ISO text with a zone or of a Date, in milliseconds since 1970 UTC; undefined when it is none. */
export function parseDatetime(value: unknown): number | undefined {
  if (typeof value !== 'string') return value instanceof Date ? inRange(Date.prototype.getTime.call(value)) : undefined;
  if (value.length === 24 && value.endsWith('Z')) return parseCanonical(value);
  const match = DATETIME.exec(value);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const [hour, minute, second] = [Number(match[4]), Number(match[5]), Number(match[6] ?? 0)];
  const [offsetHour, offsetMinute] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  if (!isDay(year, month, day) || hour > 23 || minute > 59 || second > 59) return undefined;
  if (offsetHour > 18 || offsetMinute > 59) return undefined;
  const millisecond = match[7] === undefined ? 0 : Number(match[7].padEnd(3, '0').slice(0, 3));
  const offset = (offsetHour * 60 + offsetMinute) * (match[8] === '-' ? -60_000 : 60_000);
  return inRange(dayStart(year, month, day) + ((hour * 60 + minute) * 60 + second) * 1000 + millisecond - offset);
}

/** '2026-01-31T09:00:00.000Z', the form on the wire, read digit by digit: a third of the cost of the pattern. */
function parseCanonical(text: string): number | undefined {
  const punctuated = text[4] === '-' && text[7] === '-' && text[10] === 'T' && text[13] === ':' && text[16] === ':';
  if (!punctuated || text[19] !== '.') return undefined;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const [month, day] = [twoDigits(text, 5), twoDigits(text, 8)];
  const [hour, minute, second] = [twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)];
  const millisecond = twoDigits(text, 20) * 10 + digit(text, 22);
  // not a number where there is no digit, which no comparison below lets through
  if (!isDay(year, month, day) || !(hour <= 23 && minute <= 59 && second <= 59 && millisecond <= 999)) return undefined;
  return dayStart(year, month, day) + ((hour * 60 + minute) * 60 + second) * 1000 + millisecond;
}

function twoDigits(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - 48;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}

/** Date.UTC reads the years 0 to 99 as 1900 to 1999; 400 years later the calendar is the same. */
function dayStart(year: number, month: number, day: number): number {
  return year > 99 ? Date.UTC(year, month - 1, day) : Date.UTC(year + 400, month - 1, day) - 146_097 * DAY;
}

function inRange(instant: number): number | undefined {
  return instant >= EARLIEST && instant <= LATEST ? instant : undefined;
}

/** ISO text in UTC with milliseconds. */
export function formatDatetime(instant: number): string {
  return new Date(instant).toISOString();
}

export function checkedInstant(instant: number): number {
  const whole = Math.round(instant);
  if (inRange(whole) !== undefined) return whole;
  throw valueError('a date or time leaves the years 1 to 9999', 'check the duration that is added to it');
}

/** Milliseconds from the first of two days to the second, 24 hours a day. */
export function daysBetween(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from);
}

export function addToDate(date: string, duration: number): string {
  if (duration % DAY !== 0) {
    const remedy = 'add whole days (3d), or use a datetime';
    throw valueError(`a duration of ${duration} ms is not a whole number of days`, remedy);
  }
  return formatDatetime(checkedInstant(Date.parse(date) + duration)).slice(0, 10);
}

const QUARTER = 900_000;
/** From here on every zone changes its offset on a quarter of an hour, so one offset holds for each quarter. */
const REGULAR = Date.UTC(1980, 0, 1);
const MOST_KEPT = 10_000;
const offsets = new Map<string, Map<number, number>>();

/** Minutes a zone is ahead of UTC. Kept by quarters of an hour, because asking costs more than the rest of a condition. */
function offsetAt(instant: number, zone: string): number {
  const quarter = Math.floor(instant / QUARTER);
  const kept = offsets.get(zone)?.get(quarter);
  if (kept !== undefined && instant >= REGULAR) return kept;
  const iana = IANAZone.isValidZone(zone) ? IANAZone.create(zone) : undefined;
  if (iana === undefined || !Number.isFinite(instant)) {
    const remedy = "give an IANA time zone such as 'Europe/Amsterdam' and a valid time";
    throw new ExpressionError('EXPRESSION_VALUE', `no local day for ${instant} in time zone '${zone}'`, remedy);
  }
  const offset = iana.offset(instant);
  if (offsets.size > 100) offsets.clear();
  const ofZone = offsets.get(zone) ?? new Map<number, number>();
  offsets.set(zone, ofZone);
  if (ofZone.size >= MOST_KEPT) ofZone.clear();
  ofZone.set(quarter, offset);
  return offset;
}

/** The day an instant falls on in a time zone. */
export function localDate(instant: number, zone: string): string {
  const local = new Date(checkedInstant(instant + offsetAt(instant, zone) * 60_000));
  const [year, month, day] = [local.getUTCFullYear(), local.getUTCMonth() + 1, local.getUTCDate()];
  return `${year > 999 ? '' : '0'.repeat(4 - String(year).length)}${year}-${month < 10 ? '0' : ''}${month}-${day < 10 ? '0' : ''}${day}`;
}
