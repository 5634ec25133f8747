import type { Dialect } from '@caruso/storage-manager/contract';
import { Decimal } from 'decimal.js';
import { parameterInvalid } from './errors.js';
import type { SqlType } from './sql-value.js';

/** Checks a value that comes with a call against the type it is used as, and gives the form the database compares. */
export function encodeOpen(name: string, type: SqlType, dialect: Dialect, scale: number): (value: unknown) => unknown {
  return (value) => {
    if (value === null || value === undefined) return null;
    const encoded = encodeAs(type, dialect, scale, value);
    if (encoded === undefined) throw parameterInvalid(name, `should be ${type}, but is ${describe(value)}`);
    return encoded;
  };
}

/** The stored form of a value of a type; undefined where it is not of the type. */
export function encodeAs(type: SqlType, dialect: Dialect, scale: number, value: unknown): unknown {
  switch (type) {
    case 'text':
      if (typeof value === 'number' || typeof value === 'bigint') return String(value);
      return typeof value === 'string' && !value.includes('\0') ? value : undefined;
    case 'integer':
    case 'duration':
      return integer(value);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : decimal(value)?.toNumber();
    case 'decimal': {
      const exact = decimal(value);
      if (exact === undefined || dialect === 'postgres') return exact?.toFixed();
      const units = exact.times(new Decimal(10).pow(scale));
      // Between two units no stored value lies, so floating point orders it rightly.
      return units.isInteger() && units.abs().lt(MOST) ? BigInt(units.toFixed()) : units.toNumber();
    }
    case 'boolean':
      if (typeof value !== 'boolean') return undefined;
      return dialect === 'sqlite' ? Number(value) : value;
    case 'date':
      return typeof value === 'string' && isDay(value) ? value : undefined;
    case 'datetime':
      return instant(value);
  }
}

const MOST = new Decimal(2).pow(63);

function integer(value: unknown): number | bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
  if (typeof value === 'bigint') return value;
  if (typeof value !== 'string' || !/^-?\d{1,19}$/.test(value)) return undefined;
  const whole = BigInt(value);
  return BigInt.asIntN(64, whole) === whole ? whole : undefined;
}

function decimal(value: unknown): Decimal | undefined {
  if (typeof value === 'bigint') return new Decimal(value.toString());
  if (typeof value === 'number') return Number.isFinite(value) ? new Decimal(value) : undefined;
  return typeof value === 'string' && /^-?\d{1,40}(?:\.\d{1,40})?$/.test(value) ? new Decimal(value) : undefined;
}

/** Whether text is a day of the calendar, YYYY-MM-DD. */
export function isDay(text: string): boolean {
  if (!/^(?!0000)\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** ISO text with a zone as ISO UTC with milliseconds; undefined where it is none. */
export function instant(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const match = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/.exec(value);
  if (match === null || !isDay(match[1] ?? '')) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

function describe(value: unknown): string {
  return typeof value === 'string' ? `'${value.slice(0, 40)}'` : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
