import { describe, expect, it } from 'vitest';
import { durationInWords, runningTime } from './duration.js';
import { relativeTime } from './relative-time.js';

describe('runningTime', () => {
  it.each([
    [-5, '0:00'],
    [7_400, '0:07'],
    [760_000, '12:40'],
    [3_729_000, '1:02:09'],
  ])('%i ms is %s', (ms, shown) => expect(runningTime(ms)).toBe(shown));
});

describe('durationInWords', () => {
  it.each([
    [12_000, '12 sec'],
    [59_600, '1 min'],
    [200_000, '3 min 20 sec'],
    [7_500_000, '2 hr 5 min'],
    [4 * 86_400_000, '4 days'],
  ])('%i ms is %s', (ms, shown) => expect(durationInWords(ms, 'en')).toBe(shown));

  it('speaks the language of the locale', () => expect(durationInWords(12_000, 'nl-NL')).toBe('12 sec'));
});

describe('relativeTime', () => {
  const now = Date.UTC(2026, 0, 5, 12);
  it.each([
    [0, 'now'],
    [-45_000, '45 sec. ago'],
    [-3 * 60_000, '3 min. ago'],
    [-119 * 60_000, '1 hr. ago'],
    [2 * 86_400_000, 'in 2 days'],
    [-400 * 86_400_000, 'last yr.'],
  ])('%i ms from now is %s', (distance, shown) => expect(relativeTime(now + distance, now, 'en')).toBe(shown));
});
