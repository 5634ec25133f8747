import { describe, expect, it } from 'vitest';
import { isOpenAt, parseHours } from './hours.js';

describe('hours', () => {
  it('reads always, ranges of days, and single days', () => {
    expect(parseHours('always')).toBe('always');
    expect(parseHours('mo-fr 08:00-18:00, sa 09:00-13:00')).toEqual([
      { days: [1, 2, 3, 4, 5], from: 480, to: 1080 },
      { days: [6], from: 540, to: 780 },
    ]);
    expect(parseHours('fr-mo 00:00-24:00')).toEqual([{ days: [5, 6, 7, 1], from: 0, to: 1440 }]);
  });

  it.each(['sometimes', 'mo 8-18', 'mo 18:00-08:00', 'mo-xx 08:00-18:00', 'mo 08:70-09:00', 'mo 08:00-25:00', ''])(
    'refuses %j',
    (text) => {
      expect(parseHours(text)).toBeUndefined();
    },
  );

  it('follows the local clock over the change to summer time', () => {
    const hours = parseHours('mo-su 08:00-18:00') ?? 'always';
    // 28 March 2026 is winter time in Amsterdam, 29 March summer time.
    expect(isOpenAt(hours, Date.UTC(2026, 2, 28, 6, 59), 'Europe/Amsterdam')).toBe(false);
    expect(isOpenAt(hours, Date.UTC(2026, 2, 28, 7), 'Europe/Amsterdam')).toBe(true);
    expect(isOpenAt(hours, Date.UTC(2026, 2, 29, 6), 'Europe/Amsterdam')).toBe(true);
    expect(isOpenAt(hours, Date.UTC(2026, 2, 29, 16), 'Europe/Amsterdam')).toBe(false);
  });
});
