// Measures competitors in a process of its own: `task.js NAME COMPETITOR...` prints one line of JSON.
import { awilix } from './competitors/awilix.js';
import { caruso } from './competitors/caruso.js';
import type { Competitor } from './competitors/competitor.js';
import { cordis } from './competitors/cordis.js';
import { direct } from './competitors/direct.js';
import { inversify } from './competitors/inversify.js';
import { moleculer } from './competitors/moleculer.js';
import { callRate, median } from './figure.js';
import { needGraph } from './need-graph.js';

const competitors: Record<string, Competitor> = { caruso, direct, moleculer, cordis, awilix, inversify };

const [task = '', ...names] = process.argv.slice(2);
const chosen = names.map((name) => {
  const competitor = competitors[name];
  if (competitor === undefined) throw new Error(`nobody is called ${name}`);
  return { name, competitor };
});
console.log(JSON.stringify(Object.fromEntries(await measured())));
process.exit();

async function measured(): Promise<[name: string, value: number][]> {
  if (task === 'call' || task === 'checked') return callRates(task);
  const values: [string, number][] = [];
  for (const { name, competitor } of chosen) values.push([name, await once(competitor)]);
  return values;
}

async function once(competitor: Competitor): Promise<number> {
  if (task === 'boot' && competitor.boot !== undefined) return bootTime(competitor.boot);
  if (task === 'components' && competitor.components !== undefined) return bytesOfComponents(competitor.components);
  if (task === 'clients' && competitor.clients !== undefined) return bytesOfClients(competitor.clients);
  throw new Error(`nothing to measure as ${task}`);
}

/** Calls a second, awaited one after the other, in rounds in which each has its turn. */
async function callRates(kind: 'call' | 'checked'): Promise<[string, number][]> {
  const callers: { name: string; call: () => Promise<unknown>; rounds: number[] }[] = [];
  for (const { name, competitor } of chosen) {
    const call = await competitor[kind]?.();
    if (call === undefined) throw new Error(`${name} has no ${kind}`);
    if ((await call()) !== 3) throw new Error(`${name} adds wrongly`);
    callers.push({ name, call, rounds: [] });
  }
  for (let warm = 0; warm < 3; warm += 1) for (const { call } of callers) await callRate(call);
  for (let round = 0; round < 9; round += 1) for (const { call, rounds } of callers) rounds.push(await callRate(call));
  return callers.map(({ name, rounds }) => [name, median(rounds)]);
}

/** Once: who starts has nothing compiled. */
async function bootTime(boot: NonNullable<Competitor['boot']>): Promise<number> {
  const graph = needGraph(500);
  const begin = performance.now();
  const active = await boot(graph);
  const time = performance.now() - begin;
  if (active !== graph.length) throw new Error(`${active} of ${graph.length} are active`);
  return time;
}

async function bytesOfComponents(components: NonNullable<Competitor['components']>): Promise<number> {
  const count = 1000;
  // What the first ones load stays out of the figure.
  const first = await components(10);
  const before = heap();
  const kept = await components(count);
  const bytes = (heap() - before) / count;
  if (first === kept) throw new Error('one for both');
  return bytes;
}

async function bytesOfClients(clients: NonNullable<Competitor['clients']>): Promise<number> {
  const count = 1000;
  (await clients(10))();
  const take = await clients(count);
  const before = heap();
  const kept = take();
  const bytes = (heap() - before) / count;
  if (kept.length !== count) throw new Error('not all were taken');
  return bytes;
}

function heap(): number {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc');
  for (let each = 0; each < 4; each += 1) globalThis.gc();
  return process.memoryUsage().heapUsed;
}
