import { CarusoError } from './caruso-error.js';
import { isUndelivered, isUnreachable } from './failure.js';

/** What is known when an attempt at a call has failed. */
export interface FailedAttempt {
  error: unknown;
  /** Counted from 1. */
  attempt: number;
  /** Attempts allowed after the first. */
  retries: number;
  idempotent: boolean;
  /** Another provider would be asked now. */
  elsewhere: boolean;
  /** Milliseconds until nobody waits any more; undefined: somebody always will. */
  remaining: number | undefined;
}

/** Milliseconds before the second attempt at the same provider; four times as long before each further one. */
const FIRST_PAUSE = 50;

/**
 * Milliseconds to wait before a call is tried again; undefined where it must not be, or would be of no use. What may have
 * taken effect is sent again only if its method is idempotent.
 */
export function retryPause(failed: FailedAttempt): number | undefined {
  const { error, attempt, elsewhere, remaining } = failed;
  if (attempt > failed.retries) return undefined;
  if (!isUndelivered(error) && !(failed.idempotent && mayPass(error))) return undefined;
  // Full or fenced off: pressing it would only make that worse.
  if (!elsewhere && isRefusal(error)) return undefined;
  const pause = elsewhere || codeOf(error) === 'CALL_ABANDONED' ? 0 : FIRST_PAUSE * 4 ** (attempt - 1);
  return remaining !== undefined && pause >= remaining ? undefined : pause;
}

/** It failed for a reason that may be gone the next moment. */
function mayPass(error: unknown): boolean {
  return isUnreachable(error) && codeOf(error) !== 'CALL_TIMED_OUT';
}

function isRefusal(error: unknown): boolean {
  return codeOf(error) === 'CIRCUIT_OPEN' || codeOf(error) === 'SERVICE_BUSY';
}

function codeOf(error: unknown): string | undefined {
  return error instanceof CarusoError ? error.code : undefined;
}
