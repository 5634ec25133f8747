import { describe, expect, test } from 'vitest';
import { periodOf, todayOf } from './period.js';

// Half past midnight of Monday 30 March 2026 in Amsterdam, the day after the clocks went forward; in UTC it is still Sunday.
const now = Date.UTC(2026, 2, 29, 22, 30);

describe('a period by name', () => {
  test.each([
    ['today', '2026-03-30', '2026-03-31'],
    ['yesterday', '2026-03-29', '2026-03-30'],
    ['this week', '2026-03-30', '2026-03-31'],
    ['last 7 days', '2026-03-24', '2026-03-31'],
    ['last 30 days', '2026-03-01', '2026-03-31'],
    ['this month', '2026-03-01', '2026-03-31'],
    ['last month', '2026-02-01', '2026-03-01'],
  ] as const)('%s is counted in local days', (name, from, to) => {
    expect(periodOf(name, now, 'Europe/Amsterdam')).toEqual({ from, to });
  });

  test('the day of a daylight-saving change has 23 hours', () => {
    const { from, to } = todayOf(Date.UTC(2026, 2, 29, 10), 'Europe/Amsterdam');
    expect((to - from) / 3_600_000).toBe(23);
  });
});
