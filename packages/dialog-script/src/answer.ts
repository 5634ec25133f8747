import { readBoolean } from './phrases.js';
import type { QuestionType } from './program.js';

/** An answer read into the form expressions know, or why it cannot be. `empty` is no answer. */
export type ReadAnswer = { kind: 'value'; value: unknown } | { kind: 'empty' } | { kind: 'wrong'; why: QuestionType };

const longestText = 4000;

/**
 * Reads what was typed, chosen or sent as an answer of a type. A comma is a decimal mark like a point; separators of
 * thousands are not known: 1.234 is a little more than one.
 */
export function readAnswer(type: QuestionType, raw: unknown, options: readonly string[], currency: string): ReadAnswer {
  if (raw === null || raw === undefined) return { kind: 'empty' };
  if (typeof raw === 'string' && raw.trim() === '') return { kind: 'empty' };
  if (Array.isArray(raw) && raw.length === 0) return { kind: 'empty' };
  const value = readers[type](raw, options, currency);
  return value === undefined ? { kind: 'wrong', why: type } : { kind: 'value', value };
}

type Reader = (raw: unknown, options: readonly string[], currency: string) => unknown;

const readers: Readonly<Record<QuestionType, Reader>> = {
  text: (raw) => {
    const text = asText(raw);
    return text === undefined || text.length > longestText || hasControls(text) ? undefined : text;
  },
  integer: (raw) => {
    const text = asText(raw);
    const value = text !== undefined && /^[+-]?\d{1,16}$/.test(text) ? Number(text) : undefined;
    return value !== undefined && Number.isSafeInteger(value) ? value : undefined;
  },
  decimal: (raw) => readDecimal(raw),
  money: (raw, _options, currency) => {
    const money = typeof raw === 'object' && raw !== null ? raw : { amount: raw };
    const amount = 'amount' in money ? readDecimal(money.amount) : undefined;
    const code = 'currency' in money ? money.currency : currency;
    if (amount === undefined || typeof code !== 'string' || !/^[A-Z]{3}$/.test(code)) return undefined;
    return { amount, currency: code };
  },
  date: (raw) => {
    const text = asText(raw);
    if (text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
    const date = new Date(`${text}T00:00:00Z`);
    // The 31st of February becomes a day of March: not the same day again.
    return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : undefined;
  },
  boolean: (raw) => (typeof raw === 'boolean' ? raw : typeof raw === 'string' ? readBoolean(raw) : undefined),
  one: (raw, options) => {
    const text = asText(raw);
    return text !== undefined && options.includes(text) ? text : undefined;
  },
  many: (raw, options) => {
    const list = Array.isArray(raw) ? raw : [raw];
    const texts = list.map(asText);
    if (texts.some((text) => text === undefined || !options.includes(text))) return undefined;
    // In the order of the options, so that the same choice is the same answer.
    return options.filter((option) => texts.includes(option));
  },
  email: (raw) => {
    const text = asText(raw);
    return text !== undefined && text.length <= 254 && /^[^\s@<>,;"]{1,64}@[^\s@<>,;".]+(\.[^\s@<>,;".]+)+$/.test(text)
      ? text
      : undefined;
  },
  phone: (raw) => {
    const text = asText(raw)?.replace(/[\s().\-/]/g, '');
    return text !== undefined && /^\+?\d{3,15}$/.test(text) ? text : undefined;
  },
};

function asText(raw: unknown): string | undefined {
  if (typeof raw === 'string') return raw.trim();
  return typeof raw === 'number' && Number.isFinite(raw) ? String(raw) : undefined;
}

function hasControls(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 32 && code !== 9 && code !== 10 && code !== 13) return true;
  }
  return false;
}

function readDecimal(raw: unknown): string | undefined {
  const match = /^([+-]?)(\d{1,30})(?:[.,](\d{1,20}))?$/.exec(asText(raw) ?? '');
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction] = match;
  const digits = whole.replace(/^0+(?=\d)/, '');
  return `${sign === '-' ? '-' : ''}${digits}${fraction === undefined ? '' : `.${fraction}`}`;
}
