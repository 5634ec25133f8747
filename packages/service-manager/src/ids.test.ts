import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemIds, uuidV7 } from './ids.js';

const form = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('identifiers', () => {
  it('have the form of UUID version 7', () => {
    expect(systemIds.next()).toMatch(form);
    const ids = uuidV7(
      () => 0x0123456789ab,
      () => '00000000-0000-4000-8000-000000000000',
    );
    expect(ids.next()).toBe('01234567-89ab-7000-8000-000000000000');
    expect(ids.next()).toBe('01234567-89ab-7001-8000-000000000000');
  });

  it('sort by creation, whatever the clock does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 50 }),
        fc.constantFrom(...'0123456789abcdef'),
        (steps, digit) => {
          let now = 1_767_600_000_000;
          const ids = uuidV7(
            () => now,
            () => `${digit.repeat(8)}-${digit.repeat(4)}-4${digit.repeat(3)}-8${digit.repeat(3)}-${digit.repeat(12)}`,
          );
          const made = steps.map((step) => {
            now += step;
            return ids.next();
          });
          expect(made).toEqual([...new Set(made)].sort());
          for (const id of made) expect(id).toMatch(form);
        },
      ),
    );
  });

  it('stay unique and sorted when one millisecond needs more than the counter holds', () => {
    const ids = uuidV7(
      () => 1_000,
      () => 'ffffffff-ffff-4fff-bfff-ffffffffffff',
    );
    const made = Array.from({ length: 10_000 }, () => ids.next());
    expect(new Set(made).size).toBe(10_000);
    expect([...made].sort()).toEqual(made);
  });
});
