import { VirtualClock } from '@caruso/service-manager/contract';
import type { StorageApi } from '@caruso/storage-manager/contract';
import { describe, expect, it } from 'vitest';
import { createObjects } from './create-objects.js';
import { MODEL } from './customer-care.test.support.js';
import { counting, testDatabases } from './databases.test.support.js';

/** The storage, and how many statements each database was asked to run. */
function counted(storage: StorageApi): { storage: StorageApi; asked: Record<string, number> } {
  const asked: Record<string, number> = {};
  const count = (database: string) => {
    asked[database] = (asked[database] ?? 0) + 1;
  };
  const own: Partial<StorageApi> = {
    rows: (database, ...rest) => {
      count(database);
      return storage.rows(database, ...rest);
    },
    query: (database, ...rest) => {
      count(database);
      return storage.query(database, ...rest);
    },
  };
  const bound = (name: keyof StorageApi) => own[name] ?? (storage[name] as () => unknown).bind(storage);
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(storage)).concat(Object.keys(storage));
  const entries = names.filter(
    (name) => name !== 'constructor' && typeof storage[name as keyof StorageApi] === 'function',
  );
  return {
    storage: Object.fromEntries(
      entries.map((name) => [name, bound(name as keyof StorageApi)]),
    ) as unknown as StorageApi,
    asked,
  };
}

describe.each(testDatabases)('statements over two databases on $name', ({ open }) => {
  it('are as many for a page of two as for a page of thirty', async (test) => {
    const clock = new VirtualClock(Date.UTC(2026, 5, 15));
    const opened = await open(clock);
    if (opened === undefined) return test.skip();
    const { storage, asked } = counted(opened.storage);
    const { objects } = await createObjects({ storage, journal: opened.journal, ids: counting(), clock, model: MODEL });
    const made = Array.from({ length: 30 }, (_, n) => n + 1);
    const customer = (n: number) => `C${String(n).padStart(3, '0')}`;
    const create = (object: string, of: (n: number) => object) =>
      objects.bulk({ object, operations: made.map((n) => ({ do: 'create', values: { ...of(n) } })) });
    await create('Customer', (n) => ({ customerNo: customer(n), name: `Customer ${n}` }));
    await create('Case', (n) => ({ customer: customer(n) }));
    for (const from of [0, 100])
      await create('Invoice', (n) => ({
        year: 2026,
        number: n + from,
        customer: customer(n),
        total: { amount: '1.00' },
      }));
    await create('InvoiceLine', (n) => ({ invoice: `2026~${n}`, line: 1 }));
    const statements = async (query: Parameters<typeof objects.find>[0]) => {
      const before = { ...asked };
      const { records } = await objects.find(query);
      expect(records).toHaveLength(query.limit ?? 0);
      return {
        main: (asked['main'] ?? 0) - (before['main'] ?? 0),
        billing: (asked['billing'] ?? 0) - (before['billing'] ?? 0),
      };
    };
    for (const limit of [2, 30]) {
      // The page with its counts, the cases, and twice the customers that formulas of cases and invoices read; of the other database a
      // sum for all customers, their invoices, and the lines of those.
      expect(await statements({ object: 'Customer', limit, include: ['cases', 'invoices.lines'] })).toEqual({
        main: 4,
        billing: 3,
      });
      // What a formula and a reference need of the other database: one statement each.
      expect(await statements({ object: 'Invoice', limit, include: ['customer'] })).toEqual({ main: 2, billing: 2 });
      expect(await statements({ object: 'Case', limit, include: ['customer', 'invoice'] })).toEqual({
        main: 3,
        billing: 1,
      });
    }
    await opened.close();
  });

  it('are as many for links of two records as of thirty, wherever the links are', async (test) => {
    const clock = new VirtualClock(Date.UTC(2026, 5, 15));
    const opened = await open(clock);
    if (opened === undefined) return test.skip();
    const { storage, asked } = counted(opened.storage);
    const { objects } = await createObjects({
      storage,
      journal: opened.journal,
      ids: counting(),
      clock,
      model: {
        'article.yaml': `object: Article
attributes:
  id: { type: integer, key: true }
  topicCount: { count: topics }
  farCount: { count: far }
  nearCount: { count: near }
relations:
  topics: { many: Topic, table: true }
  far: { many: Far, table: true }
  near: { many: Far, table: near, database: billing }
`,
        'topic.yaml': 'object: Topic\nattributes: { id: { type: integer, key: true } }\n',
        'far.yaml': 'object: Far\ndatabase: billing\nattributes: { id: { type: integer, key: true } }\n',
      },
    });
    const made = Array.from({ length: 30 }, (_, n) => n + 1);
    for (const object of ['Article', 'Topic', 'Far'])
      await objects.bulk({ object, operations: made.map((id) => ({ do: 'create', values: { id } })) });
    for (const id of made)
      for (const relation of ['topics', 'far', 'near'])
        await objects.link({ object: 'Article', key: String(id), relation, keys: [String(id), String((id % 30) + 1)] });
    for (const limit of [2, 30]) {
      const before = { ...asked };
      const { records } = await objects.find({ object: 'Article', limit, include: ['topics', 'far', 'near'] });
      for (const record of records) {
        expect(record.values).toMatchObject({ topicCount: 2, farCount: 2, nearCount: 2 });
        for (const relation of ['topics', 'far', 'near']) expect(record.related?.[relation]).toHaveLength(2);
      }
      // The page with the count of topics, the topics, and the links to the other database for a count and for what they lead to; of the
      // other database the counts and what is counted, once for the links that are there and once for those that are here.
      expect((asked['main'] ?? 0) - (before['main'] ?? 0)).toBe(4);
      expect((asked['billing'] ?? 0) - (before['billing'] ?? 0)).toBe(4);
    }
    await opened.close();
  });
});
