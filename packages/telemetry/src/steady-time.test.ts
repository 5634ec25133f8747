import type { Clock } from '@caruso/service-manager/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hrTime, SteadyTime } from './steady-time.js';

function machine(now: number) {
  const state = { now, elapsed: 0 };
  const clock: Clock = {
    now: () => Math.floor(state.now),
    elapsed: () => state.elapsed,
    after: () => () => {},
    every: () => () => {},
  };
  const pass = (ms: number) => {
    state.now += ms;
    state.elapsed += ms;
  };
  return { state, clock, pass };
}

test('time goes on in fractions and never runs backwards', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e12, max: 2e12, noNaN: true }),
      fc.array(fc.double({ min: 0, max: 5000, noNaN: true })),
      (begin, steps) => {
        const { clock, pass, state } = machine(begin);
        const time = new SteadyTime(clock);
        let last = time.now();
        for (const step of steps) {
          pass(step);
          const now = time.now();
          expect(now).toBeGreaterThanOrEqual(last);
          expect(Math.abs(now - state.now)).toBeLessThanOrEqual(1.01);
          last = now;
        }
      },
    ),
  );
});

test('a clock that was set is followed', () => {
  const { clock, state, pass } = machine(Date.UTC(2026, 0, 5, 8));
  const time = new SteadyTime(clock);
  state.now -= 3_600_000;
  expect(time.now()).toBe(state.now);
  pass(0.25);
  expect(time.now()).toBe(state.now);
});

test('nanoseconds stay below a second', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 4e12, noNaN: true }), (ms) => {
      const [seconds, nanoseconds] = hrTime(ms);
      expect(Number.isInteger(seconds) && Number.isInteger(nanoseconds)).toBe(true);
      expect(nanoseconds).toBeGreaterThanOrEqual(0);
      expect(nanoseconds).toBeLessThan(1e9);
      expect(seconds * 1000 + nanoseconds / 1e6).toBeCloseTo(ms, 2);
    }),
  );
});
