import type { AttributeType, Normalisation } from '@caruso/business-objects/contract';
import { e164 } from './normalise.js';

/** How a value is held against another: by what its attribute declares, else by its type. */
export type ComparedAs = Normalisation | 'value';

export function comparedAs(attribute: { type: AttributeType; normalise?: Normalisation | undefined }): ComparedAs {
  if (attribute.normalise !== undefined) return attribute.normalise;
  if (attribute.type === 'email' || attribute.type === 'phone') return attribute.type;
  return attribute.type === 'text' ? 'text' : 'value';
}

/** The longest text that is compared; what is longer is compared by its beginning. */
const MOST = 200;

/**
 * A value without what does not matter when two are compared: accents, case, punctuation, titles, legal forms, words for streets.
 * Undefined where there is nothing to compare.
 *
 * @example
 * comparable('name', 'Dhr. Émile  Jansen', 'NL'); // 'emile jansen'
 * comparable('phone', '06-1234 5678', 'NL'); // '+31612345678'
 */
export function comparable(as: ComparedAs, value: unknown, country: string): string | undefined {
  if (value === null || value === undefined) return undefined;
  const text = (typeof value === 'object' ? amount(value) : String(value)).slice(0, MOST);
  const form = formOf(as, text, country);
  return form === '' ? undefined : form;
}

function formOf(as: ComparedAs, text: string, country: string): string {
  switch (as) {
    case 'email':
      return text
        .normalize('NFC')
        .replaceAll(/\s+/gu, ' ')
        .trim()
        .replace(/^(?:mailto: ?)+/i, '')
        .toLowerCase();
    case 'phone':
      return e164(text, country) ?? text.replaceAll(/[^0-9+]/g, '');
    case 'postcode':
      return fold(text).replaceAll(' ', '');
    case 'name':
      return without(fold(text), TITLES);
    case 'company':
      return without(fold(text.replaceAll('.', '')), LEGAL);
    case 'address':
      return fold(text).replaceAll(/[a-z]+/g, (word) => STREETS[word] ?? word);
    case 'text':
      return fold(text);
    case 'value':
      return text.trim().toLowerCase();
  }
}

/** Letters that no accent can be taken from. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  æ: 'ae',
  œ: 'oe',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
};

/** Small letters and digits without accents, one space between words. */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[ßøæœđðłþı]/g, (letter) => LETTERS[letter] ?? letter)
    .replaceAll(/['’`]/g, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

function amount(value: object): string {
  const { amount: sum, currency } = value as { amount?: unknown; currency?: unknown };
  return sum === undefined ? JSON.stringify(value) : `${String(sum)} ${String(currency)}`;
}

/** Leaves words out, unless nothing would be left. */
function without(text: string, words: ReadonlySet<string>): string {
  const rest = text.split(' ').filter((word) => !words.has(word));
  return rest.length === 0 ? text : rest.join(' ');
}

const TITLES: ReadonlySet<string> = new Set(
  'mr mrs ms miss dr drs ir ing prof dhr heer mevr mevrouw mw herr frau sir lady'.split(' '),
);
const LEGAL: ReadonlySet<string> = new Set(
  'bv nv gmbh ltd limited inc incorporated llc plc sa sas sarl ag kg co cv vof'.split(' '),
);
const STREETS: Readonly<Record<string, string>> = {
  street: 'st',
  str: 'st',
  straat: 'st',
  strasse: 'st',
  avenue: 'ave',
  av: 'ave',
  boulevard: 'blvd',
  blv: 'blvd',
  road: 'rd',
  lane: 'ln',
  drive: 'dr',
  place: 'pl',
  plein: 'pl',
  platz: 'pl',
  square: 'sq',
  court: 'ct',
  crescent: 'cres',
  circuit: 'cct',
  close: 'cl',
  terrace: 'tce',
};
