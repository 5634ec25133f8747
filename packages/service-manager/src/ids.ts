import { randomUUID } from 'node:crypto';
import type { Ids } from './clock.js';

/**
 * Identifiers in the form of UUID version 7 (RFC 9562): 48 bits of milliseconds, then a counter that keeps those of one
 * millisecond in order, then randomness. Sorting them as text sorts them by creation.
 *
 * @param now milliseconds since 1970 UTC
 * @param random gives UUIDs of version 4, for their random digits
 *
 * @example
 * const ids = uuidV7(() => clock.now(), randomUUID);
 */
export function uuidV7(now: () => number, random: () => string): Ids {
  let time = -1;
  let stamp = '';
  let counter = 0;
  const enter = (at: number, start: number): void => {
    time = at;
    counter = start;
    const digits = at.toString(16).padStart(12, '0');
    stamp = `${digits.slice(0, 8)}-${digits.slice(8)}-7`;
  };
  return {
    next() {
      const digits = random();
      const at = now();
      // Beginning in the lower half leaves room to count in.
      if (at > time) enter(at, Number.parseInt(digits.slice(0, 3), 16) >> 1);
      // More than the counter holds within one millisecond, or a clock set back: borrow from the future.
      else if (++counter > 0xfff) enter(time + 1, 0);
      return `${stamp}${counter.toString(16).padStart(3, '0')}${digits.slice(18)}`;
    },
  };
}

/** The identifiers of a running front office. */
export const systemIds: Ids = uuidV7(() => Date.now(), randomUUID);
