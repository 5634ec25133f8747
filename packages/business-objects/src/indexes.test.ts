import { folderOf, sourceOf } from '@caruso/declarations';
import { VirtualClock } from '@caruso/service-manager/contract';
import type { OpenStorage } from '@caruso/storage-manager';
import type { StorageApi } from '@caruso/storage-manager/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { compileModel } from './compile-model.js';
import { createObjects } from './create-objects.js';
import { as, user } from './customer-care.test.support.js';
import { counting, testDatabases } from './databases.test.support.js';
import { importModel } from './import-model.js';
import { wantedTables } from './wanted-table.js';

const contact = (indexes: string, more = '') => `object: Contact
${more}attributes:
  no: { type: integer, key: true }
  name: { type: text, required: true, length: 80 }
  city: { type: text, length: 60 }
  segment: { type: one of, values: [household, business, key account], required: true }
  since: { type: date, required: true }
  partner: { to: Contact }
  notes: json
  display: { formula: name }
rights:
  agent: { read: "segment <> 'key account' or city = user.city", write: all, create: true, delete: true }
indexes:
${indexes}`;

const compiled = (indexes: string) => {
  const { model, faults } = compileModel(folderOf({ 'model/contact.yaml': contact(indexes) }).sources('model'));
  return {
    model,
    faults: faults.map(({ line, column, message, remedy }) => `${line}:${column} ${message} (${remedy})`),
  };
};

describe('indexes: of a model file', () => {
  it('become indexes of the table, in the columns of their attributes', () => {
    const { model, faults } = compiled('  - [segment, -since]\n  - { on: [partner, name], unique: true }\n');
    expect(faults).toEqual([]);
    const [table] = wantedTables(model, 'main');
    expect(table?.composites).toEqual([
      {
        columns: [
          { name: 'segment', descending: false },
          { name: 'since', descending: true },
        ],
        unique: false,
      },
      {
        columns: [
          { name: 'partner', descending: false },
          { name: 'name', descending: false },
        ],
        unique: true,
      },
    ]);
  });

  it.each([
    ['  - [segmnt, since]\n', "14:6 Contact has no attribute 'segmnt' (did you mean 'segment'?)"],
    ['  - [segment, -display]\n', "14:15 'display' is computed (name what it is computed from)"],
    ['  - [segment, notes]\n', "14:15 json has no order, and no index (remove 'notes')"],
    ['  - { on: [segment, since, -segment] }\n', "14:28 'segment' is there twice (remove it once)"],
    [
      '  - [city, name]\n  - { on: [city, name] }\n',
      '15:5 there is an index on city, name already (remove one of them)',
    ],
    ['  - [city]\n', '14:5 an index over one attribute is written there, as index: true or unique: true'],
    ['  - { on: [city, name], uniqe: true }\n', "14:25 unknown key 'uniqe'"],
  ])('say what is wrong in %j', (indexes, message) => {
    expect(compiled(indexes).faults).toContainEqual(expect.stringContaining(message));
  });
});

it('indexes over several columns of a database are imported, once each, by the names of the attributes', () => {
  const column = (name: string) => ({ name, type: 'text' as const, nullable: false });
  const { files } = importModel(
    {
      database: 'old',
      dialect: 'sqlite',
      hash: '',
      tables: [
        {
          name: 'KLANT',
          kind: 'table',
          columns: [column('LAND'), column('NR'), column('NAAM')],
          primaryKey: ['LAND', 'NR'],
          uniques: [['LAND', 'NAAM']],
          indexes: [['LAND', 'NR'], ['NAAM'], ['NAAM', 'LAND'], ['LAND', 'NAAM']],
          foreignKeys: [],
        },
        {
          name: 'ORDER',
          kind: 'table',
          columns: [column('ID'), column('K_LAND'), column('K_NR'), column('DATUM')],
          primaryKey: ['ID'],
          uniques: [],
          indexes: [
            ['K_LAND', 'K_NR'],
            ['K_LAND', 'K_NR', 'DATUM'],
            ['K_NR', 'DATUM'],
          ],
          foreignKeys: [{ columns: ['K_LAND', 'K_NR'], references: { table: 'KLANT', columns: ['LAND', 'NR'] } }],
        },
      ],
    },
    { database: 'old' },
  );
  const texts = Object.fromEntries(files.map(({ path, text }) => [path, text]));
  expect(texts['model/klant.yaml']).toContain('indexes:\n  - { on: [land, naam], unique: true }\n  - [naam, land]\n');
  expect(texts['model/order.yaml']).toMatch(/indexes:\n {2}- \[klant, datum\]\n {2}- \[kNr, datum\]\n$/);
  const { faults } = compileModel(
    files.map(({ path, text }) => sourceOf(path, text)),
    { databases: { old: { managed: false } } },
  );
  expect(faults).toEqual([]);
});

describe.each(testDatabases)('an index over several attributes on $name', ({ name: database, open }) => {
  let opened: OpenStorage | undefined;
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  const start = async (storage: StorageApi, model: string) => {
    if (opened === undefined) throw new Error('it is open');
    return createObjects({
      storage,
      journal: opened.journal,
      ids: counting(),
      clock: new VirtualClock(Date.UTC(2026, 5, 15)),
      model: { 'contact.yaml': model },
    });
  };
  const anna = { ...user('anna', ['agent']), attributes: { city: 'City 7' } };

  it('refuses a second record that has all of it, naming the attributes, alone and among many', async (test) => {
    opened = await open(new VirtualClock());
    if (opened === undefined) return test.skip();
    const { objects } = await start(
      opened.storage,
      contact('  - { on: [name, city], unique: true }\n', 'delete: keep\n'),
    );
    const values = (no: number, name: string, city: string | null) => ({
      no,
      name,
      city,
      segment: 'household',
      since: '2026-01-01',
    });
    const create = (...given: Parameters<typeof values>) =>
      as(anna, () => objects.create({ object: 'Contact', values: values(...given) }));
    await create(1, 'Ada', 'Delft');
    await create(2, 'Ada', 'Breda');
    await create(3, 'Ada', null);
    await create(4, 'Ada', null);
    const taken = {
      code: 'CONSTRAINT_VIOLATED',
      status: 409,
      message: 'another Contact has the same name, city',
      details: [{ attribute: 'name' }, { attribute: 'city' }],
    };
    await expect(create(5, 'Ada', 'Delft')).rejects.toMatchObject(taken);
    await expect(
      as(anna, () => objects.update({ object: 'Contact', key: '2', values: { city: 'Delft' } })),
    ).rejects.toMatchObject(taken);
    // What a deleted record had may be had again.
    await as(anna, () => objects.delete({ object: 'Contact', key: '1' }));
    await create(5, 'Ada', 'Delft');
  });

  it('is used for the first page and for those after it, with row rights', async (test) => {
    opened = await open(new VirtualClock());
    if (opened === undefined) return test.skip();
    const asked: { text: string; bindings: readonly unknown[] }[] = [];
    const { storage } = opened;
    const watched = new Proxy(storage, {
      get: (target, key) =>
        key === 'rows'
          ? (where: string, text: string, bindings: readonly unknown[] = []) => {
              if (text.includes('limit')) asked.push({ text, bindings });
              return target.rows(where, text, bindings);
            }
          : typeof target[key as keyof StorageApi] === 'function'
            ? target[key as keyof StorageApi].bind(target)
            : target[key as keyof StorageApi],
    });
    const { objects } = await start(watched, contact('  - [segment, -since]\n  - [segment, name]\n'));
    const segments = ['household', 'business', 'household', 'key account', 'household'];
    await storage.insertRows('main', {
      table: 'contact',
      columns: ['no', 'name', 'city', 'segment', 'since', 'caruso_version'],
      rows: Array.from({ length: 6000 }, (_, n) => [
        n,
        `Name ${(n * 7919) % 6007}`,
        `City ${n % 50}`,
        segments[n % 5],
        storage.encode(
          'main',
          'date',
          new Date(Date.UTC(2020, 0, 1 + ((n * 104729) % 2000))).toISOString().slice(0, 10),
        ),
        1,
      ]),
    });
    const analyze = { SQLite: 'analyze', PostgreSQL: 'analyze contact', MariaDB: 'analyze table contact' }[database];
    await storage.query('main', (knex) => knex.raw(String(analyze)));

    for (const sort of ['-since', 'name']) {
      const seen: string[] = [];
      let after: string | undefined;
      for (let page = 0; page < 3; page++) {
        asked.length = 0;
        const query = { object: 'Contact', where: "segment = 'business'", sort: [sort], limit: 20 };
        const found = await as(anna, () => objects.find({ ...query, ...(after === undefined ? {} : { after }) }));
        seen.push(...found.records.map(({ values }) => String(values[sort.replace('-', '')])));
        after = found.next ?? undefined;
        const [statement] = asked;
        if (statement === undefined) throw new Error('a page was read');
        const plan = await storage.rows('main', `${EXPLAIN[database]} ${statement.text}`, statement.bindings);
        const said = JSON.stringify(plan);
        expect(said).toContain('caruso_ix_contact_');
        // A whole sort would read all that have the segment; one of what is alike in the order reads no more than a page.
        expect(said).not.toMatch(/USE TEMP B-TREE FOR ORDER BY|Seq Scan|"Sort|using_filesort":true|"filesort"/);
        if (page > 0) expect(said).toMatch(BEGINS_IN_IT[database] ?? /never/);
      }
      const ordered = seen.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      expect(seen).toEqual(sort.startsWith('-') ? ordered.toReversed() : ordered);
      expect(seen).toHaveLength(60);
    }
  });
});

const EXPLAIN: Record<string, string> = {
  SQLite: 'explain query plan',
  PostgreSQL: 'explain',
  MariaDB: 'explain format=json',
};
/** How a plan says that a page after the first begins within the index. */
const BEGINS_IN_IT: Record<string, RegExp> = {
  SQLite: /segment=\? AND (since<|name>)\?/,
  PostgreSQL: /Index Cond: .*(since|name)/,
  MariaDB: /"used_key_parts.*(since|name)/,
};
