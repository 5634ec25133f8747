import { describe, expect, it } from 'vitest';
import { localInput, utcOfLocal } from './local-time.js';

const amsterdam = 'Europe/Amsterdam';

describe('wall-clock times of another time zone', () => {
  it.each([
    ['2026-07-01T10:00:00.000Z', '2026-07-01T12:00'],
    ['2026-01-01T23:30:00.000Z', '2026-01-02T00:30'],
  ])('%s is %s on the clock, and back', (iso, local) => {
    expect(localInput(iso, amsterdam)).toBe(local);
    expect(utcOfLocal(local, amsterdam)).toBe(iso);
  });

  it('takes a time that the change to summer leaves out an hour later', () => {
    expect(localInput(utcOfLocal('2026-03-29T02:30', amsterdam) ?? '', amsterdam)).toBe('2026-03-29T03:30');
  });

  it('takes the first of two equal times when winter comes', () => {
    expect(utcOfLocal('2026-10-25T02:30', amsterdam)).toBe('2026-10-25T00:30:00.000Z');
  });

  it('refuses what is no time', () => {
    expect(utcOfLocal('tomorrow', amsterdam)).toBeUndefined();
    expect(localInput('tomorrow', amsterdam)).toBe('');
  });
});
