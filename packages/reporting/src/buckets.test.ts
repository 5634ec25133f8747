import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import { bucketOf, buckets, parseBucketWidth } from './buckets.js';

const hour = 3_600_000;
const width = (text: string) => {
  const parsed = parseBucketWidth(text);
  if (parsed === undefined) throw new Error(`${text} is no width`);
  return parsed;
};
const zones = [
  'Europe/Amsterdam',
  'America/New_York',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'America/Santiago',
  'UTC',
];

describe('buckets', () => {
  test('of a day without change are equal', () => {
    const bounds = buckets('2026-01-05', '2026-01-06', width('1h'), 'Europe/Amsterdam') ?? [];
    expect(bounds).toHaveLength(25);
    expect(new Date(bounds[0] ?? 0).toISOString()).toBe('2026-01-04T23:00:00.000Z');
  });

  test('leave out the missing hour of spring and double that of autumn', () => {
    expect(buckets('2026-03-29', '2026-03-30', width('1h'), 'Europe/Amsterdam')).toHaveLength(24);
    expect(buckets('2026-10-25', '2026-10-26', width('1h'), 'Europe/Amsterdam')).toHaveLength(26);
    const [from = 0, to = 0] = buckets('2026-10-25', '2026-10-26', width('1d'), 'Europe/Amsterdam') ?? [];
    expect(to - from).toBe(25 * hour);
  });

  test('of months follow the calendar, and the last is cut at the end', () => {
    const bounds = (buckets('2026-01-31', '2026-04-10', width('1mo'), 'UTC') ?? []).map((each) =>
      new Date(each).toISOString().slice(0, 10),
    );
    expect(bounds).toEqual(['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-10']);
  });

  test('are refused when they would be too many', () => {
    expect(buckets('2000-01-01', '2026-01-01', width('1m'), 'UTC')).toBeUndefined();
  });

  test('cover any period without gap or overlap, in any zone, and begin each day at local midnight', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom('15m', '30m', '1h', '2h', '6h', '1d', '1w', '1mo'),
        fc.integer({ min: 0, max: 730 }),
        fc.integer({ min: 1, max: 12 }),
        (zone, every, offset, days) => {
          const from = DateTime.fromISO('2025-01-01', { zone }).plus({ days: offset });
          const to = from.plus({ days });
          const bounds = buckets(from.toISODate() ?? '', to.toISODate() ?? '', width(every), zone) ?? [];
          expect(bounds[0]).toBe(from.startOf('day').toMillis());
          expect(bounds.at(-1)).toBe(to.startOf('day').toMillis());
          for (let index = 1; index < bounds.length; index += 1)
            expect(bounds[index]).toBeGreaterThan(bounds[index - 1] ?? 0);
          for (let day = 1; day < days; day += 1) {
            if (/[mh]$/.test(every) || every === '1d')
              expect(bounds).toContain(from.plus({ days: day }).startOf('day').toMillis());
          }
          const middle = (bounds[0] ?? 0) + Math.floor(((bounds.at(-1) ?? 0) - (bounds[0] ?? 0)) / 2);
          const found = bucketOf(middle, bounds);
          expect(bounds[found]).toBeLessThanOrEqual(middle);
          expect(bounds[found + 1]).toBeGreaterThan(middle);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('know which of them a time falls into, their ends not included', () => {
    expect([-1, 0, 9, 10, 19, 20].map((time) => bucketOf(time, [0, 10, 20]))).toEqual([-1, 0, 0, 1, 1, -1]);
  });
});

test.each(['7m', '5h', '0d', '1y', 'h', ''])('%s is not the width of a bucket', (text) => {
  expect(parseBucketWidth(text)).toBeUndefined();
});
