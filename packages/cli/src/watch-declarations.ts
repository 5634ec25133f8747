import { isDeepStrictEqual } from 'node:util';
import { type Folder, formatFault, hasErrors } from '@caruso/declarations';
import { type Log, systemClock } from '@caruso/service-manager/contract';
import { watch } from 'chokidar';
import { messageOf } from './errors.js';
import { inspect } from './front-office.js';
import type { House } from './house.js';
import type { Io } from './io.js';
import { replaceComponent } from './watch-services.js';

/** Milliseconds of rest after the last of several saves. */
const REST = 120;

/**
 * Reads the declarations anew whenever one is saved (`caruso dev`). Faults are told and change nothing; without any the components
 * see the new declarations, and those whose configuration changed are replaced. Gives the way to stop watching.
 */
export async function watchDeclarations(
  io: Io,
  house: House,
  log: Log,
  told: (line: string) => void,
): Promise<() => Promise<void>> {
  const roots = house
    .folder()
    .layers.map((layer) => layer.root)
    .filter((root) => !root.includes('/node_modules/'));
  const watcher = watch(roots, {
    ignoreInitial: true,
    ignored: (path, stats) => ignored(path, stats?.isFile() ?? false, roots),
    awaitWriteFinish: { stabilityThreshold: 40, pollInterval: 10 },
  });
  let cancel = () => {};
  let last: Promise<void> = Promise.resolve();
  watcher.on('all', () => {
    cancel();
    cancel = systemClock.after(REST, () => {
      last = last.then(() => reread(io, house, log, told));
    });
  });
  await new Promise<void>((ready) => watcher.once('ready', ready));
  return async () => {
    cancel();
    await watcher.close();
    await last;
  };
}

function ignored(path: string, isFile: boolean, roots: readonly string[]): boolean {
  const inside =
    roots.map((root) => (path.startsWith(`${root}/`) ? path.slice(root.length) : '')).find((each) => each !== '') ?? '';
  if (/\/(node_modules|dist|data|\.[^/]*)(\/|$)/.test(inside)) return true;
  return isFile && !/\.(yaml|yml|xml)$/.test(path);
}

async function reread(io: Io, house: House, log: Log, told: (line: string) => void): Promise<void> {
  try {
    const before = house.folder();
    const { folder, faults: found } = await inspect(io, before.root, house.settings, log);
    for (const fault of found) told(formatFault(fault));
    if (hasErrors(found)) {
      told('what was read before serves on');
      return;
    }
    house.update(folder);
    told(`declarations read anew at ${new Date(systemClock.now()).toISOString()}`);
    await follow(io, house, before, folder, log, told);
  } catch (error) {
    log.error({ err: error }, messageOf(error));
    told(`the declarations could not be read anew: ${messageOf(error)}`);
  }
}

/** Components whose entry changed are replaced, new ones installed, those left out stopped. */
async function follow(
  io: Io,
  house: House,
  before: Folder,
  after: Folder,
  log: Log,
  told: (line: string) => void,
): Promise<void> {
  for (const [name, entry] of Object.entries(after.manifest.components)) {
    if (!entry.enabled) continue;
    const was = before.manifest.components[name];
    const same = was?.enabled === true && was.use === entry.use && isDeepStrictEqual(was.config, entry.config);
    if (!same) await replaceComponent(house, name, io.cwd, log, told, { unlessSame: false });
  }
  for (const name of house.loaded.keys()) {
    if (after.manifest.components[name]?.enabled === true) continue;
    await house.manager.uninstall(name);
    house.loaded.delete(name);
    told(`stopped ${name}, which the configuration no longer names`);
  }
}
