import type { Normalisation } from '@caruso/business-objects/contract';
import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** A value in its one form, or what is wrong with it, as the end of a sentence about the attribute. */
export type Normalised = { value: string } | { wrong: string };

/**
 * Brings a text into the one form it is stored in. Pure, and done twice it changes nothing more.
 *
 * @param country ISO 3166-1 alpha-2: whose telephone numbers and postcodes are meant where none is named
 * @example
 * normalise('phone', '020 794 1234', 'NL'); // { value: '+31207941234' }
 * normalise('name', '  PIET DE  VRIES ', 'NL'); // { value: 'Piet de Vries' }
 */
export function normalise(kind: Normalisation, text: string, country: string): Normalised {
  const plain = tidy(text);
  if (plain === '') return { value: '' };
  switch (kind) {
    case 'text':
      return { value: plain };
    case 'name':
    case 'address':
      return { value: cased(plain) };
    case 'company':
      return { value: LEGAL_FORMS.reduce((name, [form, spelt]) => name.replace(form, ` ${spelt}`), plain) };
    case 'postcode':
      return { value: postcode(plain, country) };
    case 'email':
      return { value: mailAddress(plain) };
    case 'phone':
      return phoneNumber(plain, country);
  }
}

/** A telephone number as E.164, `+31207941234`; undefined for what is none. */
export function e164(text: string, country: string): string | undefined {
  const parsed = parsePhoneNumberFromString(text, { defaultCountry: country as CountryCode, extract: false });
  return parsed?.isValid() === true ? parsed.number : undefined;
}

function tidy(text: string): string {
  return text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();
}

function phoneNumber(text: string, country: string): Normalised {
  const parsed = parsePhoneNumberFromString(text, { defaultCountry: country as CountryCode, extract: false });
  if (parsed?.isValid() !== true)
    return { wrong: `is no telephone number that exists; without a country code it is taken for one of ${country}` };
  // A direct line behind a switchboard has no place in E.164: it stays as it was written.
  return { value: parsed.ext === undefined ? parsed.number : text };
}

/** Only the part behind the @ may be written in small letters without asking the other side (RFC 5321, 2.4). */
function mailAddress(text: string): string {
  const bare = text.replace(/^(?:mailto: ?)+/i, '');
  const at = bare.lastIndexOf('@');
  return at < 0 ? bare : bare.slice(0, at + 1) + bare.slice(at + 1).toLowerCase();
}

function postcode(text: string, country: string): string {
  const upper = text.toUpperCase().normalize('NFC');
  const close = upper.replaceAll(' ', '');
  const spaced = POSTCODES[country]?.exec(close);
  return spaced === null || spaced === undefined ? upper : `${spaced[1] ?? ''} ${spaced[2] ?? ''}`;
}

/** Postcodes that are written in two parts. */
const POSTCODES: Readonly<Record<string, RegExp>> = {
  NL: /^(\d{4})([A-Z]{2})$/,
  GB: /^([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})$/,
  CA: /^([A-Z]\d[A-Z])(\d[A-Z]\d)$/,
  SE: /^(\d{3})(\d{2})$/,
  GR: /^(\d{3})(\d{2})$/,
  CZ: /^(\d{3})(\d{2})$/,
};

const LEGAL_FORMS: readonly (readonly [RegExp, string])[] = [
  [/ b\.? ?v\.?$/i, 'B.V.'],
  [/ n\.? ?v\.?$/i, 'N.V.'],
  [/ gmbh$/i, 'GmbH'],
  [/ (?:ltd|limited)\.?$/i, 'Ltd'],
  [/ (?:inc|incorporated)\.?$/i, 'Inc.'],
  [/ s\.? ?a\.?$/i, 'S.A.'],
  [/ ag$/i, 'AG'],
];

/** Words of a name that begin small. */
const PARTICLES: ReadonlySet<string> = new Set(
  'aan aus am an auf da de degli del della den der des di do dos du el en het i in l la las le les los ten ter tot und uit van ver vom von y zu zum zur'.split(
    ' ',
  ),
);

/** What was typed in capitals or in small letters alone gets its case back; a case that somebody chose stays. */
function cased(text: string): string {
  const small = text.toLowerCase();
  if (text !== small && text !== text.toUpperCase()) return text;
  // Other scripts have no case, or one that does not come back as it went.
  if (!/\p{L}{2}/u.test(text) || !/^[\p{Script=Latin}\P{L}]*$/u.test(text)) return text;
  const words = small.split(' ').map((word) => {
    if (PARTICLES.has(word)) return word;
    return word.replaceAll(
      /(^|[-'’.(/])(\p{L})/gu,
      (_, before: string, letter: string) => before + letter.toUpperCase(),
    );
  });
  return words
    .join(' ')
    .replaceAll(/(\p{L})['’]([TS])\b/gu, (_, letter: string, end: string) => `${letter}'${end.toLowerCase()}`);
}
