import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editSimilarity, jaroWinkler, similarity } from './similarity.js';

const word = fc.string({ maxLength: 20 });
const measures = { jaroWinkler, editSimilarity, similarity };

describe.each(Object.entries(measures))('%s', (_, measure) => {
  it('is symmetric, between 0 and 1, and 1 for equal texts', () => {
    fc.assert(
      fc.property(word, word, (left, right) => {
        const found = measure(left, right);
        expect(found).toBeGreaterThanOrEqual(0);
        expect(found).toBeLessThanOrEqual(1);
        expect(measure(right, left)).toBeCloseTo(found, 12);
        expect(measure(left, left)).toBe(1);
      }),
    );
  });
});

describe('jaroWinkler', () => {
  // Table of Winkler, 1990.
  it.each([
    ['shackleford', 'shackelford', 0.982],
    ['dunningham', 'cunnigham', 0.896],
    ['nichleson', 'nichulson', 0.956],
    ['jones', 'johnson', 0.832],
    ['massey', 'massie', 0.933],
    ['abroms', 'abrams', 0.922],
    ['martha', 'marhta', 0.961],
    ['dwayne', 'duane', 0.84],
    ['dixon', 'dicksonx', 0.813],
    ['jon', 'jan', 0.8],
  ])('of %s and %s is %d, as published', (left, right, expected) => {
    expect(Math.abs(jaroWinkler(left, right) - expected)).toBeLessThan(0.0006);
  });
});

describe('editSimilarity', () => {
  it('takes one character off for a swap, a wrong, a missing and a superfluous one', () => {
    expect(editSimilarity('19560409', '19560490')).toBe(0.875);
    expect(editSimilarity('19560409', '19560408')).toBe(0.875);
    expect(editSimilarity('1956040', '19560409')).toBe(0.875);
  });
});

describe('similarity', () => {
  it('is the same where less than something would do, wherever it is at least that', () => {
    const name = fc.string({ unit: fc.constantFrom(...'aab e\u0120\u0420x'), maxLength: 12 });
    fc.assert(
      fc.property(name, name, fc.double({ min: 0.01, max: 1, noNaN: true }), (left, right, least) => {
        const [whole, found] = [similarity(left, right), similarity(left, right, least)];
        if (whole >= least) expect(found).toBe(whole);
        else expect(found).toBeLessThan(least);
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not mind the order of words, nor missing spaces', () => {
    expect(similarity('jansen piet', 'piet jansen')).toBe(1);
    expect(similarity('pridhamstreet', 'pridham street')).toBe(1);
  });
});
