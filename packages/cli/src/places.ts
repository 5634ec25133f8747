import { existsSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Fault, type Folder, findPackage, openFolder } from '@caruso/declarations';
import type { Io } from './io.js';

/** The folder of the package `@caruso/cli`. */
export const cliRoot = realpathSync(fileURLToPath(new URL('..', import.meta.url)));

/** The lowest layer of every front office. */
const baseFolder = join(cliRoot, 'base');

/** Folders from which packages are looked up after the front office's own: the cli's, then where the command was called. */
export function resolvePlaces(io: Pick<Io, 'cwd'>): string[] {
  return [cliRoot, io.cwd];
}

/**
 * Opens the front office in a folder, on top of the base.
 *
 * @param instead texts in the place of files of the folder, as it would be with them
 */
export function openFrontOffice(
  io: Io,
  folder: string,
  instead?: ReadonlyMap<string, string | null>,
): { folder: Folder; faults: Fault[] } {
  return openFolder(resolve(io.cwd, folder), {
    base: [baseFolder],
    resolveFrom: resolvePlaces(io),
    environment: io.env,
    ...(instead === undefined ? {} : { instead }),
  });
}

/** The built web application, where it is installed and built. */
export function webFolder(io: Pick<Io, 'cwd'>): string | undefined {
  const found = findPackage('@caruso/front-office', resolvePlaces(io));
  const dist = found === undefined ? undefined : join(found.root, 'dist');
  return dist !== undefined && existsSync(join(dist, 'index.html')) ? dist : undefined;
}

/** Where a running front office keeps what it needs to run, and nothing that must be kept. */
export function workFolder(folder: Pick<Folder, 'root'>): string {
  return join(folder.root, '.caruso');
}
