import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileLike, LONGEST_PATTERN } from './like.js';

/** The definition of like, in exponential time. */
function reference(text: readonly string[], pattern: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return text.length === 0;
  if (first === '%') return reference(text, rest) || (text.length > 0 && reference(text.slice(1), pattern));
  if (first === '\\' && rest.length > 0) return text[0] === rest[0] && reference(text.slice(1), rest.slice(1));
  return text.length > 0 && (first === '_' || first === text[0]) && reference(text.slice(1), rest);
}

const symbols = (alphabet: string[], maxLength: number) =>
  fc.array(fc.constantFrom(...alphabet), { maxLength }).map((parts) => parts.join(''));

describe('like', () => {
  it('agrees with its definition', () => {
    fc.assert(
      fc.property(
        symbols(['a', 'b', '%', '_', '😀'], 10),
        symbols(['a', 'b', '%', '_', '\\', '😀'], 8),
        (text, pattern) => {
          expect(compileLike(pattern).test(text)).toBe(reference([...text], [...pattern]));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('agrees with its definition where a pattern takes several machine words', () => {
    fc.assert(
      fc.property(
        symbols(['a', 'b'], 80),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 0, max: 60 }),
        (text, from, size) => {
          const part = text.slice(from, from + size);
          expect(compileLike(`%${part}%`).test(text)).toBe(true);
          expect(compileLike(`${text}_`).test(text)).toBe(false);
          expect(compileLike(`${'_'.repeat(text.length)}%`).test(text)).toBe(true);
          expect(compileLike(`%${part}c%`).test(text)).toBe(false);
          expect(compileLike(text).test(text)).toBe(true);
        },
      ),
    );
  });

  it('ignores case and takes an escaped sign for itself', () => {
    expect(compileLike('%INVOICE%').test('your invoice')).toBe(true);
    expect(compileLike('100\\%').test('100%')).toBe(true);
    expect(compileLike('100\\%').test('1000')).toBe(false);
    expect(compileLike('').test('')).toBe(true);
    expect(compileLike('%').test('')).toBe(true);
    expect(compileLike('_').test('')).toBe(false);
  });

  it('takes at most one step a character and machine word, whatever the pattern', () => {
    const text = 'a'.repeat(20_000);
    for (const pattern of ['%a%a%a%a%a%a%a%a%a%b', `${'%a_'.repeat(100)}b`, '%'.repeat(300), `%${'a'.repeat(400)}b`]) {
      const words = Math.ceil((pattern.replaceAll('%', '').length + 1) / 32);
      const { matched, steps } = compileLike(pattern).count(text);
      expect(matched).toBe(!pattern.endsWith('b'));
      expect(steps).toBeLessThanOrEqual(text.length * words);
    }
  });

  it('refuses a pattern that is too long', () => {
    expect(() => compileLike('a'.repeat(LONGEST_PATTERN + 1))).toThrow(/501 characters/);
  });
});
