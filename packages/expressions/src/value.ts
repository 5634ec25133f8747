import { formatDatetime, isDate, parseDatetime } from './calendar.js';
import { type Decimal, formatDecimal, parseDecimal } from './decimal.js';
import { formatDuration } from './duration.js';
import { valueError } from './errors.js';
import { parseInteger } from './integer.js';
import { isList, isNumeric, isObject, sameType, typeName, type ValueType } from './value-type.js';

/*
 * Two forms of a value. On the wire: plain data, as callers pass in and get out. Inside: decimals are Decimal, datetimes
 * are milliseconds; everything else is as on the wire, so are the elements of lists and whatever has the type any.
 */

/** An own property of plain data, else null: nothing inherited is reachable and no accessor is ever run. */
export function readOwn(target: unknown, name: string): unknown {
  if (typeof target !== 'object' || target === null) return null;
  return Object.getOwnPropertyDescriptor(target, name)?.value ?? null;
}

/** The inside form of a wire value, undefined when it is not of the type. Null and undefined are read as null. */
export function read(type: ValueType, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'text':
      return typeof value === 'string' ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'integer':
      return parseInteger(value);
    case 'number':
      if (typeof value === 'bigint') return Number(value);
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
    case 'duration':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
    case 'decimal':
      return parseDecimal(value);
    case 'date':
      return typeof value === 'string' && isDate(value) ? value : undefined;
    case 'datetime':
      return parseDatetime(value);
    case 'money':
      return readMoney(value) === undefined ? undefined : value;
    case 'any':
      return typeof value === 'function' || typeof value === 'symbol' ? undefined : value;
    case 'null':
      return undefined;
  }
  if (isList(type)) return Array.isArray(value) ? value : undefined;
  return typeof value === 'object' && !Array.isArray(value) ? value : undefined;
}

/** As {@link read}; throws an error that names the place when the value is not of the type. */
export function readAs(type: ValueType, value: unknown, place: string): unknown {
  const inside = read(type, value);
  if (inside !== undefined) return inside;
  throw valueError(`${place} should be ${typeName(type)} but is ${describe(value)}`, expected(type));
}

/** The wire form of an inside value. */
export function write(type: ValueType, value: unknown): unknown {
  if (value === null) return null;
  if (type === 'decimal') return formatDecimal(value as Decimal);
  if (type === 'datetime') return formatDatetime(value as number);
  return value;
}

/** Turns inside values of one type into those of another that it fits, or undefined when they are the same. */
export function caster(from: ValueType, to: ValueType, place: string): ((value: unknown) => unknown) | undefined {
  if (sameType(from, to) || from === 'null') return undefined;
  if (to === 'any') return from === 'decimal' || from === 'datetime' ? (value) => write(from, value) : undefined;
  if (from === 'any') return (value) => readAs(to, value, place);
  if (isNumeric(from) && to === 'number') return (value) => (value === null ? null : Number(value));
  if (isNumeric(from) && to === 'decimal') return (value) => readAs('decimal', value, place);
  if (isList(from) && isList(to)) {
    const cast = caster(from.list, to.list, place);
    if (cast === undefined) return undefined;
    const { list: source } = from;
    const { list: target } = to;
    const element = (item: unknown) => write(target, cast(readAs(source, item, place)));
    return (value) => (Array.isArray(value) ? value.map(element) : value);
  }
  return undefined;
}

export interface Money {
  readonly amount: Decimal;
  readonly currency: string;
}

export function readMoney(value: unknown): Money | undefined {
  const amount = parseDecimal(readOwn(value, 'amount'));
  const currency = readOwn(value, 'currency');
  return amount !== undefined && typeof currency === 'string' ? { amount, currency } : undefined;
}

/** The type a raw value of type any has, read in the light of what it meets: '2026-01-31' is a date beside a date. */
export function typeOfRaw(value: unknown, beside: ValueType): ValueType {
  if (value === null || value === undefined) return 'null';
  if (!isNumeric(beside) && beside !== 'any' && read(beside, value) !== undefined) return beside;
  if (typeof value === 'string') return beside === 'decimal' && parseDecimal(value) !== undefined ? 'decimal' : 'text';
  if (typeof value === 'boolean') return 'boolean';
  if (parseInteger(value) !== undefined) return 'integer';
  if (typeof value === 'number' && Number.isFinite(value)) return 'number';
  if (Array.isArray(value)) return { list: 'any' };
  if (readMoney(value) !== undefined) return 'money';
  return { object: 'object' };
}

/** Text of an inside value, as text() gives it. */
export function display(type: ValueType, value: unknown): string | null {
  if (value === null) return null;
  if (type === 'any') {
    const raw = typeOfRaw(value, 'any');
    return display(raw, read(raw, value) ?? null);
  }
  if (type === 'duration') return formatDuration(value as number);
  if (type === 'money') {
    const money = readMoney(value);
    return money === undefined ? null : `${formatDecimal(money.amount)} ${money.currency}`;
  }
  if (isList(type) || isObject(type))
    throw valueError(`text() cannot show ${typeName(type)}`, 'name one attribute of it');
  return String(write(type, value));
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return `text '${value.length > 30 ? `${value.slice(0, 27)}...` : value}'`;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return `${typeof value} ${value}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return value instanceof Date ? 'a Date' : `a ${typeof value}`;
}

function expected(type: ValueType): string {
  switch (type) {
    case 'decimal':
      return "pass a decimal as text such as '12.50', of at most 400 digits on either side of the point";
    case 'integer':
      return 'pass a whole number (a bigint when unsafe) of at most 64 bits';
    case 'date':
      return "pass a day of the calendar as 'YYYY-MM-DD'";
    case 'datetime':
      return "pass ISO text in UTC such as '2026-01-31T09:00:00.000Z'";
    case 'duration':
      return 'pass milliseconds as a number';
    case 'money':
      return "pass { amount: '12.50', currency: 'EUR' }";
    default:
      return `pass ${typeName(type)} or null, or correct the type in the schema`;
  }
}
