import type { AttributeDescription } from '@caruso/business-objects/contract';
import { isMoney } from '../format/format.js';
import { localInput, utcOfLocal } from '../format/local-time.js';

/** What a form knows to be wrong before the server is asked. */
export type Problem =
  | 'required'
  | 'pattern'
  | 'tooLong'
  | 'email'
  | 'url'
  | 'integer'
  | 'number'
  | 'scale'
  | 'date'
  | 'datetime'
  | 'json';

type Attribute = Pick<
  AttributeDescription,
  'type' | 'required' | 'pattern' | 'maxLength' | 'scale' | 'currency' | 'values'
>;

/** A value as the text of an input field. */
export function toText(value: unknown, attribute: Attribute, timezone: string): string {
  if (value === null || value === undefined) return '';
  if (attribute.type === 'money' && isMoney(value)) return String(value.amount);
  if (Array.isArray(value) && attribute.type === 'tags') return value.join(', ');
  if (attribute.type === 'datetime') return localInput(String(value), timezone);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The value of an input field's text, or what is wrong with it; an empty text is null. */
export function fromText(
  text: string,
  attribute: Attribute,
  place: { timezone: string; currency: string | null },
): { value: unknown } | { problem: Problem } {
  const trimmed = text.trim();
  if (trimmed === '')
    return attribute.required ? { problem: 'required' } : { value: attribute.type === 'tags' ? [] : null };
  if (attribute.maxLength !== undefined && text.length > attribute.maxLength) return { problem: 'tooLong' };
  switch (attribute.type) {
    case 'integer':
      if (!/^[+-]?\d+$/.test(trimmed)) return { problem: 'integer' };
      return { value: Number.isSafeInteger(Number(trimmed)) ? Number(trimmed) : trimmed };
    case 'number': {
      const plain = decimal(trimmed);
      return plain === undefined ? { problem: 'number' } : { value: Number(plain) };
    }
    case 'decimal':
      return scaled(trimmed, attribute.scale, (plain) => plain);
    case 'money': {
      const currency = attribute.currency ?? place.currency ?? '';
      return scaled(trimmed, attribute.scale, (amount) => ({ amount, currency }));
    }
    case 'boolean':
      return { value: trimmed === 'true' };
    case 'date':
      return /^\d{4}-\d{2}-\d{2}$/.test(trimmed) ? { value: trimmed } : { problem: 'date' };
    case 'datetime': {
      const utc = utcOfLocal(trimmed, place.timezone);
      return utc === undefined ? { problem: 'datetime' } : { value: utc };
    }
    case 'email':
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(trimmed) ? { value: trimmed } : { problem: 'email' };
    case 'url':
      return URL.canParse(trimmed) ? { value: trimmed } : { problem: 'url' };
    case 'tags':
      return { value: trimmed.split(/ *, */) };
    case 'json':
      return json(trimmed);
    default:
      return patterned(trimmed, attribute.pattern);
  }
}

function patterned(text: string, pattern: string | undefined): { value: string } | { problem: Problem } {
  if (pattern === undefined) return { value: text };
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(text) ? { value: text } : { problem: 'pattern' };
  } catch {
    // A pattern of another dialect: the server judges.
    return { value: text };
  }
}

function scaled<T>(
  text: string,
  scale: number | undefined,
  make: (plain: string) => T,
): { value: T } | { problem: Problem } {
  const plain = decimal(text);
  if (plain === undefined) return { problem: 'number' };
  const places = plain.split('.')[1]?.length ?? 0;
  return scale !== undefined && places > scale ? { problem: 'scale' } : { value: make(plain) };
}

/** A number as people type it, with a comma or a point before the decimals. */
function decimal(text: string): string | undefined {
  const plain = text.replaceAll(/[\s']/g, '').replace(',', '.');
  return /^[+-]?\d+(\.\d+)?$/.test(plain) ? plain : undefined;
}

function json(text: string): { value: unknown } | { problem: Problem } {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { problem: 'json' };
  }
}
