import { sourceOf } from '@caruso/declarations';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileModel } from './compile-model.js';
import { validate } from './validate.js';

const { model } = compileModel([
  sourceOf(
    'model/a.yaml',
    `object: A
attributes:
  id: { type: text, key: true, length: 3 }
  n: { type: integer, min: 0, max: 10 }
  big: { type: integer }
  d: { type: decimal, scale: 2 }
  f: { type: number }
  m: { type: money, currency: EUR }
  any: { type: money }
  b: { type: boolean }
  on: { type: date }
  at: { type: datetime }
  mail: { type: email }
  tel: { type: phone }
  web: { type: url }
  doc: { type: json }
  bin: { type: binary }
  other: { to: A }
  must: { type: text, required: true }
`,
  ),
]);
const object = model.objects.get('A');
const check = (values: Record<string, unknown>, complete = false) => {
  if (object === undefined) throw new Error('no object');
  return validate(model.objects, object, values, complete);
};

describe('validation', () => {
  it.each<[string, unknown, unknown]>([
    ['n', 7, 7],
    ['big', '9223372036854775807', '9223372036854775807'],
    ['big', '12', 12],
    ['d', '12.5', '12.50'],
    ['d', 0.1, '0.10'],
    ['d', '-0', '0.00'],
    ['m', { amount: 3 }, { amount: '3.00', currency: 'EUR' }],
    ['any', { amount: '1', currency: 'USD' }, { amount: '1.00', currency: 'USD' }],
    ['at', '2026-01-31T10:00:00+01:00', '2026-01-31T09:00:00.000Z'],
    ['mail', 'a.b+c@x.example', 'a.b+c@x.example'],
    ['tel', '+31 (0)20 123-4567', '+31 (0)20 123-4567'],
    ['web', 'https://x.example/a?b', 'https://x.example/a?b'],
    ['doc', { a: [1] }, { a: [1] }],
    ['bin', 'AAEC', 'AAEC'],
    ['other', 'x', 'x'],
    ['n', '', null],
    ['n', null, null],
  ])('takes %s %j as %j', (name, given, expected) => {
    expect(check({ [name]: given })).toEqual({ values: { [name]: expected }, violations: [] });
  });

  it.each<[string, unknown, RegExp]>([
    ['id', 'long', /longer than 3/],
    ['n', 11, /at most 10/],
    ['n', -1, /at least 0/],
    ['n', 1.5, /whole number/],
    ['n', true, /whole number/],
    ['big', '9223372036854775808', /64 bits/],
    ['d', '1.234', /more than 2 digits behind/],
    ['d', '12345678901234567', /before the point/],
    ['d', '1e3', /decimal number/],
    ['f', Number.NaN, /a number/],
    ['m', '12', /should be money/],
    ['m', { amount: '1', currency: 'USD' }, /in EUR, not USD/],
    ['any', { amount: '1' }, /currency/],
    ['b', 'true', /true or false/],
    ['on', '2026-02-30', /day of the calendar/],
    ['at', '2026-01-31T10:00:00', /time with a zone/],
    ['mail', 'a@b@c', /mail address/],
    ['tel', 'call me', /telephone/],
    ['web', 'javascript:alert(1)', /web address/],
    ['bin', '<>', /base64/],
    ['other', '%zz', /key of a/],
    ['must', '  ', /is required/],
    ['must', null, /is required/],
    ['must', 'a\0b', /cannot be stored/],
    ['nn', 1, /did you mean 'n'/],
    ['__proto__x', 1, /is unknown/],
  ])('refuses %s %j', (name, given, expected) => {
    expect(check({ [name]: given }).violations).toEqual([
      { attribute: name, message: expect.stringMatching(expected) as string },
    ]);
  });

  it('asks for what is required only of a new record', () => {
    expect(check({ n: 1 }).violations).toEqual([]);
    expect(check({ n: 1 }, true).violations.map(({ attribute }) => attribute)).toEqual(['id', 'must']);
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...(object?.attributes.keys() ?? []), 'x'), fc.jsonValue()),
        (values) => {
          check(values, true);
        },
      ),
    );
  });
});
