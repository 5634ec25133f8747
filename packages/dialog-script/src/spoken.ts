import { toCardinal as german } from 'n2words/de-DE';
import { toCardinal as english, toOrdinal } from 'n2words/en-GB';
import { toCardinal as french } from 'n2words/fr-FR';
import { toCardinal as dutch } from 'n2words/nl-NL';
import { formatValue, localeOf, type Setting } from './format-value.js';
import { baseOf } from './phrases.js';
import type { Format } from './program.js';

const cardinals: Readonly<Record<string, (value: string | number) => string>> = {
  en: (value) => english(value),
  nl: (value) => dutch(value),
  de: (value) => german(value),
  fr: (value) => french(value),
};
const hours: Readonly<Record<string, string>> = { en: "o'clock", nl: 'uur', de: 'Uhr', fr: 'heures' };

/**
 * A value as it is said: numbers and amounts in words, days with their weekday, codes sign by sign. What has no words in the
 * session's language is said as it is written.
 *
 * @example
 * spokenValue('1234.5', 'decimal', 'en', setting); // 'one thousand two hundred and thirty-four point five'
 */
export function spokenValue(value: unknown, format: Format, language: string, setting: Setting): string {
  const cardinal = cardinals[baseOf(language)];
  if (cardinal === undefined || value === null || value === undefined)
    return formatValue(value, format, language, setting);
  if (Array.isArray(value)) return value.map((item) => spokenValue(item, format, language, setting)).join(', ');
  switch (format) {
    case 'integer':
    case 'decimal':
      return isNumeral(value) ? cardinal(String(value)) : formatValue(value, format, language, setting);
    case 'money':
      return spokenMoney(value, language, setting, cardinal) ?? formatValue(value, format, language, setting);
    case 'date':
      return spokenDay(String(value), language, setting) ?? formatValue(value, format, language, setting);
    case 'time':
      return spokenTime(formatValue(value, 'time', 'nl', { ...setting, locale: 'nl-NL' }), language, cardinal);
    case 'spell':
      return [...String(value)].map((sign) => (/\d/.test(sign) ? cardinal(sign) : sign)).join(' ');
    default:
      return formatValue(value, format, language, setting);
  }
}

function isNumeral(value: unknown): boolean {
  return /^-?\d{1,15}(\.\d{1,10})?$/.test(String(value));
}

function spokenMoney(
  value: unknown,
  language: string,
  setting: Setting,
  cardinal: (value: string) => string,
): string | undefined {
  const own = typeof value === 'object' && value !== null && 'amount' in value ? value : { amount: value };
  const currency = 'currency' in own ? String(own.currency) : setting.currency;
  const match = /^(-?\d{1,15})(?:\.(\d{1,2}))?0*$/.exec(String(own.amount));
  if (match === null || !/^[A-Z]{3}$/.test(currency)) return undefined;
  const [, whole = '0', fraction = ''] = match;
  const cents = fraction.padEnd(2, '0');
  const options = { style: 'currency', currency, currencyDisplay: 'name', maximumFractionDigits: 0 } as const;
  const name = new Intl.NumberFormat(baseOf(language), options)
    .formatToParts(Number(whole))
    .find(({ type }) => type === 'currency');
  const said = `${cardinal(whole)} ${name?.value ?? currency}`;
  return cents === '00' ? said : `${said} ${cardinal(String(Number(cents)))}`;
}

function spokenDay(text: string, language: string, setting: Setting): string | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(text);
  if (match === null) return undefined;
  const locale = localeOf(language, setting.locale);
  const date = new Date(text.length === 10 ? `${text}T00:00:00Z` : text);
  const timeZone = text.length === 10 ? 'UTC' : setting.timezone;
  const options = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone } as const;
  const format = new Intl.DateTimeFormat(locale, options);
  if (baseOf(language) !== 'en') return format.format(date);
  const part = (wanted: string): string => format.formatToParts(date).find(({ type }) => type === wanted)?.value ?? '';
  return `${part('weekday')} the ${toOrdinal(Number(part('day')))} of ${part('month')} ${part('year')}`;
}

function spokenTime(text: string, language: string, cardinal: (value: string) => string): string {
  const match = /^(\d{1,2}):(\d{2})/.exec(text);
  if (match === null) return text;
  const [hour, minute] = [Number(match[1]), Number(match[2])];
  const base = baseOf(language);
  const [said, rest] = [cardinal(String(hour)), cardinal(String(minute))];
  if (base === 'en') return minute === 0 ? `${said} o'clock` : `${said} ${minute < 10 ? 'oh ' : ''}${rest}`;
  return `${said} ${hours[base] ?? ''}${minute === 0 ? '' : ` ${rest}`}`;
}
