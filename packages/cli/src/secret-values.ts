import { isMapping } from '@caruso/declarations';
import { secretInClear } from './errors.js';

/** Stands for a secret that is there and is not shown. */
export const HIDDEN = '••••••••';

const SECRET_KEY = /pass(word|phrase|wd)?$|secret|token|api[-_]?key|private[-_]?key|credential/i;
/** Nothing but a variable of the environment; a default behind it could be a secret itself. */
const VARIABLE = /^\$\{[A-Za-z_][A-Za-z0-9_]*(:-)?\}$/;
const IN_ADDRESS = /(:\/\/[^/@:\s]*:)([^/@\s]+)(@)/;

/** A configuration as it may be shown: secrets that were written in clear are hidden, names of variables stay. Pure. */
export function withoutSecrets(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => withoutSecrets(each, key));
  if (isMapping(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutSecrets(each, name)]));
  }
  if (typeof value !== 'string') return value;
  if (SECRET_KEY.test(key)) return value === '' || VARIABLE.test(value) ? value : HIDDEN;
  return value.replace(IN_ADDRESS, (whole, before: string, secret: string, after: string) =>
    VARIABLE.test(secret) ? whole : `${before}${HIDDEN}${after}`,
  );
}

/**
 * A configuration that was shown and comes back: what is hidden in it is what was there. Throws SECRET_IN_CLEAR for a secret that was not
 * there: a file is no place for it. Pure.
 */
export function withSecrets(given: unknown, present: unknown, key = ''): unknown {
  if (Array.isArray(given)) {
    return given.map((each, index) => withSecrets(each, Array.isArray(present) ? present[index] : undefined, key));
  }
  if (isMapping(given)) {
    const fields = isMapping(present) ? present : {};
    return Object.fromEntries(
      Object.entries(given).map(([name, each]) => [name, withSecrets(each, fields[name], name)]),
    );
  }
  if (typeof given !== 'string') return given;
  if (typeof present === 'string' && (given === present || given === withoutSecrets(present, key))) return present;
  if (given.includes(HIDDEN) || withoutSecrets(given, key) !== given) throw secretInClear(key);
  return given;
}
