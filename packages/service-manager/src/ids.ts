import { randomBytes } from 'node:crypto';
import type { Ids } from './clock.js';

/**
 * Identifiers in the form of UUID version 7 (RFC 9562): 48 bits of milliseconds, then a counter that keeps those of one
 * millisecond in order, then randomness. Sorting them as text sorts them by creation.
 *
 * @param now milliseconds since 1970 UTC
 * @param random gives that many random bytes
 *
 * @example
 * const ids = uuidV7(() => clock.now(), (size) => randomBytes(size));
 */
export function uuidV7(now: () => number, random: (size: number) => Uint8Array): Ids {
  let time = 0;
  let counter = 0;
  return {
    next() {
      const bytes = random(10);
      const at = now();
      if (at > time) {
        time = at;
        counter = ((bytes[0] ?? 0) << 3) | ((bytes[1] ?? 0) >> 5);
      } else if (++counter > 0xfff) {
        // More than the counter holds within one millisecond, or a clock set back: borrow from the future.
        time += 1;
        counter = 0;
      }
      const stamp = time.toString(16).padStart(12, '0');
      const variant = (0x80 | ((bytes[2] ?? 0) & 0x3f)).toString(16);
      const rest = Array.from(bytes.subarray(3), (byte) => byte.toString(16).padStart(2, '0')).join('');
      const sequence = counter.toString(16).padStart(3, '0');
      return `${stamp.slice(0, 8)}-${stamp.slice(8)}-7${sequence}-${variant}${rest.slice(0, 2)}-${rest.slice(2)}`;
    },
  };
}

/** The identifiers of a running front office. */
export const systemIds: Ids = uuidV7(
  () => Date.now(),
  (size) => randomBytes(size),
);
