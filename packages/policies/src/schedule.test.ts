import { VirtualClock } from '@caruso/service-manager/contract';
import { describe, expect, test } from 'vitest';
import { schedule } from './schedule.js';

describe('a schedule', () => {
  test('fires at local times, also across a daylight-saving change', async () => {
    // Amsterdam goes to summer time in the night to 29 March 2026: 07:00 is 06:00 UTC before and 05:00 UTC after.
    const clock = new VirtualClock(Date.UTC(2026, 2, 27, 12));
    const fired: string[] = [];
    const stop = schedule('0 7 * * *', 'Europe/Amsterdam', clock, (at) => {
      fired.push(at.toISOString());
      return Promise.resolve();
    });
    await clock.advance(3 * 86_400_000);
    expect(fired).toEqual(['2026-03-28T06:00:00.000Z', '2026-03-29T05:00:00.000Z', '2026-03-30T05:00:00.000Z']);
    stop();
    expect(clock.pending).toBe(0);
  });

  test('does not overtake a run that takes long', async () => {
    const clock = new VirtualClock(Date.UTC(2026, 0, 1));
    let running = 0;
    let most = 0;
    schedule('* * * * *', 'UTC', clock, async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => clock.after(150_000, resolve));
      running -= 1;
    });
    for (let minute = 0; minute < 20; minute += 1) await clock.advance(60_000);
    expect(most).toBe(1);
  });
});
