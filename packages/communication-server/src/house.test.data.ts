import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import objects from '@caruso/business-objects';
import { BusinessObjects } from '@caruso/business-objects/contract';
import { createDeclarations, folderOf } from '@caruso/declarations';
import {
  actingAs,
  type AnyComponent,
  defineComponent,
  type Log,
  type Principal,
  VirtualClock,
} from '@caruso/service-manager/contract';
import { createServiceManager } from '@caruso/service-manager';
import storage from '@caruso/storage-manager';
import { Journal } from '@caruso/storage-manager/contract';
import { vi } from 'vitest';
import { z } from 'zod';
import { Channel, Communication, type Message } from './contract.js';
import communication from './component.js';

const declarations = path.resolve(import.meta.dirname, '../declarations');

/** The model files that this package ships. */
export function ownModel(): Record<string, string> {
  const names = readdirSync(path.join(declarations, 'model'));
  return Object.fromEntries(
    names.map((name) => [`model/${name}`, readFileSync(path.join(declarations, 'model', name), 'utf8')]),
  );
}

const customer = `
object: Customer
attributes:
  customerNo: { type: text, key: true }
  name: { type: text }
  email: { type: email }
  phone: { type: phone }
  segment: { type: text }
  display: { formula: name }
rights:
  agent: { read: all }
  supervisor: { read: all }
`;

const queues = `
skills: { billing: 0..5, outage: 0..5 }
queues:
  general: { label: General, wrapUp: 60s }
  billing: { needs: [billing >= 2] }
  outages:
    needs: [outage >= 3]
    relax: [{ after: 60s, needs: [outage >= 1] }, { after: 3m, to: general }]
    priority: "customer.segment = 'key account' ? 10 : 5"
    wrapUp: { limit: 30s, complete: true }
channels:
  chat: { queue: "like(text, '%invoice%') ? 'billing' : 'general'", greeting: How can we help? }
  mail: { queue: general }
  voice: { queue: outages, script: outage }
contacts: { object: Customer, match: { chat: email, mail: email, voice: phone } }
offer: { expires: 20s, missed: 2 }
presence: [Break, Lunch]
dispositions: [Solved, Call back]
`;

const campaign = `
campaign: reading
label: Meter readings
for: Customer
where: segment = 'household'
channel: mail
subject: Your reading, {{ name }}
text: Dear {{ name }}, your number is {{ customerNo }}.
pace: 60 per minute
`;

export const files: Record<string, string> = {
  'model/customer.yaml': customer,
  'queues.yaml': queues,
  'campaigns/reading.yaml': campaign,
};

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

export const user = (id: string, ...roles: string[]): Principal => ({ kind: 'user', id, name: id, roles });

/** The far end of a channel: what reaches the customer. Fails as told. */
export class FarEnd {
  readonly sent: Message[] = [];
  readonly ended: string[] = [];
  fail: (() => Error) | undefined;

  get component(): AnyComponent {
    return defineComponent({
      provides: Channel,
      version: '1.0.0',
      needs: {},
      config: z.strictObject({}),
      create: ({ name }) => ({
        handlers: {
          describe: () => ({ channel: name, label: name, simulated: true, live: true, address: null }),
          send: ({ message }) => {
            if (this.fail !== undefined) throw this.fail();
            this.sent.push(message);
            return { details: { farEnd: this.sent.length } };
          },
          end: ({ interaction }) => {
            this.ended.push(interaction.id);
            return {};
          },
        },
      }),
    });
  }
}

/** A front office on real storage and business objects, with the time in the test's hands. */
export async function openHouse(options: { database?: string; clock?: VirtualClock; changes?: Record<string, string>; log?: Log } = {}) {
  const { database = 'sqlite::memory:', clock = new VirtualClock(), changes = {}, log = quiet } = options;
  const texts = { ...ownModel(), ...files, ...changes };
  const manifest = { timezone: 'Europe/Amsterdam', databases: { main: { url: database, managed: true } } };
  const holder = createDeclarations(folderOf(texts, manifest));
  const farEnd = new FarEnd();
  const manager = createServiceManager({ clock, log });
  manager.install('declarations', holder.component);
  manager.install('storage', storage, { folder: '/' });
  manager.install('objects', objects);
  manager.install('communication', communication);
  for (const channel of ['chat', 'mail', 'voice']) manager.install(channel, farEnd.component);
  await manager.start();
  await manager.settled();
  const client = manager.services.use(Communication, '^1.0');
  const journal = manager.services.use(Journal, '^1.0');
  return {
    manager,
    clock,
    farEnd,
    communication: client,
    objects: manager.services.use(BusinessObjects, '^1.0'),
    journal,
    /** Other texts take the place of the declarations. */
    redeclare: (more: Record<string, string>) => holder.update(folderOf({ ...texts, ...more }, manifest)),
    as: <T>(who: string, work: () => Promise<T>, role = 'agent'): Promise<T> => actingAs(user(who, role), work),
    async agent(agent: string, more: Partial<Parameters<typeof client.defineAgent>[0]> = {}): Promise<void> {
      await client.defineAgent({ agent, name: agent.toUpperCase(), queues: ['general', 'billing', 'outages'], ...more });
      await actingAs(user(agent, 'agent'), () => client.setPresence({ presence: 'ready' }));
    },
    arrive: (more: Partial<Parameters<typeof client.receive>[0]> = {}) =>
      client.receive({ channel: 'chat', messageId: `m${Math.round(clock.now())}-${serial++}`, contact: { address: 'v1', name: 'Vera' }, text: 'Hello', ...more }),
    desktop: (agent: string) => actingAs(user(agent, 'agent'), () => client.desktop({})),
    /** The offer on an agent's screen, once there is one. */
    offerTo: (agent: string) =>
      vi.waitFor(async () => {
        const { offers } = await actingAs(user(agent, 'agent'), () => client.desktop({}));
        const [first] = offers;
        if (first === undefined) throw new Error(`nothing is offered to ${agent}`);
        return first;
      }, 5000),
    /** Waits until a condition holds. */
    until: <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, 5000),
    types: async () => (await journal.read({ limit: 500 })).map((event) => event.type),
    stop: () => manager.stop(),
  };
}
export type House = Awaited<ReturnType<typeof openHouse>>;

let serial = 0;
