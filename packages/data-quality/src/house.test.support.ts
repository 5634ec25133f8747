import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import objects from '@caruso/business-objects';
import { BusinessObjects, Model } from '@caruso/business-objects/contract';
import { createDeclarations, folderOf } from '@caruso/declarations';
import { createServiceManager } from '@caruso/service-manager';
import { actingAs, type Log, type Principal, VirtualClock } from '@caruso/service-manager/contract';
import storage from '@caruso/storage-manager';
import { Journal, Storage } from '@caruso/storage-manager/contract';
import quality from './component.js';
import { Matching, Quality } from './contract.js';

const own = path.resolve(import.meta.dirname, '../declarations/model');
const reviewFiles = Object.fromEntries(
  readdirSync(own).map((file) => [`model/${file}`, readFileSync(path.join(own, file), 'utf8')]),
);

/** Customers with what refers to them: in the same table, as part of a key, written by another component, in another database. */
export const MODEL = {
  'model/customer.yaml': `object: Customer
notes: true
attributes:
  customerNo: { type: text, key: true }
  name: { type: text, required: true, search: true, normalise: name, survivor: longest }
  email: { type: email, normalise: email, unique: true }
  phone: { type: phone, normalise: phone }
  city: { type: text }
  since: { type: date, survivor: smallest }
  secret: { type: text, sensitive: true }
  referredBy: { to: Customer }
  openCases: { count: cases }
  display: { formula: name }
relations:
  cases: { many: Case, by: customer }
  interests: { many: Interest, table: true }
  friends: { many: Customer, table: true }
  clubs: { many: Club, through: Joining }
duplicates:
  - same: [email]
  - same: [name ~ 0.95, phone]
  - perhaps: [name ~ 0.9, city]
rights:
  agent: { read: all, write: all, create: true, hide: [secret] }
  partner: { read: "city = user.city", write: all, create: true }
  supervisor: all
  administrator: all
`,
  'model/case.yaml': `object: Case
attributes:
  id: { type: text, key: generated }
  customer: { to: Customer, required: true }
  subject: text
`,
  'model/membership.yaml': `object: Membership
attributes:
  customer: { to: Customer, key: true }
  club: { type: text, key: true, length: 40 }
  level: text
`,
  'model/interest.yaml': `object: Interest
database: billing
attributes:
  name: { type: text, key: true, length: 40 }
relations:
  customers: { many: Customer, inverse: interests }
`,
  'model/club.yaml': `object: Club
attributes:
  name: { type: text, key: true, length: 40 }
`,
  'model/joining.yaml': `object: Joining
attributes:
  id: { type: text, key: generated }
  customer: { to: Customer, required: true }
  club: { to: Club, required: true }
`,
  'model/visit.yaml': `object: Visit
written by: scribe
attributes:
  id: { type: text, key: true }
  customer: { to: Customer }
`,
  'model/invoice.yaml': `object: Invoice
database: billing
attributes:
  number: { type: integer, key: true }
  customer: { to: Customer }
`,
};

export const agent: Principal = { kind: 'user', id: 'anna', name: 'Anna', roles: ['agent'] };
export const supervisor: Principal = { kind: 'user', id: 'sam', name: 'Sam', roles: ['supervisor'] };
export const partner: Principal = {
  kind: 'user',
  id: 'pat',
  name: 'Pat',
  roles: ['partner'],
  attributes: { city: 'Delft' },
};
const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

export interface DatabaseUnderTest {
  name: string;
  /** Addresses for this test alone; undefined where no server answers. */
  open(): Promise<{ main: string; billing: string; close(): Promise<void> } | undefined>;
}

const mariadb = process.env['CARUSO_TEST_MARIADB'] ?? 'mariadb://root@127.0.0.1:3306/test';
const server = process.env['CARUSO_TEST_POSTGRES'] ?? 'postgres://root@127.0.0.1:5432/test';

export const databases: DatabaseUnderTest[] = [
  {
    name: 'SQLite',
    open: async () => ({ main: 'sqlite::memory:', billing: 'sqlite::memory:', close: async () => {} }),
  },
  {
    name: 'PostgreSQL',
    async open() {
      const name = `quality_${process.pid}_${Math.random().toString(36).slice(2, 8)}`;
      const schemas = [`${name}_main`, `${name}_billing`] as const;
      const [main, billing] = schemas.map((schema) => `${server}?schema=${schema}`) as [string, string];
      const run = async (work: (store: Awaited<ReturnType<typeof opened>>) => Promise<void>) => {
        const store = await opened(server);
        try {
          await work(store);
        } finally {
          await store.stop();
        }
      };
      try {
        await run(async () => {});
      } catch (error) {
        if (process.env['CARUSO_REQUIRE_ALL']) throw error;
        process.stderr.write(
          `skipped: PostgreSQL does not answer at ${server}; start it, or set CARUSO_TEST_POSTGRES\n`,
        );
        return undefined;
      }
      const close = () =>
        run(async ({ storage: api }) => {
          for (const schema of schemas)
            await api.query('target', (knex) => knex.raw(`drop schema if exists "${schema}" cascade`));
        });
      return { main, billing, close };
    },
  },
  {
    name: 'MariaDB',
    async open() {
      const base = `quality_${process.pid}_${Math.random().toString(36).slice(2, 8)}`;
      const names = [`${base}_main`, `${base}_billing`] as const;
      const [main, billing] = names.map((name) => mariadb.replace(/[^/]*$/, name)) as [string, string];
      try {
        await (await opened(mariadb)).stop();
      } catch (error) {
        if (process.env['CARUSO_REQUIRE_ALL']) throw error;
        process.stderr.write(`skipped: MariaDB does not answer at ${mariadb}; start it, or set CARUSO_TEST_MARIADB\n`);
        return undefined;
      }
      const close = async () => {
        const { storage: api, stop } = await opened(mariadb);
        for (const name of names) await api.query('target', (knex) => knex.raw(`drop database if exists "${name}"`));
        await stop();
      };
      return { main, billing, close };
    },
  },
];

async function opened(url: string) {
  const manager = createServiceManager({ log: silent });
  manager.install('storage', storage, {
    databases: { main: 'sqlite::memory:', target: { url, managed: false } },
    folder: '/',
  });
  await manager.start();
  const api = manager.use(Storage, '^1.0');
  if (api.databases().find(({ name }) => name === 'target')?.reachable !== true) {
    await manager.stop();
    throw new Error('it does not answer');
  }
  return { storage: api, stop: () => manager.stop() };
}

/** A front office of business objects with their quality, over real databases. */
export async function house(urls: { main: string; billing: string }, files: Record<string, string> = MODEL) {
  const clock = new VirtualClock(Date.UTC(2026, 5, 15, 10));
  const manager = createServiceManager({ clock, log: silent });
  const list = { main: { url: urls.main, managed: true }, billing: { url: urls.billing, managed: true } };
  const declarations = createDeclarations(folderOf({ ...files, ...reviewFiles }, { databases: list, locale: 'nl-NL' }));
  manager.install('declarations', declarations.component);
  manager.install('storage', storage, { databases: { main: urls.main, billing: urls.billing }, folder: '/' });
  manager.install('objects', objects);
  manager.install('quality', quality);
  await manager.start();
  const waiting = manager.services.tree().filter(({ state }) => state !== 'active');
  if (waiting.length > 0) throw new Error(JSON.stringify(waiting));
  const client = manager.use(BusinessObjects, '^1.0');
  return {
    manager,
    clock,
    objects: client,
    quality: manager.use(Quality, '^1.0'),
    matching: manager.use(Matching, '^1.0'),
    model: manager.use(Model, '^1.0'),
    journal: manager.use(Journal, '^1.0'),
    storage: manager.use(Storage, '^1.0'),
    update: (next: Record<string, string>) =>
      declarations.update(folderOf({ ...next, ...reviewFiles }, { databases: list, locale: 'nl-NL' })),
    as: <T>(principal: Principal, work: () => Promise<T>) => actingAs(principal, work),
    /** Values of all records of an object, without what is computed. */
    async all(object: string, sort: string[] = []) {
      return (await client.find({ object, sort })).records;
    },
    stop: () => manager.stop(),
  };
}
export type House = Awaited<ReturnType<typeof house>>;
