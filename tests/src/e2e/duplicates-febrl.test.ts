import { describe, expect } from 'vitest';
import { findFebrl } from '../support/febrl.js';
import { febrl, testWith } from '../support/requirement.js';

const test = testWith(febrl);

describe('duplicates of known record sets', () => {
  for (const [name, records, pairs] of [
    ['febrl1', 1000, 500],
    ['febrl3', 5000, 6538],
  ] as const) {
    test(`${name}: ${records} records with ${pairs} known pairs`, () => {
      const found = findFebrl(name);
      expect(found).toMatchObject({ records, pairs });
      expect(found.f1.same).toBeGreaterThan(0.99);
      expect(found.f1.perhaps).toBeGreaterThanOrEqual(found.f1.same);
      expect(found.f1.same).toBeGreaterThan(found.f1.socialNo);
    });
  }
});
