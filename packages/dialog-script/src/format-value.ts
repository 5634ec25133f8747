import { baseOf, phrasesOf } from './phrases.js';
import type { Format } from './program.js';

/** How the front office writes values: its locale, time zone and currency. */
export interface Setting {
  /** BCP 47, for instance nl-NL. */
  locale: string;
  /** IANA name. */
  timezone: string;
  /** ISO 4217, for amounts without a currency of their own. */
  currency: string;
}

type Numeral = `${number}`;
const formatters = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

/**
 * A value as people read it: in the front office's locale, in the session's language.
 *
 * @example
 * formatValue('1234.50', 'money', 'nl', { locale: 'nl-NL', timezone: 'Europe/Amsterdam', currency: 'EUR' }); // '€ 1.234,50'
 */
export function formatValue(value: unknown, format: Format, language: string, setting: Setting): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((item) => formatValue(item, format, language, setting)).join(', ');
  if (typeof value === 'boolean') return phrasesOf(language)[value ? 'yes' : 'no'];
  const locale = localeOf(language, setting.locale);
  switch (format) {
    case 'integer':
      return numeral(value, locale, { maximumFractionDigits: 0 });
    case 'decimal':
      return numeral(value, locale, places(value));
    case 'percent':
      return numeral(value, locale, { style: 'percent', maximumFractionDigits: 2 });
    case 'money':
      return money(value, locale, setting.currency);
    case 'date':
      return moment(value, locale, setting.timezone, { dateStyle: 'long' });
    case 'weekday':
      return moment(value, locale, setting.timezone, { weekday: 'long' });
    case 'spell':
      return plain(value, locale, setting);
    case 'time':
      return /^\d{2}:\d{2}$/.test(String(value))
        ? String(value)
        : moment(value, locale, setting.timezone, { timeStyle: 'short' });
    case 'datetime':
      return moment(value, locale, setting.timezone, { dateStyle: 'long', timeStyle: 'short' });
    default:
      return plain(value, locale, setting);
  }
}

/** The office's locale; in a session of another language, that language in the office's country. */
export function localeOf(language: string, locale: string): string {
  if (baseOf(language) === baseOf(locale)) return locale;
  if (language.includes('-')) return language;
  const region = new Intl.Locale(locale).maximize().region;
  return region === undefined ? language : `${language}-${region}`;
}

function plain(value: unknown, locale: string, setting: Setting): string {
  if (typeof value === 'object' && value !== null) {
    if ('amount' in value && 'currency' in value) return money(value, locale, setting.currency);
    if ('$display' in value) return String(value.$display);
    if ('street' in value && 'city' in value) return addressLine(value);
    if ('name' in value) return String(value.name);
    return '';
  }
  return String(value);
}

function addressLine(value: object): string {
  const part = (name: string): string => {
    const own: unknown = Object.getOwnPropertyDescriptor(value, name)?.value;
    return own === null || own === undefined ? '' : String(own);
  };
  const town = `${part('postcode')} ${part('city')}`.trim();
  return [part('street'), town, part('country')].filter((each) => each !== '').join(', ');
}

function numeral(value: unknown, locale: string, options: Intl.NumberFormatOptions): string {
  const text = typeof value === 'bigint' || typeof value === 'number' ? value : String(value);
  if (typeof text === 'string' && !isNumeral(text)) return text;
  return numberFormat(locale, options).format(text);
}

function isNumeral(text: string): text is Numeral {
  return /^-?\d+(\.\d+)?$/.test(text);
}

/** As many places as the value was given with: 12.50 stays so. */
function places(value: unknown): Intl.NumberFormatOptions {
  const fraction = /\.(\d+)$/.exec(String(value))?.[1]?.length ?? 0;
  return { minimumFractionDigits: Math.min(fraction, 20), maximumFractionDigits: 20 };
}

function money(value: unknown, locale: string, currency: string): string {
  const own = typeof value === 'object' && value !== null && 'amount' in value ? value : { amount: value };
  const code = 'currency' in own && /^[A-Z]{3}$/.test(String(own.currency)) ? String(own.currency) : currency;
  return numeral(own.amount, locale, { style: 'currency', currency: code });
}

function moment(value: unknown, locale: string, timezone: string, options: Intl.DateTimeFormatOptions): string {
  const text = String(value);
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const date = new Date(day ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(date.getTime())) return text;
  // A day is the same day everywhere; only moments are shown in the office's zone.
  return dateFormat(locale, { ...options, timeZone: day ? 'UTC' : timezone }).format(date);
}

function numberFormat(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `n${locale}${JSON.stringify(options)}`;
  const known = formatters.get(key);
  if (known instanceof Intl.NumberFormat) return known;
  const made = new Intl.NumberFormat(locale, options);
  formatters.set(key, made);
  return made;
}

function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `d${locale}${JSON.stringify(options)}`;
  const known = formatters.get(key);
  if (known instanceof Intl.DateTimeFormat) return known;
  const made = new Intl.DateTimeFormat(locale, options);
  formatters.set(key, made);
  return made;
}
