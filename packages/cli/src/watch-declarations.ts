import { join } from 'node:path';
import { type Fault, formatFault, hasErrors, sameDeclarations } from '@caruso/declarations';
import { systemClock } from '@caruso/service-manager/contract';
import { watch } from 'chokidar';
import { messageOf } from './errors.js';
import { changedEntries, followManifest } from './follow-manifest.js';
import { inspect } from './front-office.js';
import type { House } from './house.js';
import type { Io } from './io.js';
import { readManifestText } from './manifest-file.js';

/** Milliseconds of rest after the last of several saves. */
const REST = 120;

/**
 * Reads the declarations anew whenever one is saved: with `all` every kind (`caruso dev`), else caruso.yaml alone. Faults are told and
 * change nothing; without any the components see the new declarations, and those whose entry changed follow it. Gives the way to stop
 * watching.
 *
 * @param options.done told after each reading that was taken over
 */
export async function watchDeclarations(
  io: Io,
  house: House,
  told: (line: string) => void,
  options: { all: boolean; done: () => void },
): Promise<() => Promise<void>> {
  const roots = house
    .folder()
    .layers.map((layer) => layer.root)
    .filter((root) => !root.includes('/node_modules/'));
  const watcher = watch(options.all ? roots : roots.map((root) => join(root, 'caruso.yaml')), {
    ignoreInitial: true,
    ignored: (path, stats) => ignored(path, stats?.isFile() ?? false, roots),
    awaitWriteFinish: { stabilityThreshold: 40, pollInterval: 10 },
  });
  let cancel = () => {};
  let last: Promise<void> = Promise.resolve();
  watcher.on('all', () => {
    cancel();
    cancel = systemClock.after(REST, () => {
      last = last.then(() => reread(io, house, told, options));
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

async function reread(
  io: Io,
  house: House,
  told: (line: string) => void,
  options: { all: boolean; done: () => void },
): Promise<void> {
  try {
    const before = house.folder();
    const text = readManifestText(before);
    const { folder, faults } = await inspect(io, before.root, house.settings, house.log);
    // Written meanwhile, for instance by an administrator: that is another reading.
    if (readManifestText(folder) !== text) return;
    // What was saved through a tool while this was read is newer.
    if (house.folder() !== before) return await reread(io, house, told, options);
    // A tool saved it: what it says is in effect already.
    if (options.all && sameDeclarations(before, folder)) return;
    const names = changedEntries(before, folder);
    const found = options.all ? faults : faults.filter(concernsComponents);
    if (!options.all && names.length === 0 && !hasErrors(found)) return;
    for (const fault of found) told(formatFault(fault));
    if (hasErrors(found)) {
      told('what was read before serves on');
      return;
    }
    if (options.all) house.update(folder);
    else house.adopt(folder, names);
    told(`${options.all ? 'declarations' : 'components'} read anew at ${new Date(systemClock.now()).toISOString()}`);
    await followManifest(house, before, io.cwd, told);
    options.done();
  } catch (error) {
    house.log.error({ err: error }, messageOf(error));
    told(`the declarations could not be read anew: ${messageOf(error)}`);
  }
}

/** Faults of other declarations do not keep a component from its configuration. */
function concernsComponents({ file, code }: Fault): boolean {
  return file.endsWith('caruso.yaml') || code.startsWith('COMPONENT_');
}
