import type { ColumnType, Dialect } from './contract.js';
import { decimalFromScaled, decimalText, plainDecimal, scaledFromDecimal } from './decimal.js';
import { valueNotStorable } from './errors.js';
import { mariadbInstant } from './mariadb-value.js';

/** What the codec must know of a column's database. */
export interface CodecTarget {
  dialect: Dialect;
  managed: boolean;
}

/** Digits behind the point of a managed decimal that names none. */
export const DEFAULT_SCALE = 2;

/**
 * A value of the wire as the database stores it. The same on every database: what one refuses (NUL in text), all refuse.
 * Throws VALUE_NOT_STORABLE.
 */
export function encode(target: CodecTarget, type: ColumnType, value: unknown, scale?: number): unknown {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'text':
      return storableText(type, typeof value === 'string' ? value : String(value));
    case 'integer':
    case 'bigint':
      return encodeInteger(type, value);
    case 'number':
      return encodeNumber(value);
    case 'decimal':
      return encodeDecimal(target, value, scale);
    case 'boolean':
      if (typeof value !== 'boolean') throw valueNotStorable(type, `it is ${describe(value)}`);
      return target.dialect === 'postgres' ? value : Number(value);
    case 'date':
      return encodeDate(value);
    case 'datetime':
      return encodeDatetime(target, value);
    case 'json':
      return storableText(type, JSON.stringify(value));
    case 'binary':
      return encodeBinary(value);
  }
}

/** A stored value in the form of the wire. Legacy columns are read leniently; what cannot be understood comes back as it is. */
export function decode(target: CodecTarget, type: ColumnType, stored: unknown, scale?: number): unknown {
  if (stored === null || stored === undefined) return null;
  switch (type) {
    case 'text':
      return Buffer.isBuffer(stored) ? stored.toString('utf8') : String(stored);
    case 'integer':
    case 'bigint':
      return decodeInteger(stored);
    case 'number': {
      const number = Number(stored);
      return Number.isNaN(number) ? stored : number;
    }
    case 'decimal':
      return decodeDecimal(target, stored, scale);
    case 'boolean':
      return typeof stored === 'boolean' ? stored : /^(1|-1|t|true|y|yes|j)$/i.test(String(stored).trim());
    case 'date':
      return decodeDate(stored);
    case 'datetime':
      return decodeDatetime(stored);
    case 'json':
      return decodeJson(stored);
    case 'binary':
      return Buffer.isBuffer(stored)
        ? stored.toString('base64')
        : Buffer.from(String(stored), 'utf8').toString('base64');
  }
}

function describe(value: unknown): string {
  return typeof value === 'string' ? `the text '${value.slice(0, 40)}'` : `a ${typeof value}`;
}

/** PostgreSQL stores no NUL and nobody stores half a surrogate pair; both are refused everywhere. */
function storableText(type: ColumnType, text: string): string {
  if (text.includes('\u0000') || (type === 'json' && /(?<!\\)(?:\\\\)*\\u0000/.test(text)))
    throw valueNotStorable(type, 'it holds a NUL character');
  if (/\p{Surrogate}/u.test(text) || (type === 'json' && /(?<!\\)(?:\\\\)*\\ud[89a-f]/i.test(text))) {
    throw valueNotStorable(type, 'it holds half a character (a lone surrogate)');
  }
  return text;
}

function encodeInteger(type: 'integer' | 'bigint', value: unknown): number | bigint | string {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value + 0;
  const text = typeof value === 'bigint' ? value.toString() : typeof value === 'string' ? value.trim() : '';
  if (!/^-?\d{1,19}$/.test(text)) throw valueNotStorable(type, `${describe(value)} is no whole number that fits`);
  const whole = BigInt(text);
  if (BigInt.asIntN(64, whole) !== whole) throw valueNotStorable(type, `${text} is beyond 64 bits`);
  return whole >= BigInt(Number.MIN_SAFE_INTEGER) && whole <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(whole) : whole;
}

function decodeInteger(stored: unknown): unknown {
  if (typeof stored === 'number') return Number.isInteger(stored) ? stored : Math.trunc(stored);
  const text = String(stored).trim();
  if (!/^-?\d+$/.test(text)) return stored;
  return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text).toString();
}

function encodeNumber(value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number))
    throw valueNotStorable('number', `${describe(value)} is no finite number`);
  return number + 0;
}

function encodeDecimal(target: CodecTarget, value: unknown, scale: number | undefined): unknown {
  const digits = scale ?? (target.managed ? DEFAULT_SCALE : undefined);
  const text = decimalText(value);
  if (text === undefined) throw valueNotStorable('decimal', `${describe(value)} is no decimal number`);
  if (digits === undefined) return target.dialect === 'sqlite' ? Number(text) : text;
  const scaled = scaledFromDecimal(text, digits);
  if (scaled === undefined)
    throw valueNotStorable('decimal', `${text} has more than ${digits} digits behind the point`);
  if (target.dialect !== 'sqlite') return decimalFromScaled(scaled, digits);
  if (!target.managed) return Number(text);
  if (BigInt.asIntN(64, scaled) !== scaled) throw valueNotStorable('decimal', `${text} has too many digits`);
  return scaled;
}

function decodeDecimal(target: CodecTarget, stored: unknown, scale: number | undefined): unknown {
  const digits = scale ?? (target.managed ? DEFAULT_SCALE : undefined);
  if (target.dialect === 'sqlite' && target.managed) {
    const whole = String(stored);
    return /^-?\d+$/.test(whole) ? decimalFromScaled(BigInt(whole), digits ?? DEFAULT_SCALE) : whole;
  }
  const plain = typeof stored === 'number' && digits !== undefined ? plainDecimal(stored, digits) : undefined;
  if (plain !== undefined) return plain;
  const text = decimalText(stored);
  if (text === undefined) return stored;
  // A legacy REAL holds 12.5 as 12.499999999999998: rounding to the scale gives back what was meant.
  return digits === undefined ? text : decimalFromScaled(scaledFromDecimal(text, digits, 'round') ?? 0n, digits);
}

function encodeDate(value: unknown): string {
  const text = value instanceof Date ? value.toISOString().slice(0, 10) : String(value);
  if (!isDay(text)) throw valueNotStorable('date', `${describe(value)} is no date YYYY-MM-DD`);
  return text;
}

function isDay(text: string): boolean {
  if (!/^(?!0000)\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function decodeDate(stored: unknown): unknown {
  if (stored instanceof Date) return stored.toISOString().slice(0, 10);
  const text = String(stored).trim();
  if (/^\d{4}-\d\d-\d\d/.test(text)) return text.slice(0, 10);
  if (/^\d{8}$/.test(text)) return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
  return stored;
}

function encodeDatetime(target: CodecTarget, value: unknown): string {
  const time =
    value instanceof Date
      ? value.getTime()
      : typeof value === 'number'
        ? value
        : typeof value === 'string'
          ? instant(value)
          : undefined;
  if (time === undefined || Number.isNaN(time) || Number.isNaN(new Date(time).getTime())) {
    throw valueNotStorable('datetime', `${describe(value)} is no time in ISO form`);
  }
  const iso = new Date(time).toISOString();
  if (!/^(?!0000)\d{4}-/.test(iso)) throw valueNotStorable('datetime', `${iso} lies outside the years 1 to 9999`);
  // As SQLite's own functions write times, so that rows of the legacy program and ours compare.
  if (target.dialect === 'sqlite' && !target.managed) return iso.replace('T', ' ').replace(/(\.000)?Z$/, '');
  return target.dialect === 'mariadb' ? mariadbInstant(iso) : iso;
}

/** Milliseconds of an ISO time; one without an offset is UTC. */
function instant(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/i.exec(
    text.trim(),
  );
  if (match === null) return undefined;
  const offset =
    match[3] === undefined
      ? 'Z'
      : /^[+-]\d\d$/.test(match[3])
        ? `${match[3]}:00`
        : match[3].replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  const time = Date.parse(`${match[1]}T${match[2] ?? '00:00'}${offset.toUpperCase()}`);
  return Number.isNaN(time) ? undefined : time;
}

function decodeDatetime(stored: unknown): unknown {
  if (stored instanceof Date) return stored.toISOString();
  if (typeof stored === 'number') {
    // Seconds until the year 5138, milliseconds beyond.
    const time = new Date(Math.abs(stored) < 1e11 ? stored * 1000 : stored);
    return Number.isNaN(time.getTime()) ? stored : time.toISOString();
  }
  const text = String(stored);
  const written = plainInstant(text);
  if (written !== undefined) return written;
  const time = instant(text);
  return time === undefined ? stored : new Date(time).toISOString();
}

/** `YYYY-MM-DD HH:MM:SS[.mmm][Z]`, with T or a blank, which most times are stored as. */
const PLAIN_INSTANT =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])[ T](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?Z?$/;

/**
 * A time that is written plainly in the form of the wire, without asking the calendar, which costs most of reading it; undefined where the
 * calendar has to be asked.
 */
function plainInstant(text: string): string | undefined {
  if (!PLAIN_INSTANT.test(text)) return undefined;
  const fraction = text.charCodeAt(19) === 0x2e ? text.slice(19, 23) : '.000';
  return `${text.slice(0, 10)}T${text.slice(11, 19)}${fraction}Z`;
}

function decodeJson(stored: unknown): unknown {
  if (typeof stored !== 'string') return stored;
  try {
    return JSON.parse(stored) as unknown;
  } catch {
    return stored;
  }
}

function encodeBinary(value: unknown): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(value))
    throw valueNotStorable('binary', 'it is no base64 text');
  return Buffer.from(value, 'base64');
}
