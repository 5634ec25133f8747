import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { findPackage, nearest } from '@caruso/declarations';
import { verticalUnknown } from './errors.js';
import type { Io } from './io.js';
import { resolvePlaces } from './places.js';

/** The verticals of the house, by the words people use. */
const SHORT: Readonly<Record<string, string>> = {
  utility: '@caruso/example-utility',
  banking: '@caruso/example-banking',
};

/** What a new front office is laid over. */
export interface Vertical {
  /** As `extends:` names it, from the new folder. */
  name: string;
  /** For a package. */
  package?: string;
  /** Where it is, when it is installed already. */
  root: string | undefined;
  /** What of it names its company, and has to be laid over. */
  names: { chat: boolean; portal: boolean; mail: boolean };
}

/** Resolves `--extends`. Throws VERTICAL_UNKNOWN. */
export function findVertical(io: Io, given: string, folder: string): Vertical {
  if (given.startsWith('.') || isAbsolute(given)) {
    const root = resolve(io.cwd, given);
    if (!existsSync(join(root, 'caruso.yaml'))) throw verticalUnknown(given, Object.keys(SHORT));
    const path = relative(folder, root).split('\\').join('/');
    return { name: path.startsWith('.') ? path : `./${path}`, root, names: namesIn(root) };
  }
  const ours = Object.hasOwn(SHORT, given);
  const name = ours ? SHORT[given] : given.includes('/') ? given : undefined;
  if (name === undefined) {
    const meant = nearest(given, Object.keys(SHORT));
    throw verticalUnknown(given, meant === undefined ? Object.keys(SHORT) : [meant]);
  }
  const root = findPackage(name, [folder, ...resolvePlaces(io)])?.root;
  const names = root === undefined ? { chat: ours, portal: ours, mail: ours } : namesIn(root);
  return { name, package: name, root, names };
}

function namesIn(root: string): Vertical['names'] {
  const holds = (file: string, what: RegExp) =>
    existsSync(join(root, file)) && what.test(readFileSync(join(root, file), 'utf8'));
  return {
    chat: holds('queues.yaml', /^ {2}chat:/m),
    portal: holds('screens/portal.yaml', /^portal:/m),
    mail: holds('caruso.yaml', /^ {2}mail:/m),
  };
}
