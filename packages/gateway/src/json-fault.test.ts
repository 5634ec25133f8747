import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tooDeepAt } from './json-depth.js';
import { jsonFault } from './json-fault.js';

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('the place of a fault in JSON', () => {
  test('is the end of a text that has none', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom('', ' ', '\n'), (text, space) => {
        expect(jsonFault(text + space).offset).toBe((text + space).length);
      }),
    );
  });

  test('lies where the text cannot be continued to JSON any more', () => {
    const broken = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', ':', '}', ']', '"', '\\', 'x', '01', '\u0000', '-'))
      .map(([text, at, put]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + put + text.slice(place + 1);
      })
      .filter((text) => !parses(text));
    fc.assert(
      fc.property(broken, (text) => {
        const { offset, what } = jsonFault(text);
        expect(offset).toBeLessThanOrEqual(text.length);
        expect(what).not.toBe('the end of the text behind the end of the value');
      }),
      { numRuns: 500 },
    );
  });
});

describe('the depth of JSON', () => {
  function depthOf(value: unknown): number {
    if (typeof value !== 'object' || value === null) return 0;
    return 1 + Math.max(0, ...Object.values(value).map(depthOf));
  }

  test('is what a parser would find, whatever stands in texts', () => {
    const text = fc.json({ maxDepth: 8 });
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 9 }), (json, limit) => {
        expect(tooDeepAt(json, limit) !== undefined).toBe(depthOf(JSON.parse(json)) > limit);
      }),
    );
    expect(tooDeepAt('["\\\\", "\\"[[[", [1]]', 2)).toBeUndefined();
    expect(tooDeepAt('["[[[", [[1]]]', 2)).toBe(9);
  });
});
