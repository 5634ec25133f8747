import { describe, expect, it } from 'vitest';
import { formatValue } from './format-value.js';
import type { Format } from './program.js';

const setting = { locale: 'nl-NL', timezone: 'Europe/Amsterdam', currency: 'EUR' };
/** ICU writes spaces that do not break. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('a value in a text', () => {
  it.each<[unknown, Format, string, string]>([
    ['1234.50', 'decimal', 'nl', '1.234,50'],
    ['12345678901234567890.25', 'decimal', 'nl', '12.345.678.901.234.567.890,25'],
    [{ amount: '1234.5', currency: 'EUR' }, 'money', 'nl', '€ 1.234,50'],
    ['1234.5', 'money', 'nl', '€ 1.234,50'],
    ['2026-03-29', 'date', 'nl', '29 maart 2026'],
    ['2026-03-29', 'date', 'en', '29 March 2026'],
    ['2026-03-29T00:30:00.000Z', 'datetime', 'nl', '29 maart 2026 om 01:30'],
    ['2026-03-29T01:30:00.000Z', 'time', 'nl', '03:30'],
    [0.125, 'percent', 'nl', '12,5%'],
    [true, 'text', 'nl', 'ja'],
    [['a', 'b'], 'text', 'nl', 'a, b'],
    [null, 'decimal', 'nl', ''],
    ['<b>', 'text', 'nl', '<b>'],
    ['not a number', 'decimal', 'nl', 'not a number'],
    ['not a date', 'date', 'nl', 'not a date'],
  ])('%j as %s in %s is %j', (value, format, language, expected) => {
    expect(plain(formatValue(value, format, language, setting))).toBe(expected);
  });
});
