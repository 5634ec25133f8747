import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { VirtualClock } from '@caruso/service-manager/contract';

/** What became of a call. */
export interface Outcome {
  settled: boolean;
  value?: unknown;
  error?: unknown;
}

/** Milliseconds of real time between two looks. */
const LOOK = 5;
/** In how many steps virtual time passes. */
const STEPS = 40;

/**
 * Waits for a call: first at the pace of real time, for what the machine does by itself, then by letting virtual time run ahead.
 *
 * @param options.patience real milliseconds before virtual time runs ahead
 * @param options.within virtual milliseconds that may pass then; none if absent
 * @param options.reached virtual time runs ahead as soon as this says so
 */
export async function outcomeOf(
  call: Promise<unknown>,
  clock: VirtualClock,
  options: { patience: number; within?: number; reached?: () => boolean },
): Promise<Outcome> {
  const outcome: Outcome = { settled: false };
  call.then(
    (value) => Object.assign(outcome, { settled: true, value }),
    (error: unknown) => Object.assign(outcome, { settled: true, error }),
  );
  for (let waited = 0; !outcome.settled && waited < options.patience; waited += LOOK) {
    if (options.reached?.() === true) break;
    await sleep(LOOK);
    // A retry may wait for the clock, whose time passes here as the machine's does.
    await clock.advance(LOOK);
  }
  const within = options.within ?? 0;
  for (let step = 0; !outcome.settled && step <= STEPS; step++) {
    await clock.advance(within / STEPS);
    await sleep(LOOK);
  }
  return outcome;
}

/** Waits in real time until something is so. Throws an AssertionError with `otherwise`. */
export async function until(
  so: () => boolean,
  milliseconds: number,
  otherwise: string | (() => string),
): Promise<void> {
  for (let waited = 0; !so(); waited += LOOK) {
    if (waited > milliseconds) assert.fail(typeof otherwise === 'string' ? otherwise : otherwise());
    await sleep(LOOK);
  }
}
