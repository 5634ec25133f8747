import { type Fault, type Folder, hasErrors, sortFaults } from '@caruso/declarations';
import { Gateway } from '@caruso/gateway/contract';
import type { Log } from '@caruso/service-manager/contract';
import { checkFolder } from './check-folder.js';
import type { HouseSettings } from './component-config.js';
import { askRunning, type Control, openControl } from './control.js';
import { makeDemoDatabases } from './demo-database.js';
import { withoutEchoes } from './echoes.js';
import { alreadyRunning, messageOf, notListening } from './errors.js';
import { firstAdministrator } from './first-administrator.js';
import { assemble, type House } from './house.js';
import { type Io, progress } from './io.js';
import { joinCluster, type NodeOptions } from './join-cluster.js';
import { loadAll } from './load-all.js';
import { openFrontOffice } from './places.js';
import { applySeeds, type SignIn, sortSeeds } from './seed.js';

export interface StartOptions {
  settings: HouseSettings;
  /** Demo data: on, off, or as the manifest says. */
  seed: boolean | undefined;
  /** Refuses to start with faults in the declarations, instead of leaving out what is faulty. */
  strict: boolean;
  /** Which part of the front office this process is, where it runs on several. */
  part?: NodeOptions;
  log: Log;
  now(): number;
}

/** A front office that runs. */
export interface FrontOffice {
  house: House;
  /** Where the gateway listens; undefined in a front office without one. */
  url: string | undefined;
  /** Its name among others, where the front office runs on several. */
  node: string | undefined;
  faults: Fault[];
  /** Made at this start, because nobody could sign in. */
  administrator: SignIn | undefined;
  stop(): Promise<void>;
}

/** Faults that keep a front office from starting. */
export class Refused extends Error {
  constructor(readonly faults: Fault[]) {
    super('the declarations have faults');
  }
}

/** What is looked at before anything runs: all layers, all components, all declarations. */
export async function inspect(
  io: Io,
  path: string,
  settings: HouseSettings,
  log: Log,
): Promise<{ folder: Folder; house: House; faults: Fault[] }> {
  const opened = openFrontOffice(io, path);
  if (opened.faults.some((fault) => fault.code === 'MANIFEST_MISSING')) {
    // A wrong path is no front office: what the base alone lacks would only hide that.
    const { house } = assemble(opened.folder, new Map(), settings, log, io);
    return { folder: opened.folder, house, faults: opened.faults };
  }
  const { loaded, faults: unloadable } = await loadAll(opened.folder, io.cwd);
  const { house, faults: uninstallable } = assemble(opened.folder, loaded, settings, log, io);
  const found = await checkFolder(opened.folder, house);
  const faults = sortFaults([...opened.faults, ...unloadable, ...uninstallable, ...found]);
  return { folder: opened.folder, house, faults: withoutEchoes(faults, opened.folder) };
}

/**
 * Starts a front office. A faulty declaration or component is told and left out, and the rest serves: a company must be able to answer
 * its telephone with one policy less. Without a readable caruso.yaml, or when the gateway does not come up, nothing starts.
 */
export async function startFrontOffice(io: Io, path: string, options: StartOptions): Promise<FrontOffice> {
  const { log, settings } = options;
  const { folder, house, faults } = await progress(io, 'Reading the declarations', () =>
    inspect(io, path, settings, log),
  );
  const fatal = faults.some((fault) => fault.code === 'MANIFEST_MISSING') || (options.strict && hasErrors(faults));
  if (fatal) throw new Refused(faults);
  const { part = {} } = options;
  const joins = part.node !== undefined;
  const running = await askRunning(folder, part.node);
  if (running !== undefined) {
    const what = joins ? `The node '${part.node}'` : 'The front office';
    throw alreadyRunning(folder.root, what, running.run.url, running.run.pid);
  }
  const node = await joinCluster(house, part);
  // What is made once is made by the first process.
  if (!joins) makeDemoDatabases(folder);
  const { manager } = house;
  let control: Control | undefined;
  const stop = async () => {
    await control?.close();
    await manager.stop();
  };
  try {
    control = await openControl(folder, manager, options.now(), part.node);
    await progress(io, 'Starting the components', () => manager.start());
    // First: without the gateway nothing starts, and what a seed says of that would only hide it.
    const url = await addressOf(house);
    if (!joins) await seed(io, house, options);
    const administrator = joins ? undefined : await firstAdministrator(manager);
    control.announce(url ?? '');
    return { house, url, node, faults, administrator, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function seed(io: Io, house: House, options: StartOptions): Promise<void> {
  const folder = house.folder();
  if (!(options.seed ?? folder.manifest.seed) || folder.sources('seed').length === 0) return;
  if (house.manager.services.providers('journal').length === 0) return;
  try {
    const { pending, altered } = await sortSeeds(house.manager, folder);
    for (const file of altered) {
      options.log.warn({ file }, `${file} was altered after it was applied; what it made stays as it is`);
    }
    if (pending.length === 0) return;
    await progress(io, 'Loading demo data', () => applySeeds(house.manager, folder, pending, options.now()));
  } catch (error) {
    io.err(`error: ${messageOf(error)}`);
    options.log.error({ err: error }, messageOf(error));
  }
}

/** Where the gateway listens. Throws NOT_LISTENING, with the reason from the service tree, when it should and does not. */
async function addressOf({ manager, loaded }: House): Promise<string | undefined> {
  const nodes = manager.services.tree();
  const gateway = nodes.find(
    (node) => node.node === undefined && node.provides.some((each) => each.contract === Gateway.id),
  );
  if (gateway === undefined) {
    if (loaded.has('gateway')) throw notListening("'gateway' provides no gateway");
    return undefined;
  }
  if (gateway.state !== 'active' && gateway.state !== 'degraded') {
    const waits = nodes
      .filter((node) => node.state === 'failed')
      .map((node) => `'${node.name}' failed: ${node.reason ?? ''}`);
    throw notListening([`'${gateway.name}' is ${gateway.state}: ${gateway.reason ?? ''}`, ...waits].join('; '));
  }
  const { url } = await manager.use(Gateway, '^1.0').address({});
  return url;
}
