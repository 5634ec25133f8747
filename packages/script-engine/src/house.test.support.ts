import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import objects from '@caruso/business-objects';
import { BusinessObjects, Model } from '@caruso/business-objects/contract';
import { createDeclarations, folderOf } from '@caruso/declarations';
import { createServiceManager } from '@caruso/service-manager';
import {
  type Call,
  defineComponent,
  defineContract,
  type Principal,
  VirtualClock,
  withinCall,
} from '@caruso/service-manager/contract';
import storage from '@caruso/storage-manager';
import { Journal, Storage } from '@caruso/storage-manager/contract';
import { z } from 'zod';
import { scriptEngine } from './component.js';
import { Scripts } from './contract.js';

/** Fixtures of this package's own tests: a front office of the real components, without people. */

const packageFolder = new URL('../', import.meta.url);
const examples = new URL('../../examples/', packageFolder);

function filesOf(folder: URL, prefix: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder)
      .filter((name) => /\.(yaml|xml)$/.test(name))
      .map((name) => [`${prefix}/${name}`, readFileSync(new URL(name, folder), 'utf8')]),
  );
}

/** A service whose calls the tests see and can hold up. */
const Ledger = defineContract({
  id: 'ledger',
  version: '1.0.0',
  methods: {
    book: {
      summary: 'Books an amount; twice is twice',
      input: z.object({ amount: z.string() }),
      output: z.object({ receipt: z.string() }),
    },
    put: {
      summary: 'Puts an amount; with the same call id once',
      input: z.object({ amount: z.string() }),
      output: z.object({ receipt: z.string() }),
      idempotent: true,
    },
  },
});

export interface LedgerCall {
  method: string;
  amount: string;
  call: Call;
}

export const visitor: Principal = { kind: 'visitor', id: 'v1', name: 'A visitor', roles: ['public'] };
export const otherVisitor: Principal = { kind: 'visitor', id: 'v2', name: 'Another', roles: ['public'] };
export const agent: Principal = { kind: 'user', id: 'anna', name: 'Anna', roles: ['agent'] };
export const supervisor: Principal = { kind: 'user', id: 'sam', name: 'Sam', roles: ['supervisor'] };
export const administrator: Principal = { kind: 'user', id: 'ada', name: 'Ada', roles: ['administrator'] };

/** Acts as somebody. */
export function as<T>(principal: Principal, work: () => T): T {
  return withinCall({ id: `call-${principal.id}`, principal }, work);
}

export type House = Awaited<ReturnType<typeof openHouse>>;

/** The utility example's model with the given scripts, on a database of its own. */
export async function openHouse(
  url: string,
  own: Record<string, string> = {},
  options: {
    example?: 'utility' | 'banking';
    onLedger?: (call: LedgerCall) => Promise<void> | void;
    start?: number;
    /** What the ledger answers; default: a number. */
    receipt?: (call: Call) => string;
  } = {},
) {
  const { example = 'utility' } = options;
  const model: Record<string, string> = {
    ...filesOf(new URL(`${example}/model/`, examples), 'model'),
    ...filesOf(new URL('declarations/model/', packageFolder), 'model'),
  };
  // What lives in the billing database is not part of these tests.
  delete model['model/invoice.yaml'];
  delete model['model/invoice-line.yaml'];
  const customer = model['model/customer.yaml'];
  if (customer !== undefined) model['model/customer.yaml'] = customer.replace(/^.*(yearValue|invoices).*\n/gm, '');
  const examplesOwn = filesOf(new URL(`${example}/scripts/`, examples), 'scripts');
  const manifest = { locale: 'en-GB', timezone: 'Europe/Amsterdam', currency: 'EUR' };
  const folder = (files: Record<string, string>) => folderOf({ ...model, ...examplesOwn, ...files }, manifest);

  const calls: LedgerCall[] = [];
  const ledger = defineComponent({
    provides: Ledger,
    version: '1.0.0',
    needs: {},
    config: z.strictObject({}),
    create: () => {
      const take = (method: string) => async (input: { amount: string }, call: Call) => {
        const made = { method, amount: input.amount, call };
        calls.push(made);
        await options.onLedger?.(made);
        if (input.amount === '13') throw new Error('thirteen is not booked');
        return { receipt: options.receipt?.(call) ?? `R${calls.length}` };
      };
      return { handlers: { book: take('book'), put: take('put') } };
    },
  });

  const clock = new VirtualClock(options.start ?? Date.UTC(2026, 2, 2, 9));
  const manager = createServiceManager({ clock });
  const holder = createDeclarations(folder(own));
  manager.install('declarations', holder.component);
  const schema = url.startsWith('postgres:') ? `caruso_scripts_${process.pid}_${++schemas}` : undefined;
  const main = schema === undefined ? url : `${url}?schema=${schema}`;
  manager.install('storage', storage, { databases: { main }, folder: tmpdir() });
  manager.install('objects', objects);
  manager.install('ledger', ledger);
  manager.install('scripts', scriptEngine);
  await manager.start();
  const waiting = manager.inspect().services.filter(({ state }) => state !== 'active');
  if (waiting.length > 0) throw new Error(manager.printTree());
  return {
    manager,
    clock,
    calls,
    scripts: manager.use(Scripts, '^1.0'),
    objects: manager.use(BusinessObjects, '^1.0'),
    journal: manager.use(Journal, '^1.0'),
    storage: manager.use(Storage, '^1.0'),
    model: manager.use(Model, '^1.0'),
    /** Puts other files in the folder, as saving them would. */
    save: (files: Record<string, string>) => holder.update(folder(files)),
    dropSchema: async () => {
      if (schema === undefined) return;
      const storageOf = manager.use(Storage, '^1.0');
      await storageOf.query('main', (knex) => knex.raw(`drop schema if exists ${schema} cascade`));
    },
    close: () => manager.stop(),
  };
}

/** A customer with a meter. */
export async function withMeter(house: House): Promise<void> {
  const { objects: store } = house;
  await store.create({
    object: 'Customer',
    values: { customerNo: 'C100001', name: 'Anna de Vries', postcode: '7411 AB', segment: 'household' },
  });
  await store.create({
    object: 'Connection',
    values: { connectionNo: 'CN200001', customer: 'C100001', address: 'Kerkstraat 12', medium: 'electricity' },
  });
  await store.create({
    object: 'Meter',
    values: {
      meterNo: 'M300001',
      connection: 'CN200001',
      unit: 'kWh',
      lastReading: '1200.0',
      lastReadOn: '2025-05-06',
    },
  });
}

let base: string | undefined;
let files = 0;
let schemas = 0;

/** The PostgreSQL server for tests; undefined, with a line that says so, where none answers. */
export async function postgresServer(): Promise<string | undefined> {
  const url = process.env['CARUSO_TEST_POSTGRES'] ?? 'postgres://root@127.0.0.1:5432/test';
  const { hostname, port, host } = new URL(url);
  const answers = await new Promise<boolean>((resolve) => {
    const socket = connect({ host: hostname, port: Number(port === '' ? 5432 : port), timeout: 3000 });
    const end = (found: boolean) => () => {
      socket.destroy();
      resolve(found);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });
  if (answers) return url;
  if (process.env['CARUSO_REQUIRE_ALL'] !== undefined) throw new Error(`no PostgreSQL answers at ${host}`);
  console.warn(`skipped: no PostgreSQL at ${host}; start one, or set CARUSO_TEST_POSTGRES to its url`);
  return undefined;
}

/** A file for a database; it goes with the test process. */
export function databaseFile(): string {
  if (base === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'caruso-scripts-'));
    process.on('exit', () => rmSync(made, { recursive: true, force: true }));
    base = made;
  }
  return join(base, `${++files}.db`);
}
