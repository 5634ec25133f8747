import { CarusoError } from './caruso-error.js';

/**
 * Who an error came from first. An error that passes through a component that merely asked another for something must not
 * count against the former.
 */
const origins = new WeakMap<object, object>();

/** Notes that `provider` answered with the error, unless it came to it from elsewhere; tells whether it did not. */
export function isOwnFailure(error: unknown, provider: object): boolean {
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 8; depth++) {
    const origin = origins.get(at);
    if (origin !== undefined) return origin === provider;
    at = (at as { cause?: unknown }).cause;
  }
  if (typeof error === 'object' && error !== null) origins.set(error, provider);
  return true;
}

/** A fault of the provider, not an answer that its caller has to live with ("no such customer"). */
export function isFault(error: unknown): boolean {
  if (!(error instanceof CarusoError)) return true;
  return error.status >= 500;
}

const UNREACHABLE =
  /^(ECONN|EPIPE$|ETIMEDOUT$|EHOSTUNREACH$|ENETUNREACH$|EAI_AGAIN$|ENOTFOUND$|UND_ERR_(CONNECT|HEADERS|BODY|SOCKET))/;

/** The system behind a provider, or the provider itself, does not answer: it may do so later, or another in its place now. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof CarusoError) return error.status >= 502 && error.status <= 504;
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 4; depth++) {
    const { code } = at as { code?: unknown };
    if (typeof code === 'string' && UNREACHABLE.test(code)) return true;
    at = (at as { cause?: unknown }).cause;
  }
  return false;
}

/** The provider has surely not begun: another, or the same one later, may be asked whatever the method. */
export function isUndelivered(error: unknown): boolean {
  return error instanceof CarusoError && (error.details as { delivered?: unknown } | undefined)?.delivered === false;
}
