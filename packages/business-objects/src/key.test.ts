import { sourceOf } from '@caruso/declarations';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileModel } from './compile-model.js';
import { decodeKey, decodeKeyParts, encodeKey, encodeKeyParts } from './key.js';
import type { ModelObject } from './model.js';

const { model } = compileModel([
  sourceOf(
    'model/a.yaml',
    'object: A\nattributes:\n  t: { type: text, key: true }\n  n: { type: integer, key: true }\n  on: { type: date, key: true }\n',
  ),
  sourceOf('model/b.yaml', 'object: B\nattributes:\n  a: { to: A, key: true }\n  line: { type: integer, key: true }\n'),
  sourceOf('model/c.yaml', 'object: C\nattributes:\n  id: { type: text, key: true }\n'),
]);
const object = (name: string): ModelObject => {
  const found = model.objects.get(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};
const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0') && !/\p{Surrogate}/u.test(value));
const big = fc.oneof(fc.maxSafeInteger(), fc.constantFrom('9223372036854775807', '-9223372036854775808'));
const day = fc.constantFrom('2026-01-31', '0001-01-01', '9999-12-31');

describe('the encoded key', () => {
  it('comes back whatever the parts are, through references too', () => {
    fc.assert(
      fc.property(text, big, day, fc.maxSafeInteger(), (t, n, on, line) => {
        const key = encodeKey(object('A'), { t, n, on });
        expect(key.split('~')).toHaveLength(3);
        expect(decodeKey(model.objects, object('A'), key)).toEqual({ t, n, on });
        const outer = encodeKey(object('B'), { a: key, line });
        expect(decodeKey(model.objects, object('B'), outer)).toEqual({ a: key, line });
        expect(decodeKeyParts(model.objects, object('B'), outer)).toEqual([t, n, on, line]);
        expect(encodeKeyParts(model.objects, object('B'), [t, n, on, line])).toBe(outer);
      }),
    );
  });

  it('is never empty, not even for empty text', () => {
    expect(encodeKey(object('C'), { id: '' })).toBe('%');
    expect(decodeKey(model.objects, object('C'), '%')).toEqual({ id: '' });
  });

  it.each([
    ['A', 'x'],
    ['A', 'x~y~2026-01-01'],
    ['A', 'x~1~2026-02-30'],
    ['A', 'x~99999999999999999999~2026-01-01'],
    ['B', 'x~1'],
    ['C', '%zz'],
    ['C', '%00'],
    ['C', '%0'],
  ])('is refused for %s when it is %s', (name, key) => {
    expect(() => decodeKey(model.objects, object(name), key)).toThrow(/is no key of/);
    expect(decodeKeyParts(model.objects, object(name), key)).toBeUndefined();
  });

  it('never throws anything but KEY_INVALID', () => {
    fc.assert(
      fc.property(fc.string(), (key) => {
        try {
          decodeKey(model.objects, object('B'), key);
        } catch (error) {
          expect(error).toMatchObject({ code: 'KEY_INVALID' });
        }
      }),
    );
  });
});
