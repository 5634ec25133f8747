import { loadPeer } from '../peers.js';
import { type Addition, addition, type Competitor, type Part } from './competitor.js';

/** What is used of it. */
export interface Broker {
  createService(schema: object): unknown;
  start(): Promise<void>;
  waitForServices(names: readonly string[]): Promise<{ services: readonly string[] }>;
  call(action: string, params: object): Promise<unknown>;
}

export interface Moleculer {
  ServiceBroker: new (options: object) => Broker;
}

/** As lean as it comes, and asking for dependencies as often as timers allow: by itself it asks once a second. */
const options = { logger: false, metrics: false, tracing: false, dependencyInterval: 1 };

type Context = { params: { a: number; b: number } };
const add = ({ params }: Context) => addition.add(params.a, params.b);

export const moleculer: Competitor = {
  call: () => adder({ ...options, validator: false }, add),
  checked: () => adder(options, { params: { a: 'number', b: 'number' }, handler: add }),
  async boot(graph) {
    const broker = await started(graph);
    return (await broker.waitForServices(graph.map(({ name }) => name))).services.length;
  },
  components: (count) => started(Array.from({ length: count }, (_, each) => ({ name: `part-${each}`, needs: [] }))),
};

async function adder(settings: object, action: unknown): Promise<() => Promise<unknown>> {
  const broker = newBroker(settings);
  broker.createService({ name: 'adder', actions: { add: action } });
  await broker.start();
  return () => broker.call('adder.add', { a: 1, b: 2 });
}

async function started(graph: readonly Part[]): Promise<Broker> {
  const broker = newBroker({ ...options, validator: false });
  const target: Addition = addition;
  for (const { name, needs } of graph) {
    const handler = ({ params }: Context) => target.add(params.a, params.b);
    broker.createService({ name, dependencies: [...needs], actions: { add: handler } });
  }
  await broker.start();
  return broker;
}

function newBroker(settings: object): Broker {
  return new (loadPeer<Moleculer>('moleculer').ServiceBroker)(settings);
}
