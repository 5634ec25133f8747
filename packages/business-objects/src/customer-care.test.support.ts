import { type Principal, VirtualClock, withinCall } from '@caruso/service-manager/contract';
import type { JournalApi, StorageApi } from '@caruso/storage-manager/contract';
import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { createObjects, type OpenObjects } from './create-objects.js';
import { counting, testDatabases } from './databases.test.support.js';

export const MODEL = {
  'customer.yaml': `object: Customer
attributes:
  customerNo: { type: text, key: true, pattern: "C[0-9]{3}" }
  name: { type: text, required: true, search: true, length: 100 }
  email: { type: email, unique: true, search: true }
  secret: { type: text, sensitive: true }
  region: { type: text }
  segment: { type: one of, values: [household, business, key account], default: household }
  since: { type: date, default: "= today()" }
  balance: { type: money, currency: EUR, default: "0" }
  score: { type: number }
  active: { type: boolean, default: true }
  openCases: { count: cases, where: "status <> 'closed'" }
  yearValue: { sum: invoices.total, where: "year(invoices.issuedOn) = year(today())" }
  display: { formula: "name + ' (' + customerNo + ')'" }
relations:
  cases: { many: Case, by: customer }
  invoices: { many: Invoice, by: customer }
rights:
  agent: { read: all, write: [name, email, region, segment], create: true, hide: [secret] }
  partner: { read: "region = user.region", write: [name], create: true, hide: [secret, yearValue] }
  administrator: all
`,
  'case.yaml': `object: Case
attributes:
  id: { type: text, key: generated }
  customer: { to: Customer, required: true }
  invoice: { to: Invoice }
  status: { type: one of, values: [open, closed], default: open }
  priority: { type: integer, min: 1, max: 5, default: 3 }
  openedAt: { type: datetime, default: "= now()" }
  closedAt: { type: datetime }
  title: { formula: "customer.name + ': ' + status" }
`,
  'invoice.yaml': `object: Invoice
database: billing
attributes:
  year: { type: integer, key: true }
  number: { type: integer, key: true }
  customer: { to: Customer }
  total: { type: money, currency: EUR }
  issuedOn: { type: date }
  customerName: { formula: "customer.name" }
relations:
  lines: { many: InvoiceLine, by: invoice }
`,
  'invoice-line.yaml': `object: InvoiceLine
database: billing
attributes:
  invoice: { to: Invoice, key: true }
  line: { type: integer, key: true }
  text: { type: text }
`,
  'note.yaml': `object: Note
written by: scribe
attributes:
  id: { type: text, key: generated }
  text: { type: text, required: true }
`,
};

/** Four customers; only the first has a region, a mail address and cases of both states. */
export const CUSTOMERS: Record<string, unknown>[] = [
  {
    customerNo: 'C001',
    name: 'Ada',
    email: 'ada@x.nl',
    region: 'north',
    balance: { amount: '12.5' },
    score: 0.1,
    secret: 'pin 1',
  },
  { customerNo: 'C002', name: 'Élise', region: 'south', balance: { amount: '1000.00', currency: 'EUR' } },
  { customerNo: 'C003', name: 'bob', region: 'north', balance: { amount: '-3.10', currency: 'EUR' } },
  { customerNo: 'C004', name: 'Zoë 100%', region: null, balance: { amount: '7', currency: 'EUR' } },
];

export const INVOICES: Record<string, unknown>[] = [
  { year: 2026, number: 1, customer: 'C001', total: { amount: '10.10' }, issuedOn: '2026-01-02' },
  { year: 2026, number: 2, customer: 'C001', total: { amount: '20.20' }, issuedOn: '2026-06-02' },
  { year: 2026, number: 3, customer: 'C001', total: { amount: '5.00' }, issuedOn: '2025-12-31' },
];

export const INVOICE_LINE = { invoice: '2026~1', line: 1, text: 'gas' };

export const CASES: Record<string, unknown>[] = [
  { customer: 'C001', invoice: '2026~2' },
  {
    customer: 'C001',
    status: 'closed',
    openedAt: '2026-06-01T12:00:00+02:00',
    closedAt: '2026-06-01T11:00:00.500Z',
  },
  { customer: 'C002', priority: 1 },
];

export const user = (id: string, roles: string[], attributes: Record<string, unknown> = {}): Principal => ({
  kind: 'user',
  id,
  name: id,
  roles,
  attributes,
});
export const as = <T>(principal: Principal, work: () => T): T => withinCall({ id: 'call', principal }, work);
export const agent = user('anna', ['agent']);
export const north = user('piet', ['partner'], { region: 'north' });

type Query = Parameters<OpenObjects['objects']['find']>[0];

/** What the tests of one database stand on. */
export interface House extends OpenObjects {
  storage: StorageApi;
  journal: JournalApi;
  /** Keys of what a query finds, in its order. */
  keys(query: Query): Promise<string[]>;
}

/** Runs tests on each database that answers: over customers, invoices and cases, over none of these yet, or over another model. */
export function onEachDatabase(
  behaviour: string,
  begin: 'populated' | 'empty' | Readonly<Record<string, string>>,
  tests: (house: House) => void,
): void {
  describe.each(testDatabases)(`${behaviour} on $name`, ({ open }) => {
    const house = {} as House;
    let close: (() => Promise<void>) | undefined;

    beforeAll(async () => {
      const clock = new VirtualClock(Date.UTC(2026, 5, 15, 10));
      const opened = await open(clock);
      if (opened === undefined) return;
      close = () => opened.close();
      const { storage, journal } = opened;
      const objects = await createObjects({
        storage,
        journal,
        ids: counting(),
        clock,
        model: typeof begin === 'string' ? MODEL : begin,
        timezone: 'Europe/Amsterdam',
      });
      const keys = async (query: Query) => (await objects.objects.find(query)).records.map((record) => record.key);
      Object.assign(house, objects, { storage, journal, keys });
      if (begin === 'populated') await populate(objects.objects);
    });
    afterAll(() => close?.());
    beforeEach((test) => {
      if (close === undefined) test.skip();
    });

    tests(house);
  });
}

async function populate(objects: OpenObjects['objects']): Promise<void> {
  for (const values of CUSTOMERS) await objects.create({ object: 'Customer', values });
  for (const values of INVOICES) await objects.create({ object: 'Invoice', values });
  await objects.create({ object: 'InvoiceLine', values: INVOICE_LINE });
  for (const values of CASES) await objects.create({ object: 'Case', values });
}
