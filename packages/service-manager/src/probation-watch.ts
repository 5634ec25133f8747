import { messageOf } from './errors.js';
import { verdict } from './probation.js';
import type { Registration } from './registration.js';
import type { Replaced } from './replacement.js';
import type { House } from './starting.js';

/** How often a generation on probation is looked at, and how many times in between it is not asked for its health. */
const PERIOD = 1_000;
const HEALTH_EVERY = 5;

export interface ProbationHost {
  changed(): void;
  checkHealth(): Promise<void>;
  rollBack(why: string): Promise<unknown>;
}

/** Watches a new generation for a while, and lets its predecessor's component take over again should it do worse. */
export function watchProbation(
  house: House,
  registration: Registration,
  { old, next, sickBefore }: Replaced,
  duration: number,
  host: ProbationHost,
): void {
  const { clock, log } = house;
  const { name } = registration;
  const before = { calls: old.calls, faults: old.faults, sick: sickBefore };
  const until = clock.now() + duration;
  let looked = 0;
  const end = (): void => {
    cancel();
    registration.probation = undefined;
    registration.endProbation = undefined;
  };
  const look = (): void => {
    const sick = registration.sick ?? next.circuit.reason;
    const why = verdict(before, { calls: next.calls, faults: next.faults, sick });
    if (why === undefined) {
      if (clock.now() < until) {
        if (++looked % HEALTH_EVERY === 0 && !registration.busy) void host.checkHealth();
        return;
      }
      end();
      host.changed();
      return;
    }
    end();
    log.warn({ component: name, generation: next.number }, `'${name}' is rolled back: ${why}`);
    host.rollBack(why).catch((error: unknown) => {
      // The one that does worse serves on: worse is better than nothing.
      log.error({ component: name, err: error }, `'${name}' could not be rolled back: ${messageOf(error)}`);
      host.changed();
    });
  };
  const cancel = clock.every(PERIOD, look);
  registration.probation = until;
  registration.endProbation = end;
  host.changed();
}
