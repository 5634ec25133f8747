import { formatFault } from '@caruso/declarations';
import { createLog } from '@caruso/service-manager';
import { systemClock } from '@caruso/service-manager/contract';
import { addressesOf, signInRows, table } from '../addresses.js';
import { nodeWithoutPart } from '../errors.js';
import { ExitCode } from '../exit-code.js';
import { type FrontOffice, Refused, startFrontOffice } from '../front-office.js';
import type { Io } from '../io.js';
import type { NodeOptions } from '../join-cluster.js';
import { webFolder } from '../places.js';
import { countFaults, printFaults } from '../report.js';
import { demoSignIns } from '../seed.js';
import { watchDeclarations } from '../watch-declarations.js';
import { watchServices } from '../watch-services.js';
import type { Invocation } from './command.js';

export interface ServeOptions {
  port?: number;
  host?: string;
  seed?: boolean;
  strict?: boolean;
  node?: string;
  components?: string[];
  without?: string[];
  log?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** `dev`: declarations are watched too. */
  watchAll?: boolean;
}

/** `caruso start` and `caruso dev`: runs the front office until it is asked to stop. */
export async function serve({ io, json }: Invocation, path: string, options: ServeOptions): Promise<number> {
  const log = createLog({ level: options.log ?? 'warn', pretty: io.tty, destination: process.stderr });
  const web = webFolder(io);
  const settings = {
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.host === undefined ? {} : { host: options.host }),
    ...(web === undefined ? {} : { web }),
    leaks: options.watchAll === true ? ('all' as const) : ('files' as const),
  };
  const stopped = stopRequest(io);
  let office: FrontOffice;
  try {
    const strict = options.strict ?? false;
    office = await startFrontOffice(io, path, {
      settings,
      seed: options.seed,
      strict,
      part: partOf(options),
      log,
      now: () => systemClock.now(),
    });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (json) io.out(JSON.stringify({ faults: error.faults }));
    else printFaults(io, error.faults);
    return ExitCode.faults;
  }
  const watchers = await watch(io, json, office, options);
  await announce(io, json, office);
  await stopped;
  if (!json) io.err('stopping ...');
  for (const close of watchers) await close();
  await office.stop();
  return ExitCode.well;
}

/** A node says which part it is: a second process that ran everything would do everything twice. */
function partOf({ node, components, without }: ServeOptions): NodeOptions {
  if (node !== undefined && components === undefined && without === undefined) throw nodeWithoutPart(node);
  return {
    ...(node === undefined ? {} : { node }),
    ...(components === undefined ? {} : { components }),
    ...(without === undefined ? {} : { without }),
  };
}

async function watch(io: Io, json: boolean, office: FrontOffice, options: ServeOptions) {
  const told = (line: string) => (json ? io.out(JSON.stringify({ event: line })) : io.out(line));
  const services = await watchServices(office.house, io.cwd, told);
  const all = options.watchAll === true;
  const declarations = await watchDeclarations(io, office.house, told, { all, done: () => services.refresh() });
  return [declarations, () => services.close()];
}

/** Resolves when the process is asked to end. A second request ends it at once. */
function stopRequest(io: Io): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    io.onStop(() => {
      if (asked) process.exit(ExitCode.faults);
      asked = true;
      resolve();
    });
  });
}

async function announce(io: Io, json: boolean, office: FrontOffice): Promise<void> {
  const { house, url, node, faults, administrator } = office;
  const folder = house.folder();
  const addresses = await addressesOf(office);
  const signIns = folder.manifest.seed && url !== undefined ? demoSignIns(folder) : [];
  const waiting = house.manager.services.tree().filter((line) => !['active', 'degraded'].includes(line.state));
  if (json) {
    const notServing = waiting.map(({ name, state, reason }) => ({ name, state, reason }));
    io.out(
      JSON.stringify({
        listening: url ?? null,
        ...(node === undefined ? {} : { node }),
        name: folder.name,
        addresses,
        signIns,
        administrator: administrator ?? null,
        faults,
        notServing,
      }),
    );
    return;
  }
  for (const fault of faults) io.err(formatFault(fault));
  if (faults.length > 0) io.err(`${countFaults(faults)}; what is faulty is left out, the rest serves`);
  for (const line of waiting) io.err(`'${line.name}' is ${line.state}: ${line.reason ?? ''}`);
  if (url !== undefined) io.out(`listening on ${url}`);
  if (node !== undefined) io.out(`node ${node}: ${[...house.loaded.keys()].join(', ')}`);
  io.out('');
  io.out(folder.name);
  for (const line of table(addresses.map(({ label, address }) => [`  ${label}`, address]))) io.out(line);
  if (administrator !== undefined) {
    io.out('');
    io.out(
      `Nobody could sign in yet. Administrator: ${administrator.user}  ${administrator.password}  (shown this once)`,
    );
  }
  if (signIns.length > 0) {
    io.out('');
    io.out('Demo sign-ins');
    for (const line of table(signInRows(signIns))) io.out(`  ${line}`);
  }
}
