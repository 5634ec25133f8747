import { apart, type Contest, together } from './contest.js';
import { type Figure, figure } from './figure.js';

/** What may be asked for. */
export const benches = ['call-local', 'boot-500', 'idle-memory'];

const peers = ['moleculer', 'cordis', 'awilix', 'inversify'];

/** The service manager against its peers: calls within a process, start of many components, memory at rest. */
export async function serviceManager(wanted: (name: string) => boolean): Promise<Figure[]> {
  const figures: Figure[] = [];
  const add = async (name: string, unit: Figure['unit'], what: string, contest: () => Promise<Contest>) => {
    // `call-local` asks for all whose name begins with it.
    if (benches.some((bench) => name.startsWith(bench) && wanted(bench))) {
      figures.push(figure({ name, unit, what, ...(await contest()) }));
    }
  };
  await add(
    'call-local',
    '1/s',
    'asynchronous calls a second through the client of a local contract, awaited one after the other; all in one process, which follows the present call through promises (AsyncLocalStorage)',
    () => together('call', ['direct', ...peers]),
  );
  await add(
    'call-local-apart',
    '1/s',
    'the same, each in a process of its own; only ours has promises followed there, which Node 20 charges to each of them',
    () => apart('call', ['direct', ...peers], 3),
  );
  await add(
    'call-local-checked',
    '1/s',
    'calls a second of a remote contract within the process: input and output checked, principal and deadline carried; moleculer with its validator checks the input; all in one process',
    () => together('checked', ['direct', 'moleculer']),
  );
  await add('call-local-checked-apart', '1/s', 'the same, each in a process of its own', () =>
    apart('checked', ['direct', 'moleculer'], 3),
  );
  await add(
    'boot-500',
    'ms',
    '500 components with needs (chains, fan-in), installed in any order, until all are active; each in a fresh process. awilix and inversify only wire objects; moleculer asks for dependencies every millisecond here, once a second by itself',
    () => apart('boot', peers, 5),
  );
  await add('idle-memory-component', 'bytes', 'heap of an idle component with a contract of one method', () =>
    apart('components', peers, 3),
  );
  await add(
    'idle-memory-client',
    'bytes',
    'heap of a held client of five methods, against an object of five closures over a place where the provider is found',
    () => apart('clients', ['direct'], 3),
  );
  return figures;
}
