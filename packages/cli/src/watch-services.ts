import { existsSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import type { Folder } from '@caruso/declarations';
import { watch } from 'chokidar';
import type { House } from './house.js';
import { replaceComponent } from './replace-component.js';

/** Milliseconds a file must have rested: editors write in several steps. */
const SETTLED = 40;

export interface ServiceWatch {
  /** Also watches what components come from that were added meanwhile. */
  refresh(): void;
  close(): Promise<void>;
}

/**
 * Replaces a component in the running front office whenever its file is saved. A file that cannot be used changes nothing: the
 * generation that serves serves on, and the fault is told.
 *
 * @param told one line for people, for each replacement and each fault
 */
export async function watchServices(house: House, cwd: string, told: (line: string) => void): Promise<ServiceWatch> {
  let last: Promise<void> = Promise.resolve();
  const begun = [...foldersOf(house.folder()).keys()];
  const watcher = watch(begun, {
    ignoreInitial: true,
    depth: 3,
    ignored: (path, stats) => (stats?.isFile() ?? false) && !/\.[mc]?[jt]sx?$|\.json$/.test(path),
    awaitWriteFinish: { stabilityThreshold: SETTLED, pollInterval: 10 },
  });
  const changed = (path: string) => {
    for (const [folder, names] of foldersOf(house.folder())) {
      if (!path.startsWith(`${folder}${sep}`)) continue;
      for (const name of names) last = last.then(() => replaceComponent(house, name, cwd, told, { unlessSame: true }));
    }
  };
  watcher.on('change', changed).on('add', changed);
  // Nothing to watch is never ready.
  if (begun.length > 0) await new Promise<void>((ready) => watcher.once('ready', ready));
  return {
    refresh: () => void watcher.add([...foldersOf(house.folder()).keys()]),
    async close() {
      await watcher.close();
      await last;
    },
  };
}

/** Where files of components lie, and whose. A file may import its neighbours, so every file beside it counts. */
function foldersOf(folder: Folder): Map<string, string[]> {
  const own = join(folder.root, 'services');
  const folders = new Map<string, string[]>(existsSync(own) ? [[own, []]] : []);
  for (const [name, entry] of Object.entries(folder.manifest.components)) {
    if (!entry.enabled || !entry.use.startsWith('.')) continue;
    const beside = dirname(resolve(entry.from, entry.use));
    folders.set(beside, [...(folders.get(beside) ?? []), name]);
  }
  return folders;
}
