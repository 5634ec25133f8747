import { createServiceManager, type ServiceManager } from '@caruso/service-manager';
import { nodesComponent } from '@caruso/service-manager/nodes';
import { connect } from '@nats-io/transport-node';
import { loadPeer } from '../peers.js';
import { CheckedAdder, checkedAdder } from './caruso.js';
import { addition } from './competitor.js';
import type { Broker, Moleculer } from './moleculer.js';

/** Two processes with NATS between: one serves additions, the other calls them. */
export interface OverNats {
  serve(url: string): Promise<unknown>;
  /** Gives the way to one addition, once the other process is there. */
  caller(url: string): Promise<() => Promise<unknown>>;
}

interface Numbers {
  a: number;
  b: number;
}

const caruso: OverNats = {
  async serve(url) {
    const manager = node('server', url);
    manager.install('checked-adder', checkedAdder);
    await manager.start();
  },
  async caller(url) {
    const manager = node('caller', url);
    await manager.start();
    const client = manager.use(CheckedAdder, '^1.0');
    while (manager.services.providers(CheckedAdder).length === 0) await pause();
    return () => client.add({ a: 1, b: 2 });
  },
};

function node(name: string, servers: string): ServiceManager {
  const manager = createServiceManager();
  const cluster = { servers, secret: 'between two processes of one benchmark' };
  const config = { node: name, house: 'bench', where: 'a benchmark', cluster };
  manager.install('nodes', nodesComponent(manager.links), config);
  return manager;
}

/** Nothing checked: the leanest it can be. */
const moleculer: OverNats = {
  async serve(url) {
    const broker = newBroker('server', url);
    broker.createService({
      name: 'adder',
      actions: { add: ({ params }: { params: Numbers }) => addition.add(params.a, params.b) },
    });
    await broker.start();
  },
  async caller(url) {
    const broker = newBroker('caller', url);
    await broker.start();
    await broker.waitForServices(['adder']);
    return () => broker.call('adder.add', { a: 1, b: 2 });
  },
};

function newBroker(nodeID: string, transporter: string): Broker {
  const { ServiceBroker } = loadPeer<Moleculer>('moleculer');
  return new ServiceBroker({ nodeID, transporter, logger: false, metrics: false, tracing: false, validator: false });
}

/** NATS' own request and answer, by the client that ours uses, with JSON as content. */
const nats: OverNats = {
  async serve(url) {
    const connection = await connect({ servers: url });
    connection.subscribe('adder.add', {
      callback: (_error, message) => {
        const { a, b } = message.json<Numbers>();
        void addition.add(a, b).then((sum) => message.respond(JSON.stringify(sum)));
      },
    });
    await connection.flush();
  },
  async caller(url) {
    const connection = await connect({ servers: url });
    return async () =>
      (await connection.request('adder.add', JSON.stringify({ a: 1, b: 2 }), { timeout: 10_000 })).json();
  },
};

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

export const overNats: Record<string, OverNats> = { caruso, moleculer, nats };
