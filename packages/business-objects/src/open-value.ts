import { Decimal } from 'decimal.js';
import type { SqlDialect } from './dialect.js';
import { parameterInvalid } from './errors.js';
import type { SqlType } from './sql-value.js';

/** Checks a value that comes with a call against the type it is used as, and gives the form the database compares. */
export function encodeOpen(
  name: string,
  type: SqlType,
  dialect: SqlDialect,
  scale: number,
): (value: unknown) => unknown {
  return (value) => {
    if (value === null || value === undefined) return null;
    const encoded = encodeAs(type, dialect, scale, value);
    if (encoded === undefined) throw parameterInvalid(name, `should be ${type}, but is ${describe(value)}`);
    return encoded;
  };
}

/** The stored form of a value of a type; undefined where it is not of the type. */
export function encodeAs(type: SqlType, dialect: SqlDialect, scale: number, value: unknown): unknown {
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
      return exact === undefined ? undefined : dialect.decimal(exact, scale);
    }
    case 'boolean':
      return typeof value === 'boolean' ? dialect.boolean(value) : undefined;
    case 'date':
      return typeof value === 'string' && isDay(value) ? value : undefined;
    case 'datetime': {
      const iso = instant(value);
      return iso === undefined ? undefined : dialect.instant(iso);
    }
  }
}

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
