/** How a generation does, beside the one it took the place of. */
export interface Record {
  /** Calls it answered or failed to, and those that were its own fault. */
  calls: number;
  faults: number;
  /** Why it is degraded; undefined if it is not. */
  sick: string | undefined;
}

/** Fewest faults that tell anything. */
const LEAST = 5;
/** By how much the share of faults may rise. */
const TOLERATED = 0.1;

/**
 * Why a generation on probation has to make room for its predecessor again; undefined while it does as well. A share of faults
 * that is higher by more than a tenth of all calls counts as worse, from five faults on.
 *
 * @example
 * verdict({ calls: 1000, faults: 3, sick: undefined }, { calls: 20, faults: 9, sick: undefined })
 * // '9 of its 20 calls failed, against 3 of 1000 before'
 */
export function verdict(before: Record, now: Record): string | undefined {
  if (now.sick !== undefined && before.sick === undefined) return now.sick;
  if (now.faults < LEAST || share(now) <= share(before) + TOLERATED) return undefined;
  return `${now.faults} of its ${now.calls} calls failed, against ${before.faults} of ${before.calls} before`;
}

function share({ calls, faults }: Record): number {
  return calls === 0 ? 0 : faults / calls;
}
