import { dirname, relative, resolve, sep } from 'node:path';
import { formatFault } from '@caruso/declarations';
import type { Log } from '@caruso/service-manager/contract';
import { watch } from 'chokidar';
import { componentFaults } from './component-faults.js';
import { configOf, type House } from './house.js';
import { load } from './load-component.js';

/** Milliseconds a file must have rested: editors write in several steps. */
const SETTLED = 40;

/**
 * Replaces a component in the running front office whenever its file is saved. A file that cannot be used changes nothing: the
 * generation that serves serves on, and the fault is told. Gives the way to stop watching.
 *
 * @param told one line for people, for each replacement and each fault
 */
export async function watchServices(
  house: House,
  cwd: string,
  log: Log,
  told: (line: string) => void,
): Promise<() => Promise<void>> {
  // A file may import its neighbours, so every file beside it counts; one that means the same as before is left alone.
  const folders = new Map<string, string[]>();
  for (const [name, entry] of Object.entries(house.folder().manifest.components)) {
    if (!entry.enabled || !entry.use.startsWith('.')) continue;
    const beside = dirname(resolve(entry.from, entry.use));
    folders.set(beside, [...(folders.get(beside) ?? []), name]);
  }
  if (folders.size === 0) return async () => {};
  let last: Promise<void> = Promise.resolve();
  const watcher = watch([...folders.keys()], {
    ignoreInitial: true,
    depth: 3,
    ignored: (path, stats) => (stats?.isFile() ?? false) && !/\.[mc]?[jt]sx?$|\.json$/.test(path),
    awaitWriteFinish: { stabilityThreshold: SETTLED, pollInterval: 10 },
  });
  const changed = (path: string) => {
    for (const [folder, names] of folders) {
      if (!path.startsWith(`${folder}${sep}`)) continue;
      for (const name of names)
        last = last.then(() => replaceComponent(house, name, cwd, log, told, { unlessSame: true }));
    }
  };
  watcher.on('change', changed).on('add', changed);
  await new Promise<void>((ready) => watcher.once('ready', ready));
  return async () => {
    await watcher.close();
    await last;
  };
}

/** Loads the component anew and puts it in the place of the one that serves. Never throws. */
export async function replaceComponent(
  house: House,
  name: string,
  cwd: string,
  log: Log,
  told: (line: string) => void,
  options: { unlessSame: boolean },
): Promise<void> {
  const folder = house.folder();
  const entry = folder.manifest.components[name];
  if (entry === undefined) return;
  const shown =
    relative(folder.root, entry.from) === '' ? entry.use : `${entry.use} of ${relative(folder.root, entry.from)}`;
  try {
    const next = await load(name, entry, folder, cwd);
    const present = house.loaded.get(name);
    if (options.unlessSame && next.file !== undefined && present?.file?.hash === next.file.hash) return;
    const config = configOf(folder, name, next, house.settings);
    if (present === undefined) {
      house.manager.install(name, next.component, config, { source: next.source });
      house.loaded.set(name, next);
      log.info({ component: name }, `'${name}' was installed from ${shown}`);
      told(`installed ${name} from ${shown}`);
      return;
    }
    const report = await house.manager.replace(name, next.component, config, { source: next.source });
    house.loaded.set(name, next);
    log.info({ component: name, report }, `'${name}' was replaced: generation ${report.generation} serves`);
    const calls =
      report.abandoned > 0 ? `${report.drained} calls finished, ${report.abandoned} given up` : 'no call was lost';
    told(
      `replaced ${name}: ${report.from} -> ${report.to}, generation ${report.generation} is ${report.state}, ${calls}`,
    );
  } catch (error) {
    for (const fault of componentFaults(folder, name, error)) told(formatFault(fault));
    told(`${name} was not replaced; ${house.loaded.has(name) ? 'what served before serves on' : 'it is not there'}`);
  }
}
