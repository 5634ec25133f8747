import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { notPlain } from './plain-data.js';

describe('what may travel', () => {
  test('whatever JSON gives back unchanged', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(notPlain(value)).toBeUndefined();
      }),
    );
  });

  test('is plain only if JSON gives it back unchanged', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true }), (value) => {
        if (notPlain(value) !== undefined || value === undefined) return;
        const back: unknown = JSON.parse(JSON.stringify(value));
        // Properties that are undefined count as absent, and -0 is 0.
        expect(JSON.stringify(back)).toBe(JSON.stringify(value));
      }),
    );
  });

  test.each([
    [{ lines: [{ amount: 12n }] }, 'lines.0.amount is a bigint'],
    [{ done: () => 1 }, 'done is a function'],
    [{ at: new Date(0) }, 'at is an object of the class Date'],
    [new Map(), 'the value is an object of the class Map'],
    [{ rate: Number.NaN }, 'rate is the number NaN'],
    [[1, undefined], '1 is undefined'],
  ])('says where it is not', (value, reason) => {
    expect(notPlain(value)).toBe(reason);
  });

  test('finds the end of a circle', () => {
    const circle: { next?: unknown } = {};
    circle.next = circle;
    expect(notPlain(circle)).toMatch(/nested deeper than 200 levels$/);
  });
});
