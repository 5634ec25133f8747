import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DatabaseSchema, TableShape } from './contract.js';
import { createStorage, type OpenStorage } from './create-storage.js';
import {
  countingIds,
  mariadbServer,
  northwindScript,
  ownMariadb,
  ownSchema,
  postgresServer,
  tempFolder,
} from './databases.test.support.js';

const script = northwindScript();
const server = await postgresServer();
const mariadb = await mariadbServer();
const table = (schema: DatabaseSchema, name: string): TableShape | undefined =>
  schema.tables.find((each) => each.name === name);

describe.skipIf(script === undefined)('the Northwind database', () => {
  const file = join(tempFolder(), 'northwind.db');
  const digest = (): string => createHash('sha256').update(readFileSync(file)).digest('hex');
  let open: OpenStorage;
  let schema: DatabaseSchema;
  beforeAll(async () => {
    const database = new SQLite(file);
    // Of this connection only: thousands of inserts need not wait for the disk.
    database.pragma('synchronous = off');
    database.pragma('journal_mode = memory');
    database.exec(script ?? '');
    database.close();
    open = await createStorage({
      databases: { main: 'sqlite::memory:', northwind: { url: `sqlite:${file}`, managed: false } },
      ids: countingIds(),
    });
    schema = await open.storage.introspect('northwind');
  });
  afterAll(() => open?.close());

  it('has 13 tables and 16 views', () => {
    const kinds = schema.tables.map(({ kind }) => kind);
    expect([kinds.filter((kind) => kind === 'table').length, kinds.filter((kind) => kind === 'view').length]).toEqual([
      13, 16,
    ]);
  });

  it('has composite keys, names with spaces, self references and foreign keys', () => {
    const details = table(schema, 'Order Details');
    expect(details?.primaryKey).toEqual(['OrderID', 'ProductID']);
    expect(details?.foreignKeys).toContainEqual({
      columns: ['OrderID'],
      references: { table: 'Orders', columns: ['OrderID'] },
    });
    expect(table(schema, 'Employees')?.foreignKeys).toEqual([
      { columns: ['ReportsTo'], references: { table: 'Employees', columns: ['EmployeeID'] } },
    ]);
    expect(table(schema, 'EmployeeTerritories')?.primaryKey).toEqual(['EmployeeID', 'TerritoryID']);
    const columns = Object.fromEntries((table(schema, 'Orders')?.columns ?? []).map((column) => [column.name, column]));
    expect(columns['OrderID']).toMatchObject({ type: 'integer', nullable: false, generated: 'identity' });
    expect(columns['OrderDate']).toMatchObject({ type: 'datetime', nullable: true });
    expect(columns['Freight']).toMatchObject({ type: 'decimal' });
    expect(table(schema, 'Categories')?.columns.find(({ name }) => name === 'Picture')).toMatchObject({
      type: 'binary',
    });
    expect(table(schema, 'Products by Category')?.columns.length).toBeGreaterThan(3);
  });

  it('is not altered by being opened, read, planned for and migrated', async () => {
    const before = digest();
    const plan = await open.storage.plan('northwind', [
      {
        name: 'caruso_extra',
        kind: 'table',
        columns: [{ name: 'id', type: 'text', nullable: false }],
        primaryKey: ['id'],
        uniques: [],
        indexes: [],
        foreignKeys: [],
      },
    ]);
    expect(plan.steps).toEqual([]);
    expect(plan.notes[0]).toContain('not managed');
    await expect(open.storage.migrate(plan)).rejects.toMatchObject({ code: 'DATABASE_UNMANAGED' });
    await open.storage.query('northwind', (knex) => knex('Orders').limit(5));
    expect(digest()).toBe(before);
    expect(['-wal', '-shm', '-journal', '-intents'].filter((suffix) => existsSync(file + suffix))).toEqual([]);
  });

  it('keeps its definition when a row is changed by its composite key, and exactly that row changes', async () => {
    const rows = (): Promise<object[]> =>
      open.storage.query('northwind', (knex) => knex('Order Details').orderBy(['OrderID', 'ProductID']));
    const before = await rows();
    await open.storage.unitOfWork(async () => {
      await open.storage.query('northwind', (knex) =>
        knex('Order Details').where({ OrderID: 10248, ProductID: 11 }).update({ Quantity: 77 }),
      );
      await open.journal.append({ type: 'OrderDetail.updated' });
    });
    const after = await rows();
    const changed = after.filter((row, n) => JSON.stringify(row) !== JSON.stringify(before[n]));
    expect(changed).toMatchObject([{ OrderID: 10248, ProductID: 11, Quantity: 77 }]);
    expect((await open.storage.introspect('northwind')).hash).toBe(schema.hash);
    const raw = new SQLite(file, { readonly: true });
    expect(raw.pragma('journal_mode', { simple: true })).toBe('delete');
    raw.close();
  });
});

describe('a SQLite database of others', () => {
  it('tells implicit, missing and generated things as they are', async () => {
    const file = join(tempFolder(), 'odd.db');
    const database = new SQLite(file);
    database.exec(`
      create table Parent (code text, year int, primary key (code, year));
      create table "child of" (id integer primary key, c text, y int, gone int references Nowhere, double int as (id * 2),
        foreign key (c, y) references parent, unique (c, y));
      create index "by y" on "child of" (y); create index part on "child of" (c) where y > 3; create index expr on "child of" (lower(c));
      create table keyless (a, b varchar(20) default 'it''s', n numeric(8, 3) default -1.5, at timestamp default current_timestamp);
      create view seen as select id, double from "child of";`);
    database.close();
    const { storage, close } = await createStorage({
      databases: { main: 'sqlite::memory:', odd: { url: `sqlite:${file}`, managed: false } },
      ids: countingIds(),
    });
    const schema = await storage.introspect('odd');
    expect(table(schema, 'child of')).toMatchObject({
      uniques: [['c', 'y']],
      indexes: [['y']],
      foreignKeys: [
        { columns: ['gone'], references: { table: 'Nowhere', columns: [] } },
        { columns: ['c', 'y'], references: { table: 'Parent', columns: ['code', 'year'] } },
      ],
    });
    expect(table(schema, 'child of')?.columns.find(({ name }) => name === 'double')).toMatchObject({
      generated: 'computed',
    });
    expect(table(schema, 'keyless')?.primaryKey).toEqual([]);
    expect(table(schema, 'keyless')?.columns).toMatchObject([
      { name: 'a', type: 'text', nativeType: '' },
      { name: 'b', type: 'text', length: 20, default: "it's" },
      { name: 'n', type: 'decimal', length: 8, scale: 3, default: -1.5 },
      { name: 'at', type: 'datetime' },
    ]);
    expect(table(schema, 'keyless')?.columns[3]).not.toHaveProperty('default');
    expect(table(schema, 'seen')).toMatchObject({ kind: 'view', foreignKeys: [] });
    await close();
  });
});

describe.skipIf(server === undefined)('a PostgreSQL database of others', () => {
  it('tells keys, types, views and references, and its hash changes only with its definition', async () => {
    const own = ownSchema();
    const setup = await createStorage({ databases: { main: own.url }, ids: countingIds() });
    for (const statement of [
      'create table "Parent" (code text, year int, primary key (year, code))',
      `create table "child of" (id serial primary key, c varchar(9) not null, y int, boss int references "child of", price numeric(10,3) default 1.5,
         at timestamptz default now(), tags text[], doubled int generated always as (id * 2) stored, state text default 'it''s',
         foreign key (y, c) references "Parent" (year, code), unique (c, y))`,
      'create index "by y" on "child of" (y)',
      'create index part on "child of" (c) where y > 3',
      'create view seen as select id, price from "child of"',
      "create type mood as enum ('sad', 'it''s fine', 'happy')",
      'create domain postcode as varchar(7)',
      `create table odd (id bigint primary key, tags text[], words tsvector, span int4range, took interval, state mood, place inet, code postcode, ref uuid, doc xml)`,
      'create table reading (day date not null, meter text not null, primary key (day, meter)) partition by range (day)',
      "create table reading_2026 partition of reading for values from ('2026-01-01') to ('2027-01-01')",
      'create materialized view kept as select year from "Parent"',
    ]) {
      await setup.storage.query('main', (knex) => knex.raw(statement));
    }
    const open = await createStorage({
      databases: { main: 'sqlite::memory:', odd: { url: own.url, managed: false } },
      ids: countingIds(),
    });
    const schema = await open.storage.introspect('odd');
    expect(table(schema, 'Parent')?.primaryKey).toEqual(['year', 'code']);
    expect(table(schema, 'child of')).toMatchObject({
      primaryKey: ['id'],
      uniques: [['c', 'y']],
      indexes: [['y']],
      foreignKeys: [
        { columns: ['boss'], references: { table: 'child of', columns: ['id'] } },
        { columns: ['y', 'c'], references: { table: 'Parent', columns: ['year', 'code'] } },
      ],
    });
    expect(table(schema, 'child of')?.columns).toMatchObject([
      { name: 'id', type: 'integer', generated: 'identity' },
      { name: 'c', type: 'text', length: 9, nullable: false },
      { name: 'y', type: 'integer', nullable: true },
      { name: 'boss', type: 'integer' },
      { name: 'price', type: 'decimal', scale: 3, default: 1.5 },
      { name: 'at', type: 'datetime' },
      { name: 'tags', type: 'json' },
      { name: 'doubled', type: 'integer', generated: 'computed' },
      { name: 'state', type: 'text', default: "it's" },
    ]);
    expect(table(schema, 'seen')).toMatchObject({ kind: 'view', columns: [{ name: 'id' }, { name: 'price' }] });
    expect(table(schema, 'kept')?.kind).toBe('view');
    // A partition is part of its table, not a table of its own.
    expect(table(schema, 'reading')).toMatchObject({ kind: 'table', primaryKey: ['day', 'meter'] });
    expect(table(schema, 'reading_2026')).toBeUndefined();
    const odd = new Map(table(schema, 'odd')?.columns.map((column) => [column.name, column]));
    expect(odd.get('state')).toMatchObject({ type: 'text', values: ['sad', "it's fine", 'happy'] });
    const unwritten = [...odd.values()].filter(({ writable }) => writable === false).map(({ name }) => name);
    expect(unwritten).toEqual(['tags', 'words', 'span', 'took', 'place', 'code', 'doc']);
    await open.storage.query('odd', (knex) => knex('Parent').insert({ code: 'x', year: 1 }));
    expect((await open.storage.introspect('odd')).hash).toBe(schema.hash);
    await setup.storage.query('main', (knex) => knex.raw('alter table "Parent" alter column code type varchar(30)'));
    expect((await open.storage.introspect('odd')).hash).not.toBe(schema.hash);
    await open.close();
    await setup.close();
    await own.drop();
  });
});

describe.skipIf(mariadb === undefined)('a MariaDB database of others', () => {
  it('tells keys, types, views and references, and its hash changes only with its definition', async () => {
    const own = ownMariadb();
    const setup = await createStorage({ databases: { main: own.url }, ids: countingIds() });
    for (const statement of [
      'create table `Parent` (code varchar(9), year int, primary key (year, code))',
      `create table \`child of\` (id int unsigned auto_increment primary key, c varchar(9) not null, y int, boss int unsigned, price decimal(10,3) default 1.5,
         at timestamp default current_timestamp, active tinyint(1) default 1, doubled int generated always as (y * 2) stored, state varchar(20) default 'it''s',
         note longtext, extra json, kind enum('a','b'), foreign key (y, c) references \`Parent\` (year, code),
         foreign key (boss) references \`child of\` (id), unique (c, y), unique beginning (note(10)), fulltext words (note))`,
      'create index `by y` on `child of` (state)',
      'create view seen as select id, price from `child of`',
    ]) {
      await setup.storage.query('main', (knex) => knex.raw(statement));
    }
    const open = await createStorage({
      databases: { main: 'sqlite::memory:', odd: { url: own.url, managed: false } },
      ids: countingIds(),
    });
    const schema = await open.storage.introspect('odd');
    expect(table(schema, 'Parent')?.primaryKey).toEqual(['year', 'code']);
    const child = table(schema, 'child of');
    expect(child).toMatchObject({ primaryKey: ['id'], uniques: [['c', 'y']] });
    expect(child?.indexes).toContainEqual(['state']);
    // What is unique in its first ten characters, and what is an index of words, is no key.
    expect(child?.indexes).not.toContainEqual(['note']);
    expect(child?.foreignKeys).toHaveLength(2);
    expect(child?.foreignKeys).toContainEqual({
      columns: ['y', 'c'],
      references: { table: 'Parent', columns: ['year', 'code'] },
    });
    expect(child?.columns).toMatchObject([
      { name: 'id', type: 'integer', generated: 'identity' },
      { name: 'c', type: 'text', length: 9, nullable: false },
      { name: 'y', type: 'integer', nullable: true },
      { name: 'boss', type: 'integer' },
      { name: 'price', type: 'decimal', scale: 3, default: 1.5 },
      { name: 'at', type: 'datetime' },
      { name: 'active', type: 'boolean', default: true },
      { name: 'doubled', type: 'integer', generated: 'computed' },
      { name: 'state', type: 'text', default: "it's" },
      { name: 'note', type: 'text' },
      { name: 'extra', type: 'json' },
      { name: 'kind', type: 'text', values: ['a', 'b'] },
    ]);
    expect(table(schema, 'seen')).toMatchObject({ kind: 'view', columns: [{ name: 'id' }, { name: 'price' }] });
    await open.storage.query('odd', (knex) => knex('Parent').insert({ code: 'x', year: 1 }));
    expect((await open.storage.introspect('odd')).hash).toBe(schema.hash);
    await setup.storage.query('main', (knex) => knex.raw('alter table `child of` modify state varchar(30)'));
    expect((await open.storage.introspect('odd')).hash).not.toBe(schema.hash);
    await open.close();
    await setup.close();
    await own.drop();
  });
});
