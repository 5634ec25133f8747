import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import objects from '@caruso/business-objects';
import { BusinessObjects, Model } from '@caruso/business-objects/contract';
import quality from '@caruso/data-quality';
import { createDeclarations, folderOf } from '@caruso/declarations';
import { createServiceManager } from '@caruso/service-manager';
import { actingAs, type Clock, type Log, type Principal } from '@caruso/service-manager/contract';
import storage from '@caruso/storage-manager';
import { Journal, Storage } from '@caruso/storage-manager/contract';
import exchange from './component.js';
import { Exchange, type ExportQuery, type ImportStatus, Imports } from './contract.js';

const shipped = ['data-exchange', 'data-quality'].flatMap((name) => {
  const folder = path.resolve(import.meta.dirname, '../..', name, 'declarations/model');
  return readdirSync(folder).map((file) => [`model/${file}`, readFileSync(path.join(folder, file), 'utf8')] as const);
});

const MODEL = {
  'model/customer.yaml': `object: Customer
attributes:
  customerNo: { type: text, key: true, pattern: "C[0-9]+", label: Customer number }
  name: { type: text, required: true, normalise: name, label: Naam }
  email: { type: email, normalise: email, unique: true }
  city: { type: text }
  since: { type: date }
  worth: { type: money, currency: EUR }
  segment: { type: one of, values: [household, business], default: household }
  secret: { type: text }
  labels: tags
  born: { type: date, sensitive: true }
  budget: { type: money, currency: EUR, sensitive: true }
  referredBy: { to: Customer }
  orders: { count: cases }
relations:
  cases: { many: Case, by: customer }
duplicates:
  - same: [email]
  - perhaps: [name ~ 0.9, city]
rights:
  supervisor: { read: "city <> 'Hidden'", write: all, create: true, hide: [secret] }
  administrator: all
`,
  'model/case.yaml': `object: Case
attributes:
  id: { type: text, key: generated }
  customer: { to: Customer }
`,
};

export const sam: Principal = { kind: 'user', id: 'sam', name: 'Sam', roles: ['supervisor'] };
export const sue: Principal = { kind: 'user', id: 'sue', name: 'Sue', roles: ['supervisor'] };
export const ada: Principal = { kind: 'user', id: 'ada', name: 'Ada', roles: ['administrator'] };
export const anna: Principal = { kind: 'user', id: 'anna', name: 'Anna', roles: ['agent'] };
const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** Business objects, their quality, their import and export, over a real database. */
export async function house(
  main = 'sqlite::memory:',
  config: object = {},
  { clock, matching = quality }: { clock?: Clock; matching?: typeof quality } = {},
) {
  const manager = createServiceManager({ log: silent, ...(clock === undefined ? {} : { clock }) });
  const folder = (model: Record<string, string>) =>
    folderOf(
      { ...model, ...Object.fromEntries(shipped) },
      { databases: { main: { url: main, managed: true } }, locale: 'nl-NL', timezone: 'Europe/Amsterdam' },
    );
  const declarations = createDeclarations(folder(MODEL));
  manager.install('declarations', declarations.component);
  manager.install('storage', storage, { databases: { main }, folder: '/' });
  manager.install('objects', objects);
  manager.install('quality', matching);
  manager.install('exchange', exchange, config);
  await manager.start();
  const waiting = manager.services.tree().filter(({ state }) => state !== 'active');
  if (waiting.length > 0) throw new Error(JSON.stringify(waiting));
  const imports = manager.use(Imports, '^1.0');
  const files = manager.use(Exchange, '^1.0');
  const as = <T>(principal: Principal, work: () => Promise<T>) => actingAs(principal, work);
  /** The status once a pass is over. */
  const settled = async (id: string, who = sam): Promise<ImportStatus> => {
    for (;;) {
      const status = await as(who, () => imports.status({ import: id }));
      if (!['reading', 'checking', 'running', 'undoing', 'clearing'].includes(status.state)) return status;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  return {
    manager,
    imports,
    files,
    as,
    settled,
    objects: manager.use(BusinessObjects, '^1.0'),
    model: manager.use(Model, '^1.0'),
    journal: manager.use(Journal, '^1.0'),
    storage: manager.use(Storage, '^1.0'),
    /** Sends a file, and waits until it is read. */
    async send(text: string, fileName = 'customers.csv', who = sam): Promise<ImportStatus> {
      const sent = await as(who, () =>
        files.receive({ object: 'Customer', fileName }, Readable.from([Buffer.from(text)])),
      );
      return settled(sent.import, who);
    },
    async pass(method: 'check' | 'run' | 'undo', id: string, who = sam): Promise<ImportStatus> {
      await as(who, () => imports[method]({ import: id }));
      return settled(id, who);
    },
    async export(query: Omit<ExportQuery, 'object'>, who = sam): Promise<Buffer> {
      return as(who, async () => {
        const { bytes } = await files.export({ object: 'Customer', ...query });
        const parts: Uint8Array[] = [];
        for await (const part of bytes) parts.push(part);
        return Buffer.concat(parts);
      });
    },
    /** Gives the customers another name. */
    async rename(to: string): Promise<void> {
      const renamed = Object.entries(MODEL).map(([file, text]) => [
        file,
        text.replaceAll(/\bCustomer\b(?! number)/g, to),
      ]);
      const model = Object.fromEntries(renamed) as typeof MODEL;
      model['model/customer.yaml'] += 'was: Customer\n';
      declarations.update(folder(model));
      const names = async () => (await as(ada, () => manager.use(BusinessObjects, '^1.0').describe({}))).objects;
      while (!(await names()).some(({ name }) => name === to)) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    stop: () => manager.stop(),
  };
}
export type House = Awaited<ReturnType<typeof house>>;
