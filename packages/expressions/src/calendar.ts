import { DateTime } from 'luxon';
import { DAY } from './duration.js';
import { ExpressionError, valueError } from './errors.js';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATETIME = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;
const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const EARLIEST = Date.parse('0001-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

/** Whether text is a day of the calendar, 'YYYY-MM-DD'. */
export function isDate(text: string): boolean {
  const match = DATE.exec(text);
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const last = month === 2 && leap ? 29 : (MONTHS[month - 1] ?? 0);
  return year >= 1 && day >= 1 && day <= last;
}

/** The instant of ISO text with a zone or of a Date, in milliseconds since 1970 UTC; undefined when it is none. */
export function parseDatetime(value: unknown): number | undefined {
  if (value instanceof Date) return inRange(Date.prototype.getTime.call(value));
  if (typeof value !== 'string') return undefined;
  const match = DATETIME.exec(value);
  return match !== null && isDate(match[1] ?? '') ? inRange(Date.parse(value)) : undefined;
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

interface LocalDay {
  readonly zone: string;
  readonly from: number;
  readonly to: number;
  readonly date: string;
}
let lastDay: LocalDay | undefined;

/** The day an instant falls on in a time zone. The last answer is kept: time-zone arithmetic is the dearest part of a condition. */
export function localDate(instant: number, zone: string): string {
  if (lastDay?.zone === zone && instant >= lastDay.from && instant < lastDay.to) return lastDay.date;
  // luxon's names for the machine's own zone would make the answer depend on where it runs
  const named = zone !== '' && zone !== 'system' && zone !== 'local' && zone !== 'default';
  const local = DateTime.fromMillis(instant, { zone: named ? zone : 'invalid' });
  const date = local.toISODate();
  if (date === null || !isDate(date)) {
    const remedy = "give an IANA time zone such as 'Europe/Amsterdam' and a valid time";
    throw new ExpressionError('EXPRESSION_VALUE', `no local day for ${instant} in time zone '${zone}'`, remedy);
  }
  const start = local.startOf('day');
  lastDay = { zone, from: start.toMillis(), to: start.plus({ days: 1 }).startOf('day').toMillis(), date };
  return date;
}
