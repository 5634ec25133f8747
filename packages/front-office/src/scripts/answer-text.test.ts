import { describe, expect, it } from 'vitest';
import { answerOf, heldOf } from './answer-text.js';

describe('answers of a script', () => {
  it.each([
    ['integer', '12', 12],
    ['integer', 'twelve', 'twelve'],
    ['integer', '9007199254740993', '9007199254740993'],
    ['decimal', '12,5', '12.5'],
    ['boolean', 'false', false],
    ['text', '  Ada ', 'Ada'],
    ['text', '   ', null],
    ['date', '2026-07-01', '2026-07-01'],
  ] as const)('%s %s', (type, text, answer) => expect(answerOf({ type }, text)).toEqual(answer));

  it('sends the chosen values of many', () => {
    expect(answerOf({ type: 'many' }, ['gas', 'water'])).toEqual(['gas', 'water']);
  });

  it('gives back what was answered before', () => {
    expect(heldOf({ type: 'boolean', value: false })).toBe('false');
    expect(heldOf({ type: 'many', value: ['gas'] })).toEqual(['gas']);
    expect(heldOf({ type: 'money', value: { amount: '3.50', currency: 'EUR' } })).toBe('3.50');
    expect(heldOf({ type: 'text', value: null })).toBe('');
    const home = { street: 'Kerkstraat 1', postcode: '7411 AB', city: 'Deventer', country: null };
    expect(heldOf({ type: 'address', value: home })).toBe('Kerkstraat 1, 7411 AB Deventer');
  });
});
