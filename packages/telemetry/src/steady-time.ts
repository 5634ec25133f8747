import type { Clock } from '@caruso/service-manager/contract';
import type { HrTime } from '@opentelemetry/api';

/** Milliseconds by which the measuring clock may have gone away from the time of day before it is set anew. */
const DRIFT = 50;

/**
 * The time of day with fractions of a millisecond, which never runs backwards between two spans of a trace: the measuring
 * clock, set by the time of day once, and anew only after that was changed or the machine slept.
 *
 * @example
 * const time = new SteadyTime(clock);
 * const begin = time.now(); // milliseconds since 1970 UTC, such as 1767600000123.456
 */
export class SteadyTime {
  #offset: number;

  constructor(private readonly clock: Clock) {
    this.#offset = clock.now() - this.#measured();
  }

  now(): number {
    const today = this.clock.now();
    const steady = this.#offset + this.#measured();
    // `now` is a whole number, cut off.
    if (Math.abs(steady - today) <= DRIFT) return steady;
    this.#offset += today - steady;
    return today;
  }

  #measured(): number {
    return this.clock.elapsed?.() ?? this.clock.now();
  }
}

/** As spans want it: seconds and nanoseconds. */
export function hrTime(milliseconds: number): HrTime {
  const seconds = Math.floor(milliseconds / 1000);
  return [seconds, Math.min(999_999_999, Math.round((milliseconds - seconds * 1000) * 1e6))];
}
