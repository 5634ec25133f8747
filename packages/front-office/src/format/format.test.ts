import { describe, expect, it } from 'vitest';
import { Format } from './format.js';

const dutch = new Format({ locale: 'nl-NL', timezone: 'Europe/Amsterdam', currency: 'EUR' });
const british = new Format({ locale: 'en-GB', timezone: 'Europe/London', currency: null });
const plain = (text: string | null): string | null => text?.replaceAll(/\s/g, ' ') ?? null;

describe('Format', () => {
  it('writes money in the locale, with all the cents of a large amount', () => {
    expect(plain(dutch.attribute({ amount: '9007199254740993.37', currency: 'EUR' }, { type: 'money' }))).toBe(
      '€ 9.007.199.254.740.993,37',
    );
  });

  it('gives an amount without currency the attribute’s, else the front office’s', () => {
    expect(plain(dutch.attribute('12.5', { type: 'money', currency: 'USD' }))).toBe('US$ 12,50');
    expect(plain(dutch.attribute('12.5', { type: 'money' }))).toBe('€ 12,50');
    expect(plain(british.attribute('12.5', { type: 'money' }))).toBe('12.5');
  });

  it('shows a moment in the front office’s time zone and a day as it is', () => {
    expect(plain(dutch.dateTime('2026-07-01T22:30:00.000Z'))).toBe('2 jul 2026, 00:30');
    expect(dutch.date('2026-07-01')).toBe('1 jul 2026');
  });

  it('keeps the scale of a decimal', () => {
    expect(dutch.attribute('3', { type: 'decimal', scale: 2 })).toBe('3,00');
  });

  it('gives null where there is no value', () => {
    expect(dutch.attribute('', { type: 'text' })).toBeNull();
    expect(dutch.attribute(null, { type: 'money' })).toBeNull();
    expect(dutch.anything(undefined)).toBeNull();
  });

  it('recognises what a method of a wrapper gave', () => {
    expect(plain(dutch.anything({ amount: '1', currency: 'EUR' }))).toBe('€ 1,00');
    expect(dutch.anything('2026-07-01')).toBe('1 jul 2026');
    expect([12, 2048, 5_242_880].map((size) => plain(dutch.bytes(size)))).toEqual(['12 byte', '2 kB', '5 MB']);
    expect(dutch.anything(12345.5)).toBe('12.345,5');
    expect(dutch.anything(2026)).toBe('2026');
    expect(dutch.anything('C000123')).toBe('C000123');
  });
});
