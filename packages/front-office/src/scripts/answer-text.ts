import type { QuestionView } from '@caruso/script-engine/contract';
import { isMoney } from '../format/format.js';

/** What an input holds: a text, or the chosen values of a question of type `many`. */
export type Held = string | string[];

/** A question's present value as its input holds it. */
export function heldOf({ type, value }: Pick<QuestionView, 'type' | 'value'>): Held {
  if (type === 'many') return Array.isArray(value) ? value.map(String) : [];
  if (value === null || value === undefined) return '';
  if (isMoney(value)) return String(value.amount);
  if (type === 'address') return addressLine(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/**
 * What is sent for an input. Only the shape is made right; whether the answer is, the script decides, in words of its own.
 */
export function answerOf({ type }: Pick<QuestionView, 'type'>, held: Held): unknown {
  if (Array.isArray(held)) return held;
  const text = held.trim();
  if (text === '') return null;
  switch (type) {
    case 'boolean':
      return text === 'true';
    case 'integer':
      return /^[+-]?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : text;
    case 'file':
    case 'signature':
      return text.startsWith('{') ? (JSON.parse(text) as unknown) : text;
    case 'decimal':
    case 'money':
      // A comma before the decimals is how most of the continent writes them.
      return /^[+-]?\d+,\d+$/.test(text) ? text.replace(',', '.') : text;
    default:
      return text;
  }
}

/** An address on one line, as it is typed: street, postcode and town, country. */
function addressLine(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const part = (name: string): string => {
    const own: unknown = Object.getOwnPropertyDescriptor(value, name)?.value;
    return typeof own === 'string' ? own : '';
  };
  const town = `${part('postcode')} ${part('city')}`.trim();
  return [part('street'), town, part('country')].filter((each) => each !== '').join(', ');
}
