import { readBoolean } from './phrases.js';
import type { Question, QuestionType } from './program.js';

/** An answer read into the form expressions know, or why it cannot be. `empty` is no answer. */
export type ReadAnswer = { kind: 'value'; value: unknown } | { kind: 'empty' } | { kind: 'wrong'; why: QuestionType };

const longestText = 4000;

/**
 * Reads what was typed, chosen or sent as an answer of a type. A comma is a decimal mark like a point; separators of
 * thousands are not known: 1.234 is a little more than one.
 */
export function readAnswer(
  question: Asked,
  raw: unknown,
  options: readonly string[] = [],
  currency = 'EUR',
): ReadAnswer {
  if (raw === null || raw === undefined) return { kind: 'empty' };
  if (typeof raw === 'string' && raw.trim() === '') return { kind: 'empty' };
  if (Array.isArray(raw) && raw.length === 0) return { kind: 'empty' };
  const value = readers[question.type](raw, options, currency, question);
  return value === undefined ? { kind: 'wrong', why: question.type } : { kind: 'value', value };
}

/** What of a question its answer is read by. */
type Asked = { type: QuestionType } & Partial<Pick<Question, 'min' | 'max' | 'accept'>>;

type Reader = (raw: unknown, options: readonly string[], currency: string, question: Asked) => unknown;

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
  time: (raw) => {
    const match = /^(\d{1,2})[:.hu]?(\d{2})?$/i.exec(asText(raw) ?? '');
    const [hour, minute] = [Number(match?.[1]), Number(match?.[2] ?? 0)];
    if (!(hour <= 23 && minute <= 59)) return undefined;
    return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
  },
  scale: (raw, _options, _currency, { min = 1, max = 5 }) => {
    const text = asText(raw);
    const value = text !== undefined && /^-?\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value : undefined;
  },
  address: (raw) => {
    const parts = typeof raw === 'string' ? addressOf(raw) : isPlain(raw) ? raw : {};
    const part = (name: string, longest: number): string | null | undefined => {
      const given = Object.hasOwn(parts, name) ? parts[name] : null;
      if (given === null || given === undefined || given === '') return null;
      const text = asText(given);
      return text !== undefined && text.length <= longest && !hasControls(text) ? text : undefined;
    };
    const [street, postcode, city, country] = [
      part('street', 200),
      part('postcode', 12),
      part('city', 100),
      part('country', 60),
    ];
    if ([street, postcode, city, country].includes(undefined) || street === null || city === null) return undefined;
    return { street, postcode, city, country };
  },
  file: (raw, _options, _currency, { accept = [] }) => {
    if (!isPlain(raw)) return undefined;
    const { id, name, type, size } = raw;
    if (typeof id !== 'string' || !/^[\w-]{1,100}$/.test(id) || typeof name !== 'string' || name.length > 255)
      return undefined;
    if (typeof type !== 'string' || !/^[\w.+-]{1,60}\/[\w.+-]{1,60}$/.test(type)) return undefined;
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0 || hasControls(name)) return undefined;
    return takes(accept, type) ? { id, name, type, size } : undefined;
  },
  signature: (raw) => {
    if (!isPlain(raw)) return undefined;
    const { name, strokes } = raw;
    if (typeof name !== 'string' || name.trim() === '' || name.length > 200 || hasControls(name)) return undefined;
    // Strokes are moves and lines of an SVG path and nothing else: they may be drawn without looking at them again.
    const drawn =
      typeof strokes === 'string' &&
      strokes.length <= 50_000 &&
      /^(?:[ML] ?-?\d{1,5}(?:\.\d{1,2})?[ ,]-?\d{1,5}(?:\.\d{1,2})? ?)+$/.test(strokes);
    return drawn ? { name: name.trim(), strokes } : undefined;
  },
  reference: (raw) => {
    const text = asText(raw);
    return text !== undefined && text.length <= 500 && !hasControls(text) ? text : undefined;
  },
};

/** Whether a media type is one of those accepted; `image/*` is any image. */
export function takes(accept: readonly string[], type: string): boolean {
  if (accept.length === 0) return true;
  return accept.some((each) => each === type || (each.endsWith('/*') && type.startsWith(each.slice(0, -1))));
}

function isPlain(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

/** An address in one line, as it is typed in a chat: street, postcode and town, country. */
function addressOf(line: string): Record<string, string> {
  const [street = '', town = '', country = ''] = line.split(/[,\n]/).map((part) => part.trim());
  // A postcode stands before the town: 7411 AB Deventer, 10115 Berlin.
  const match = /^(\d{4,5}(?: ?[A-Z]{2})?) +(.+)$/.exec(town);
  return { street, postcode: match?.[1] ?? '', city: match?.[2] ?? town, country };
}

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
