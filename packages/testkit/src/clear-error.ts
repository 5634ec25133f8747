import type { CarusoError } from '@caruso/service-manager/contract';

/** Codes that say only that somebody did not handle something. */
const UNCLEAR = new Set(['INTERNAL', 'COMPONENT_FAULT', 'OUTPUT_INVALID', 'INPUT_INVALID']);
/** What the front office may take for a legacy system out of order, and call again: bad gateway, unavailable, too late. */
const STATUSES = new Set([502, 503, 504]);

/**
 * What an error lacks in order to be of use to the person who meets it; nothing when it is clear. Pure.
 *
 * @param names words of which the message must have one, in any case, so that it tells whose fault it is
 */
export function unclear(error: unknown, names: readonly string[]): string[] {
  if (!isCarusoError(error)) return [`it is no CarusoError but ${describe(error)}`];
  const { code, message, remedy, status } = error;
  const faults: string[] = [];
  if (!/^[A-Z][A-Z0-9_]+$/.test(code)) faults.push(`its code '${code}' is not in capitals`);
  if (UNCLEAR.has(code)) faults.push(`its code is ${code}: what the legacy system said was not checked by the wrapper`);
  if (remedy === undefined || remedy.trim() === '') faults.push('it has no remedy');
  if (!STATUSES.has(status)) faults.push(`its status is ${status}, not 502, 503 or 504`);
  if (!names.some((name) => message.toLowerCase().includes(name.toLowerCase()))) {
    faults.push(`its message names none of ${names.join(', ')}`);
  }
  return faults.length === 0 ? [] : [...faults, `it says: ${code}: ${message}`];
}

/** By form, not by class: a wrapper may bring a copy of the package of its own. */
function isCarusoError(error: unknown): error is CarusoError {
  return (
    error instanceof Error && error.name === 'CarusoError' && typeof (error as Partial<CarusoError>).code === 'string'
  );
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : `a thrown ${typeof error}`;
}
