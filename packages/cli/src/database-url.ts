import { basename, isAbsolute, relative, resolve } from 'node:path';
import { urlUnsupported } from './errors.js';

/** The address of a database, as `caruso import` writes it into caruso.yaml. */
export interface DatabaseAddress {
  /** To open it now. */
  url: string;
  /** A name for it: of the file, or of the database on its server. */
  name: string;
  /** To be written down: relative to the front office, and with a variable in place of what holds a password. */
  written: string;
  /** The variable that must then be set, where there is one. */
  variable?: string;
}

/**
 * Reads the address given on the command line. Throws DATABASE_URL_INVALID.
 *
 * @param cwd where a relative path of the command line begins
 * @param folder where a relative path of caruso.yaml begins
 */
export function readDatabaseUrl(given: string, cwd: string, folder: string, name?: string): DatabaseAddress {
  if (given.startsWith('sqlite:') && given.length > 'sqlite:'.length) {
    const path = resolve(cwd, given.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, ''));
    const near = relative(folder, path);
    const written = near.startsWith('../..') || isAbsolute(near) ? path : near.startsWith('.') ? near : `./${near}`;
    return {
      url: `sqlite:${path}`,
      name: name ?? nameOf(basename(path).replace(/\.\w+$/, '')),
      written: `sqlite:${written}`,
    };
  }
  if (/^(postgres(ql)?|mariadb|mysql):\/\/[^/]+\/[^/]/.test(given) && URL.canParse(given)) {
    const url = new URL(given);
    const own = name ?? nameOf(url.pathname.slice(1));
    if (url.password === '') return { url: given, name: own, written: given };
    const variable = `${own.replace(/\W/g, '_').toUpperCase()}_URL`;
    return { url: given, name: own, written: `\${${variable}}`, variable };
  }
  throw urlUnsupported(given);
}

/** A name as `databases:` takes it: lower-case letters, digits and hyphens, with a letter in front; never `main`. */
function nameOf(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');
  return name === '' || name === 'main' ? 'legacy' : name;
}
