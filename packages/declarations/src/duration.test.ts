import { describe, expect, it } from 'vitest';
import { duration, parseDuration } from './duration.js';

describe('duration', () => {
  it('reads clock time and workdays', () => {
    const texts = ['20s', '15m', '2h', '3d', '1h 30m', '0.5h', '250ms', '2 workdays', '1 workday'];
    expect(texts.map(parseDuration)).toEqual([
      { ms: 20_000 },
      { ms: 900_000 },
      { ms: 7_200_000 },
      { ms: 259_200_000 },
      { ms: 5_400_000 },
      { ms: 1_800_000 },
      { ms: 250 },
      { workdays: 2 },
      { workdays: 1 },
    ]);
  });

  it('refuses what is no duration, and says how one is written', () => {
    for (const text of ['', '15', '15 minutes', 'h', '-5m', '5m!', '1e9s'])
      expect(duration.safeParse(text).success).toBe(false);
    expect(duration.safeParse('soon').error?.issues[0]).toMatchObject({ message: "'soon' is not a duration" });
  });
});
