import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalFromScaled, decimalText, plainDecimal, scaledFromDecimal } from './decimal.js';

describe('decimals', () => {
  it('come back from their scaled form digit by digit', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.integer({ min: 0, max: 12 }), (units, scale) => {
        expect(scaledFromDecimal(decimalFromScaled(units, scale), scale)).toBe(units);
      }),
    );
  });

  it.each([
    [1e21, '1000000000000000000000'],
    [1.5e-7, '0.00000015'],
    ['-0.50', '-0.50'],
    ['-0', '0'],
    ['007.10', '7.10'],
    ['.5', '0.5'],
    ['12,5', undefined],
    ['', undefined],
    [Number.NaN, undefined],
  ])('writes %j plainly as %j', (value, text) => expect(decimalText(value)).toBe(text));

  it('rounds half away from zero where it may, and refuses digits beyond the scale where it may not', () => {
    expect(scaledFromDecimal('2.345', 2, 'round')).toBe(235n);
    expect(scaledFromDecimal('-2.345', 2, 'round')).toBe(-235n);
    expect(scaledFromDecimal('12.499999999999998', 2, 'round')).toBe(1250n);
    expect(scaledFromDecimal('2.345', 2)).toBeUndefined();
    expect(scaledFromDecimal('2.3400', 2)).toBe(234n);
  });

  it('gives plain numbers the same digits as the long way round', () => {
    const numbers = fc.oneof(
      fc.double({ noNaN: true }),
      fc.integer(),
      fc.integer().map((cents) => cents / 100),
    );
    fc.assert(
      fc.property(numbers, fc.integer({ min: 0, max: 8 }), (value, scale) => {
        const plain = plainDecimal(value, scale);
        if (plain === undefined) return;
        expect(plain).toBe(decimalFromScaled(scaledFromDecimal(decimalText(value) ?? '', scale) ?? 0n, scale));
      }),
    );
    expect([plainDecimal(12.5, 4), plainDecimal(-3, 2), plainDecimal(7, 0)]).toEqual(['12.5000', '-3.00', '7']);
    expect([plainDecimal(12.499999999999998, 2), plainDecimal(1e21, 2)]).toEqual([undefined, undefined]);
  });
});
