import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import objects from '@caruso/business-objects';
import { BusinessObjects } from '@caruso/business-objects/contract';
import { createDeclarations, folderOf } from '@caruso/declarations';
import { createServiceManager } from '@caruso/service-manager';
import { actingAs, type Log, type Principal, VirtualClock } from '@caruso/service-manager/contract';
import storage from '@caruso/storage-manager';
import { Journal } from '@caruso/storage-manager/contract';
import webhooks from './component.js';
import { type DeliveryState, type WebhookMessage, Webhooks } from './contract.js';

const shipped = readFileSync(path.resolve(import.meta.dirname, '../declarations/model/webhook-delivery.yaml'), 'utf8');

const MODEL = {
  'model/webhook-delivery.yaml': shipped,
  'model/customer.yaml': `object: Customer
attributes:
  customerNo: { type: text, key: true }
  name: { type: text, required: true }
  region: { type: text }
  secret: { type: text }
rights:
  partner: { read: "region = user.region", hide: [secret] }
  auditor: { read: all }
  administrator: all
`,
};

export const SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const ada: Principal = { kind: 'user', id: 'ada', name: 'Ada', roles: ['administrator'] };
const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** What a receiver got. */
export interface Got {
  headers: Record<string, string>;
  text: string;
  message: WebhookMessage;
}

/** A real HTTP server that answers as told. */
export class Receiver {
  readonly got: Got[] = [];
  answer: (response: ServerResponse, got: Got) => void = (response) => response.end('ok');
  readonly #server = createServer((request, response) => this.#take(request, response));

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      const headers = request.headers as Record<string, string>;
      const got = { headers, text, message: JSON.parse(text) as WebhookMessage };
      this.got.push(got);
      this.answer(response, got);
    });
  }
}

/** Webhooks over business objects and a real database; time is virtual, the network is not. */
export async function house(config: Record<string, unknown>) {
  const clock = new VirtualClock(Date.UTC(2026, 5, 15, 10));
  const manager = createServiceManager({ log: silent, clock });
  const folder = folderOf(MODEL, { databases: { main: { url: 'sqlite::memory:', managed: true } } });
  manager.install('declarations', createDeclarations(folder).component);
  manager.install('storage', storage, { databases: { main: 'sqlite::memory:' }, folder: '/' });
  manager.install('objects', objects);
  manager.install('webhooks', webhooks, config);
  await manager.start();
  const waiting = manager.services.tree().filter(({ state }) => state !== 'active');
  if (waiting.length > 0) throw new Error(JSON.stringify(waiting));
  const customers = manager.use(BusinessObjects, '^1.0');
  const hooks = manager.use(Webhooks, '^1.0');
  const journal = manager.use(Journal, '^1.0');
  const as = <T>(work: () => Promise<T>) => actingAs(ada, work);
  const deliveries = async () =>
    (await as(() => customers.find({ object: 'WebhookDelivery', sort: ['at', 'id'], limit: 500 }))).records.map(
      ({ values }) => values as { id: string; state: DeliveryState; attempts: number; dueAt: string; problem: string },
    );
  return {
    clock,
    journal,
    deliveries,
    create: (values: Record<string, unknown>) => as(() => customers.create({ object: 'Customer', values })),
    update: (key: string, values: Record<string, unknown>) =>
      as(() => customers.update({ object: 'Customer', key, values })),
    remove: (key: string) => as(() => customers.delete({ object: 'Customer', key })),
    list: () => as(() => hooks.list({})),
    retry: (delivery: string) => as(() => hooks.retry({ delivery })),
    retryAll: (webhook: string) => as(() => hooks.retryAll({ webhook })),
    /** Waits, in real time, for what the network brings. */
    until: async (what: () => boolean | Promise<boolean>) => {
      for (let tries = 0; !(await what()); tries += 1) {
        if (tries > 400) throw new Error(`it did not come to that: ${JSON.stringify(await deliveries())}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    stop: () => manager.stop(),
  };
}

export type House = Awaited<ReturnType<typeof house>>;
