import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { didYouMean, editDistance, nearest } from './nearest.js';

describe('nearest', () => {
  it('finds what a misspelt word meant, and nothing for a strange one', () => {
    const keys = ['attributes', 'relations', 'rights', 'object'];
    expect(nearest('atributes', keys)).toBe('attributes');
    expect(nearest('rihgts', keys)).toBe('rights');
    expect(nearest('Object', keys)).toBe('object');
    expect(nearest('colour', keys)).toBeUndefined();
    expect(nearest('x'.repeat(100_000), keys)).toBeUndefined();
    expect(didYouMean('atributes', keys, 'see the model')).toBe("did you mean 'attributes'?");
    expect(didYouMean('colour', keys, 'see the model')).toBe('see the model');
  });

  it('finds a word again after any one slip of the fingers', () => {
    const word = fc.stringMatching(/^[a-z]{3,12}$/);
    fc.assert(
      fc.property(word, fc.nat(), fc.constantFrom('drop', 'double', 'swap', 'replace'), (text, seed, slip) => {
        const at = seed % (text.length - 1);
        const [head, one, two, tail] = [text.slice(0, at), text[at] ?? '', text[at + 1] ?? '', text.slice(at + 2)];
        const slips = {
          drop: head + two + tail,
          double: head + one + one + two + tail,
          swap: head + two + one + tail,
          replace: `${head}~${two}${tail}`,
        };
        expect(editDistance(slips[slip], text)).toBeLessThanOrEqual(1);
        expect(nearest(slips[slip], [text])).toBe(text);
      }),
    );
  });

  it('measures a distance: none to itself, the same both ways', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), (left, right) => {
        expect(editDistance(left, right)).toBe(editDistance(right, left));
        expect(editDistance(left, right) === 0).toBe(left === right);
      }),
    );
  });
});
