import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import objects from '@caruso/business-objects';
import { BusinessObjects } from '@caruso/business-objects/contract';
import { createDeclarations, folderOf } from '@caruso/declarations';
import { createServiceManager } from '@caruso/service-manager';
import {
  type AnyComponent,
  type Clock,
  defineComponent,
  type Log,
  type Principal,
} from '@caruso/service-manager/contract';
import storage from '@caruso/storage-manager';
import { Journal } from '@caruso/storage-manager/contract';
import { z } from 'zod';
import communication from './component.js';
import { Channel, Communication, type Message } from './contract.js';

/** The folder `declarations` of this package. */
const shipped = path.resolve(import.meta.dirname, '../declarations');

/** The model files that this package ships. */
function ownModel(declarations: string): Record<string, string> {
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

const files: Record<string, string> = {
  'model/customer.yaml': customer,
  'queues.yaml': queues,
  'campaigns/reading.yaml': campaign,
};

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

export const user = (id: string, ...roles: string[]): Principal => ({ kind: 'user', id, name: id, roles });

/** The far end of a channel: what reaches the customer. Fails as told. */
class FarEnd {
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

export interface FrontOfficeOptions {
  clock: Clock;
  database?: string;
  /** Files in place of, or beside, the usual ones. */
  changes?: Record<string, string>;
  log?: Log;
  /** Where this package's declarations are. */
  declarations?: string;
}

/** A small front office on real storage and business objects. */
export async function startFrontOffice(options: FrontOfficeOptions) {
  const { clock, database = 'sqlite::memory:', changes = {}, log = quiet, declarations = shipped } = options;
  const texts = { ...ownModel(declarations), ...files, ...changes };
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
  return {
    manager,
    farEnd,
    communication: manager.services.use(Communication, '^1.0'),
    objects: manager.services.use(BusinessObjects, '^1.0'),
    journal: manager.services.use(Journal, '^1.0'),
    /** Other texts take the place of the declarations. */
    redeclare: (more: Record<string, string>) => holder.update(folderOf({ ...texts, ...more }, manifest)),
  };
}
