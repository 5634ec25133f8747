import { CarusoError, VirtualClock } from '@caruso/service-manager/contract';
import { describe, expect, it } from 'vitest';
import { createObjects } from './create-objects.js';
import { counting, testDatabases } from './databases.test.support.js';

const MODEL = {
  'product.yaml': `object: Product
database: billing
table: product
attributes:
  code: { type: text, key: true }
  name: { type: text, search: true }
  price: { type: decimal }
  group: { column: grp, to: Group }
  active: { type: boolean }
  changed: { type: datetime }
`,
  'group.yaml': `object: Group
database: billing
table: grp
attributes:
  code: { type: text, key: true }
  products: { count: members }
relations:
  members: { many: Product, by: group }
`,
  'measure.yaml': `object: Measure
database: billing
table: measure
attributes:
  meter: { type: text }
  counted: { type: integer }
`,
  'dear.yaml': `object: Dear
database: billing
table: dear
attributes:
  code: { type: text }
  name: { type: text }
`,
};

const STATEMENTS = [
  'create table grp (code varchar(10) primary key)',
  `create table product (code varchar(10) primary key, name varchar(40), price decimal(8,2), grp varchar(10), active integer, changed timestamp null)`,
  'create table measure (meter varchar(10), counted integer)',
  'create view dear as select code, name from product where price > 10',
  "insert into grp values ('A'), ('b')",
  "insert into product values ('P1', 'Lamp', 12.50, 'A', 1, '2026-01-05 09:30:00')",
  "insert into product values ('P2', 'lamp', 9.99, 'A', 0, null)",
  "insert into product values ('P3', 'Lämp ', 100, 'b', null, '2026-06-05 09:30:00')",
  "insert into measure values ('M1', 5), ('M1', 6)",
];

describe.each(testDatabases)('a database of another system on $name', ({ name, open }) => {
  it('is compared exactly whatever its collation, and is never altered', async (test) => {
    const clock = new VirtualClock();
    const opened = await open(clock, STATEMENTS);
    if (opened === undefined) return test.skip();
    const { storage } = opened;
    const { hash } = await storage.introspect('billing');
    // PostgreSQL has a type for it.
    const model =
      name === 'PostgreSQL' ? { ...MODEL, 'product.yaml': MODEL['product.yaml'].replace('boolean', 'integer') } : MODEL;
    const { objects, faults } = await createObjects({ ...opened, ids: counting(), clock, model });
    expect(faults).toEqual([]);
    const keys = async (where: string, sort: string[] = []) =>
      (await objects.find({ object: 'Product', where, sort })).records.map(({ key }) => key);
    expect(await keys("name = 'lamp'")).toEqual(['P2']);
    expect(await keys("name <> 'lamp'")).toEqual(['P1', 'P3']);
    expect(await keys("name.like('LÄMP%')")).toEqual(['P3']);
    expect(await keys("name = 'Lämp'")).toEqual([]);
    expect(await keys("code <> ''", ['name'])).toEqual(['P1', 'P3', 'P2']);
    expect(await keys('price = 12.5 or price > 99')).toEqual(['P1', 'P3']);
    expect(await keys('changed > datetime("2026-03-01T00:00:00Z")')).toEqual(['P3']);
    expect(await keys("group.code = 'A'")).toEqual(['P1', 'P2']);
    expect(await objects.get({ object: 'Product', key: 'p1' })).toBeNull();
    const lamp = await objects.get({ object: 'Product', key: 'P1', include: ['group'] });
    expect(lamp?.values).toMatchObject({ price: '12.50', group: 'A', changed: '2026-01-05T09:30:00.000Z' });
    const group = await objects.get({ object: 'Group', key: 'A', include: ['members'] });
    expect(group?.values).toMatchObject({ products: 2 });
    expect(group?.related?.['members']).toMatchObject([{ key: 'P1' }, { key: 'P2' }]);

    const changed = await objects.update({
      object: 'Product',
      key: 'P1',
      values: { price: '13', changed: '2026-02-01T10:00:00.250Z' },
      version: lamp?.version,
    });
    expect(changed.values).toMatchObject({ price: '13.00', name: 'Lamp' });
    await objects.create({ object: 'Product', values: { code: 'p1', name: 'other' } }).catch((error: unknown) => {
      // A collation without case takes it for the same key, which is the other system's right.
      expect(error).toMatchObject({ code: 'CONSTRAINT_VIOLATED' });
    });
    expect((await storage.introspect('billing')).hash).toBe(hash);
    await opened.close();
  });

  it('finds what a filter equals by the index that the other system made, whatever can be asked for', async (test) => {
    const clock = new VirtualClock();
    const text = name === 'MariaDB' ? 'varchar(40) character set latin1 collate latin1_german2_ci' : 'varchar(40)';
    const opened = await open(clock, [
      `create table product (code varchar(10) primary key, name ${text}, grp ${text})`,
      `create table grp (code ${text} primary key)`,
      'create index product_name on product (name)',
      'create index product_grp on product (grp)',
      "insert into grp values ('a'), ('A1')",
      ...['Lamp', 'lamp', 'Lampe', 'Lämp', "it''s", '100%', ''].map(
        (each, n) => `insert into product values ('P${n}', '${each}', 'a')`,
      ),
      ...[...Array(300).keys()].map((n) => `insert into product values ('Q${n}', 'Other ${n}', 'A1')`),
    ]);
    if (opened === undefined) return test.skip();
    const { storage } = opened;
    const asked: { text: string; bindings: readonly unknown[] }[] = [];
    const rows = (where: string, statement: string, bindings: readonly unknown[] = []) => {
      if (where === 'billing') asked.push({ text: statement, bindings });
      return storage.rows(where, statement, bindings);
    };
    const watched = new Proxy(storage, {
      get: (target, key) => (key === 'rows' ? rows : Reflect.get(target, key).bind(target)),
    });
    const model = {
      'product.yaml': `object: Product
database: billing
table: product
attributes:
  code: { type: text, key: true }
  name: { type: text }
  group: { column: grp, to: Group }
`,
      'group.yaml': 'object: Group\ndatabase: billing\ntable: grp\nattributes:\n  code: { type: text, key: true }\n',
    };
    const { objects, faults } = await createObjects({ ...opened, storage: watched, ids: counting(), clock, model });
    expect(faults).toEqual([]);
    const cases: [string, unknown, string[]][] = [
      ['name = n', 'lamp', ['P1']],
      ['n = name', 'LAMP', []],
      ['name = n', 'Lämp', ['P3']],
      ['name = n', 'Lamp ', []],
      ['name = n', "it's", ['P4']],
      ['name = n', '100%', ['P5']],
      ['name = n', '?', []],
      ['name = n', '', ['P6']],
      ['name = n', '日本 😀 \\', []],
      ['name in n', ['lamp', 'Lampe', 'Ł'], ['P1', 'P2']],
      ["name = 'lamp' or name = n", 'Lampe', ['P1', 'P2']],
      ['group = n', 'A', []],
      ["group = n and name = 'lamp'", 'a', ['P1']],
    ];
    for (const [where, n, expected] of cases) {
      asked.length = 0;
      const found = await objects.find({ object: 'Product', where, params: { n } });
      expect(found.records.map(({ key }) => key).sort(), `${where}, ${n}`).toEqual(expected);
      // The index of MariaDB knows less than we compare.
      if (name !== 'MariaDB') continue;
      for (const { text: statement, bindings } of asked) {
        const plan = await storage.rows<{ type: string }>('billing', `explain ${statement}`, bindings);
        for (const { type } of plan) expect(['ALL', 'index'], `${where}, ${n}: ${statement}`).not.toContain(type);
      }
    }
    // What the column cannot hold is nobody's key, and is refused as a value.
    expect(await objects.get({ object: 'Group', key: '日本' })).toBeNull();
    const change = (values: Record<string, unknown>) => objects.update({ object: 'Product', key: 'P0', values });
    await expect(change({ group: '日本' })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    if (name === 'MariaDB')
      await expect(change({ name: '日本' })).rejects.toMatchObject({ code: 'CONSTRAINT_VIOLATED' });
    else expect(await change({ name: '日本' })).toMatchObject({ values: { name: '日本' } });
    await opened.close();
  });

  it('has tables without a key and views that can be read, and changed once a logical key is declared', async (test) => {
    const clock = new VirtualClock();
    const opened = await open(clock, STATEMENTS);
    if (opened === undefined) return test.skip();
    const start = (model: Record<string, string>) => createObjects({ ...opened, ids: counting(), clock, model });
    const before = await start({ 'measure.yaml': MODEL['measure.yaml'], 'dear.yaml': MODEL['dear.yaml'] });
    expect((await before.objects.find({ object: 'Measure', sort: ['counted'] })).records).toMatchObject([
      { key: '', values: { counted: 5 } },
      { key: '', values: { counted: 6 } },
    ]);
    expect((await before.objects.find({ object: 'Dear' })).records).toHaveLength(2);
    const { objects: described } = await before.objects.describe({});
    expect(described.map(({ name: object, readOnly, may }) => [object, readOnly, may.update])).toEqual([
      ['Dear', true, false],
      ['Measure', true, false],
    ]);
    for (const object of ['Measure', 'Dear']) {
      const refused = { code: 'OBJECT_READ_ONLY' };
      await expect(before.objects.create({ object, values: {} })).rejects.toMatchObject(refused);
      await expect(before.objects.delete({ object, key: 'x' })).rejects.toBeInstanceOf(CarusoError);
    }

    const keyed = await start({
      'measure.yaml': MODEL['measure.yaml']
        .replace('counted: { type: integer }', 'counted: { type: integer, key: true }')
        .replace('meter: { type: text }', 'meter: { type: text, key: true }'),
    });
    await keyed.objects.create({ object: 'Measure', values: { meter: 'M2', counted: 1 } });
    expect(await keyed.objects.delete({ object: 'Measure', key: 'M1~5' })).toEqual({ deleted: true });
    const left = await keyed.objects.find({ object: 'Measure' });
    expect(left.records.map(({ key }) => key)).toEqual(['M1~6', 'M2~1']);
    await opened.close();
  });
});

it('says which columns are not ours to write', async (test) => {
  const postgres = testDatabases.find(({ name }) => name === 'PostgreSQL');
  const clock = new VirtualClock();
  const opened = await postgres?.open(clock, [
    'create table odd (id bigint primary key, tags text[], words tsvector, doubled bigint generated always as (id * 2) stored)',
    "insert into odd (id, tags, words) values (1, '{a,b}', 'a fat cat')",
  ]);
  if (opened === undefined) return test.skip();
  const file = (readOnly: string) =>
    `object: Odd\ndatabase: billing\nattributes:\n  id: { type: integer, key: true }\n  tags: { type: json${readOnly} }\n  words: { type: text${readOnly} }\n  doubled: { type: integer${readOnly} }\n`;
  const start = (readOnly: string) =>
    createObjects({ ...opened, ids: counting(), clock, model: { 'odd.yaml': file(readOnly) } });
  const { faults } = await start('');
  expect(faults.map(({ code, line, message }) => [code, line, message])).toEqual([
    ['MODEL_COLUMN_READ_ONLY', 5, "column 'tags' of table 'odd' is text[], which is read only"],
    ['MODEL_COLUMN_READ_ONLY', 6, "column 'words' of table 'odd' is tsvector, which is read only"],
    ['MODEL_COLUMN_READ_ONLY', 7, "column 'doubled' of table 'odd' is computed by the database"],
  ]);
  const { objects, faults: none } = await start(', readOnly: true');
  expect(none).toEqual([]);
  const [record] = (await objects.find({ object: 'Odd' })).records;
  expect(record?.values).toEqual({ id: 1, tags: ['a', 'b'], words: "'a' 'cat' 'fat'", doubled: 2 });
  await expect(objects.update({ object: 'Odd', key: '1', values: { tags: ['c'] } })).rejects.toThrow(/tags/);
  await opened.close();
});
