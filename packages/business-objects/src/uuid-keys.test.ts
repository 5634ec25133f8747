import { sourceOf } from '@caruso/declarations';
import { VirtualClock } from '@caruso/service-manager/contract';
import type { StorageApi } from '@caruso/storage-manager/contract';
import { describe, expect, it } from 'vitest';
import { compileModel } from './compile-model.js';
import { createObjects } from './create-objects.js';
import { counting, testDatabases } from './databases.test.support.js';
import { importModel } from './import-model.js';

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

const TABLES = [
  'create table client (id uuid primary key, name text not null)',
  `create table task (id uuid primary key, client_id uuid not null references client (id), title text)`,
  'create index task_client on task (client_id)',
  `insert into client select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Client ' || n from generate_series(1, 3000) n`,
  `insert into task select ('00000000-0000-4000-8000-' || lpad((n + 10000)::text, 12, '0'))::uuid,
     ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Task ' || n from generate_series(1, 3000) n`,
  'analyze client',
  'analyze task',
];

describe('keys of the type uuid in a legacy PostgreSQL database', () => {
  it('are found by their index, alone, by references and relations, and changed', async (test) => {
    const opened = await testDatabases.find(({ name }) => name === 'PostgreSQL')?.open(new VirtualClock(), TABLES);
    if (opened === undefined) return test.skip();
    try {
      const { storage } = opened;
      const found = await storage.introspect('billing');
      const { files } = importModel(
        { ...found, tables: found.tables.filter(({ name }) => !name.startsWith('caruso_')) },
        { database: 'billing' },
      );
      expect(files.find(({ path }) => path === 'model/client.yaml')?.text).toMatch(
        /id: .*type: text, key: true, format: uuid/,
      );

      const asked: { text: string; bindings: readonly unknown[] }[] = [];
      const watched = new Proxy(storage, {
        get: (target, key) =>
          key === 'rows'
            ? (where: string, text: string, bindings: readonly unknown[] = []) => {
                if (where === 'billing') asked.push({ text, bindings });
                return target.rows(where, text, bindings);
              }
            : typeof target[key as keyof StorageApi] === 'function'
              ? target[key as keyof StorageApi].bind(target)
              : target[key as keyof StorageApi],
      });
      const { objects, faults } = await createObjects({
        ...opened,
        storage: watched,
        ids: counting(),
        clock: new VirtualClock(),
        model: files.map(({ path, text }) => sourceOf(path, text)),
      });
      expect(faults).toEqual([]);
      /** Tables that a call read as a whole. */
      const scanned = async (work: () => Promise<unknown>): Promise<string[]> => {
        asked.length = 0;
        await work();
        expect(asked.length).toBeGreaterThan(0);
        const plans = await Promise.all(
          asked.map(({ text, bindings }) => storage.rows('billing', `explain ${text}`, bindings)),
        );
        return [...JSON.stringify(plans).matchAll(/Seq Scan on \\?"?(\w+)/g)].map(([, name = '']) => name);
      };

      expect((await objects.get({ object: 'Client', key: uuid(7) }))?.display).toBe('Client 7');
      expect(await scanned(() => objects.get({ object: 'Client', key: uuid(7) }))).toEqual([]);
      expect(await scanned(() => objects.get({ object: 'Task', key: uuid(10007), include: ['client'] }))).toEqual([]);
      expect(await scanned(() => objects.related({ object: 'Client', key: uuid(7), relation: 'tasks' }))).toEqual([]);
      const related = await objects.related({ object: 'Client', key: uuid(7), relation: 'tasks' });
      expect(related.records.map(({ values }) => values['title'])).toEqual(['Task 7']);

      // A filter finds by index too: the key, a reference, a reference's key, one of several.
      const filters: [string, string, string[]][] = [
        ['Client', `id = '${uuid(7)}'`, ['Client 7']],
        ['Client', `'${uuid(7)}' = id`, ['Client 7']],
        ['Client', `id in ['${uuid(8)}', '${uuid(9)}']`, ['Client 8', 'Client 9']],
        ['Task', 'client = seven', ['Task 7']],
        ['Task', `client.id = '${uuid(7)}'`, ['Task 7']],
        ['Client', "id = 'x'", []],
      ];
      for (const [object, where, expected] of filters) {
        const find = () => objects.find({ object, where, params: { seven: uuid(7) } });
        expect((await find()).records.map(({ display }) => display).sort()).toEqual(expected);
        expect(await scanned(find), where).toEqual([]);
      }
      const others = await objects.aggregate({
        object: 'Client',
        where: `id <> '${uuid(7)}' and id <> 'x'`,
        by: [],
        measures: [{ name: 'n', kind: 'count' }],
      });
      expect(others.rows.map(({ measures }) => measures)).toEqual([{ n: 2999 }]);

      // What is no uuid is no key, and no error of the database.
      for (const key of ['7', 'x', `${uuid(7)}0`, "'"]) expect(await objects.get({ object: 'Client', key })).toBeNull();
      const values = { id: uuid(20001), client: uuid(8), title: 'New' };
      expect((await objects.create({ object: 'Task', values })).key).toBe(uuid(20001));
      await expect(
        objects.create({ object: 'Task', values: { ...values, id: uuid(20002), client: 'nobody' } }),
      ).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
      const changing = () => objects.update({ object: 'Task', key: uuid(20001), values: { title: 'Newer' } });
      expect(await scanned(changing)).toEqual([]);
      await objects.delete({ object: 'Task', key: uuid(20001) });
      expect(await objects.get({ object: 'Task', key: uuid(20001) })).toBeNull();
    } finally {
      await opened.close();
    }
  });

  it('are declared for texts of legacy tables alone', () => {
    const said = (attributes: string, managed: boolean) =>
      compileModel([sourceOf('model/client.yaml', `object: Client\nattributes:\n${attributes}`)], {
        databases: { main: { managed } },
      }).faults.map(({ line, column, message }) => `${line}:${column} ${message}`);
    expect(said('  id: { type: text, key: true, format: uuid }\n', false)).toEqual([]);
    expect(said('  id: { type: text, key: true, format: uuid }\n', true)).toEqual([
      "3:32 attribute 'id': a managed table stores its values in one form",
    ]);
    expect(said('  id: { type: integer, key: true, format: uuid }\n', false)).toEqual([
      "3:35 attribute 'id': 'uuid' is for texts",
    ]);
  });
});
