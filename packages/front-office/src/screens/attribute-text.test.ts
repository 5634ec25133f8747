import { describe, expect, it } from 'vitest';
import { fromText, toText } from './attribute-text.js';

const place = { timezone: 'Europe/Amsterdam', currency: 'EUR' };
const of = (type: Parameters<typeof fromText>[1]['type'], more = {}) => ({ type, required: false, ...more });

describe('fromText', () => {
  it.each([
    ['12', of('integer'), 12],
    ['9007199254740993', of('integer'), '9007199254740993'],
    ['1,5', of('decimal', { scale: 2 }), '1.5'],
    ['12.50', of('money', { scale: 2 }), { amount: '12.50', currency: 'EUR' }],
    ['7', of('money', { currency: 'CHF' }), { amount: '7', currency: 'CHF' }],
    ['2026-07-01T12:00', of('datetime'), '2026-07-01T10:00:00.000Z'],
    ['C000123', of('text', { pattern: 'C[0-9]{6}' }), 'C000123'],
    [' ', of('text'), null],
    ['true', of('boolean'), true],
    ['x', of('text', { pattern: '(?<broken' }), 'x'],
  ])('reads %s', (text, attribute, value) => expect(fromText(text, attribute, place)).toEqual({ value }));

  it.each([
    ['', of('text', { required: true }), 'required'],
    ['1.5', of('integer'), 'integer'],
    ['1.2.3', of('decimal'), 'number'],
    ['1.234', of('decimal', { scale: 2 }), 'scale'],
    ['a@b', of('email'), 'email'],
    ['C12', of('text', { pattern: 'C[0-9]{6}' }), 'pattern'],
    ['abcdef', of('text', { maxLength: 5 }), 'tooLong'],
    ['{', of('json'), 'json'],
    ['1 July', of('date'), 'date'],
  ])('refuses %s', (text, attribute, problem) => expect(fromText(text, attribute, place)).toEqual({ problem }));
});

describe('toText', () => {
  it('gives what fromText reads back', () => {
    const cases = [
      [12, of('integer')],
      [{ amount: '12.50', currency: 'EUR' }, of('money')],
      ['2026-07-01T10:00:00.000Z', of('datetime')],
      [false, of('boolean')],
      [{ a: [1] }, of('json')],
    ] as const;
    for (const [value, attribute] of cases) {
      expect(fromText(toText(value, attribute, place.timezone), attribute, place)).toEqual({ value });
    }
  });
});
