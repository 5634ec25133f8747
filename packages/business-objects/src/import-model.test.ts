import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { formatFault, sourceOf } from '@caruso/declarations';
import { VirtualClock } from '@caruso/service-manager/contract';
import { createStorage, type OpenStorage } from '@caruso/storage-manager';
import type { DatabaseSchema, TableShape } from '@caruso/storage-manager/contract';
import SQLite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileModel } from './compile-model.js';
import { createObjects, type OpenObjects } from './create-objects.js';
import { counting } from './databases.test.support.js';
import { importModel } from './import-model.js';
import { mergeImport } from './merge-import.js';

const shared = process.env['CARUSO_SHARED_DATA'] ?? resolve(import.meta.dirname, '../../../../shared/data');
const script = join(shared, 'legacy-northwind/create.sql');
if (!existsSync(script)) process.stderr.write(`skipped: no Northwind database at ${script}; set CARUSO_SHARED_DATA\n`);

const column = (name: string, type: TableShape['columns'][number]['type'] = 'text', more = {}) => ({
  name,
  type,
  nullable: true,
  ...more,
});
const table = (name: string, more: Partial<TableShape>): TableShape => ({
  name,
  kind: 'table',
  columns: [],
  primaryKey: [],
  uniques: [],
  indexes: [],
  foreignKeys: [],
  ...more,
});
const schemaOf = (tables: TableShape[]): DatabaseSchema => ({ database: 'old', dialect: 'sqlite', tables, hash: '' });
const compiled = (files: { path: string; text: string }[]) =>
  compileModel(
    files.map(({ path, text }) => sourceOf(path, text)),
    { databases: { old: { managed: false } } },
  );

describe('importing a database', () => {
  const invoice = table('FAKTUUR KOP', {
    columns: [
      column('JR', 'integer', { nullable: false }),
      column('FKT-NR', 'integer', { nullable: false }),
      column('KLANT_ID'),
      column('BDR', 'decimal', { scale: 2 }),
    ],
    primaryKey: ['FKT-NR', 'JR'],
  });
  const line = table('FAKTUUR RGL', {
    columns: [
      column('JR', 'integer', { nullable: false }),
      column('NR', 'integer', { nullable: false }),
      column('RGL', 'integer', { nullable: false }),
      column('null', 'text', { length: 20 }),
    ],
    primaryKey: ['JR', 'NR', 'RGL'],
    foreignKeys: [{ columns: ['JR', 'NR'], references: { table: 'FAKTUUR KOP', columns: ['JR', 'FKT-NR'] } }],
  });

  it('makes readable files that compile, keys and references in the order of the key they hold', () => {
    const { files } = importModel(schemaOf([invoice, line]), { database: 'old' });
    expect(files[1]).toEqual({
      path: 'model/faktuur-rgl.yaml',
      text: `# A table of the database 'old': its names are theirs, and Caruso never alters it.
object: FaktuurRgl
database: old
table: FAKTUUR RGL
attributes:
  faktuurKop: { columns: ["FKT-NR", JR], to: FaktuurKop, key: true }
  rgl:        { column: RGL, type: integer, key: true }
  null_:      { column: "null", type: text, length: 20, search: true }
`.replace('["FKT-NR", JR]', '[NR, JR]'),
    });
    const { model, faults } = compiled(files);
    expect(faults.map(formatFault)).toEqual([]);
    expect(model.objects.get('FaktuurKop')?.key.map(({ name }) => name)).toEqual(['fktNr', 'jr']);
    expect(model.objects.get('FaktuurKop')?.relations.get('faktuurRgls')).toMatchObject({
      to: 'FaktuurRgl',
      by: ['faktuurKop'],
    });
  });

  it('is the same whatever the order in which the tables were found', () => {
    expect(importModel(schemaOf([line, invoice]), { database: 'old' })).toEqual(
      importModel(schemaOf([invoice, line]), { database: 'old' }),
    );
  });

  it('keeps names apart and notes what it cannot take over', () => {
    const odd = table('Orders', {
      columns: [column('Order ID'), column('order_id'), column('OrderId', 'decimal'), column('user')],
      foreignKeys: [{ columns: ['user'], references: { table: 'Gone', columns: ['id'] } }],
    });
    const { files, notes } = importModel(schemaOf([odd, table('order', { columns: [column('a')], kind: 'view' })]), {
      database: 'old',
    });
    expect(files.map(({ path }) => path)).toEqual(['model/order.yaml', 'model/order2.yaml']);
    expect(compiled(files).faults.map(formatFault)).toEqual([]);
    expect(notes).toEqual([
      'Orders (user) refers to Gone by what is not its key; imported as plain columns',
      'Orders.OrderId names no digits behind the point: Order.orderId3 has 4',
      'Orders has no primary key: Order is read, never written',
    ]);
  });
});

describe.skipIf(!existsSync(script))('the Northwind database, imported and served', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'caruso-northwind-')), 'northwind.db');
  let storage: OpenStorage;
  let open: OpenObjects;
  let files: { path: string; text: string }[];

  beforeAll(async () => {
    const made = new SQLite(file);
    // Of this connection only: thousands of inserts need not wait for the disk.
    made.pragma('synchronous = off');
    made.exec(readFileSync(script, 'utf8'));
    made.close();
    storage = await createStorage({
      databases: { main: 'sqlite::memory:', northwind: { url: `sqlite:${file}`, managed: false } },
      ids: counting(),
      clock: new VirtualClock(),
    });
    const imported = importModel(await storage.storage.introspect('northwind'), { database: 'northwind' });
    ({ files } = imported);
    open = await createObjects({
      storage: storage.storage,
      journal: storage.journal,
      ids: counting(),
      model: files.map(({ path, text: yaml }) => sourceOf(path, yaml)),
    });
  }, 60_000);
  afterAll(() => storage?.close());

  it('has an object for each of the 13 tables and 16 views, all of which can be listed', async () => {
    expect(open.faults.map(formatFault)).toEqual([]);
    expect(files).toHaveLength(29);
    const { objects } = await open.objects.describe({});
    expect(objects.filter(({ readOnly }) => !readOnly)).toHaveLength(13);
    for (const { name } of objects) {
      const { records } = await open.objects.find({ object: name, limit: 3 });
      if (!name.startsWith('CustomerCustomerDemo') && !name.startsWith('CustomerDemographic'))
        expect(records.length, name).toBeGreaterThan(0);
    }
  });

  it('gives names a reader guesses', () => {
    const text = files.find(({ path }) => path === 'model/order-detail.yaml')?.text;
    expect(text).toContain(`object: OrderDetail
database: northwind
table: Order Details
attributes:
  order:     { column: OrderID, to: Order, key: true }
  product:   { column: ProductID, to: Product, key: true }
`);
    expect(files.find(({ path }) => path === 'model/employee.yaml')?.text).toContain(
      'employeesByReportsTo: { many: Employee, by: reportsTo }',
    );
  });

  it('changes exactly the one row of Order Details that a composite key names, and nothing of the schema', async () => {
    const dump = () =>
      storage.storage.query<Record<string, unknown>[]>('northwind', (knex) =>
        knex('Order Details').orderBy(['OrderID', 'ProductID']),
      );
    const master = () => storage.storage.query('northwind', (knex) => knex('sqlite_master').orderBy('name'));
    const [before, schema, hash] = [await dump(), await master(), (await storage.storage.introspect('northwind')).hash];
    const record = await open.objects.get({ object: 'OrderDetail', key: '10248~42', include: ['order', 'product'] });
    expect(record?.related).toMatchObject({
      order: { object: 'Order', key: '10248' },
      product: { object: 'Product', key: '42' },
    });
    const changed = await open.objects.update({
      object: 'OrderDetail',
      key: '10248~42',
      values: { quantity: 11 },
      version: record?.version ?? '',
    });
    expect(changed.values).toEqual({ ...record?.values, quantity: 11 });
    expect(changed.version).not.toBe(record?.version);
    const after = await dump();
    const different = after.filter((row, index) => JSON.stringify(row) !== JSON.stringify(before[index]));
    expect(different).toEqual([
      { ...before.find((row) => row['OrderID'] === 10248 && row['ProductID'] === 42), Quantity: 11 },
    ]);
    expect(after).toHaveLength(before.length);
    expect(await master()).toEqual(schema);
    expect((await storage.storage.introspect('northwind')).hash).toBe(hash);
    const stale = open.objects.update({
      object: 'OrderDetail',
      key: '10248~42',
      values: { quantity: 12 },
      version: record?.version ?? '',
    });
    await expect(stale).rejects.toMatchObject({ code: 'VERSION_CONFLICT' });
  });

  it('sees that the legacy program changed a row in the meantime', async () => {
    const record = await open.objects.get({ object: 'OrderDetail', key: '10249~14' });
    await storage.storage.query('northwind', (knex) =>
      knex('Order Details').where({ OrderID: 10249, ProductID: 14 }).update({ Discount: 0.5 }),
    );
    const stale = open.objects.update({
      object: 'OrderDetail',
      key: '10249~14',
      values: { quantity: 1 },
      version: record?.version ?? '',
    });
    await expect(stale).rejects.toMatchObject({ code: 'VERSION_CONFLICT' });
  });

  it('filters and sorts by legacy dates, decimals and relations, and reads views', async () => {
    const orders = await open.objects.find({
      object: 'Order',
      where: "orderDate >= datetime('1997-01-01T00:00:00Z') and freight > 100.5 and customer.country = 'Germany'",
      sort: ['-freight'],
      limit: 2,
    });
    expect(
      orders.records.map(({ values }) => [values['freight'], String(values['orderDate']).slice(0, 4) >= '1997']),
    ).toEqual([
      ['1007.6400', true],
      ['810.0500', true],
    ]);
    const view = await open.objects.find({ object: 'AlphabeticalListOfProducts', limit: 2 });
    expect(view.records[0]).toMatchObject({ key: '' });
    const second = await open.objects.find({ object: 'AlphabeticalListOfProducts', limit: 2, after: view.next ?? '' });
    expect(second.records[0]?.values).not.toEqual(view.records[0]?.values);
    await expect(
      open.objects.update({ object: 'AlphabeticalListOfProducts', key: '', values: {} }),
    ).rejects.toMatchObject({ code: 'OBJECT_READ_ONLY' });
  });

  it('makes a many-to-many relation of a table whose key is two foreign keys, on both sides', async () => {
    const text = (object: string) => files.find(({ path }) => path === `model/${object}.yaml`)?.text;
    expect(text('employee')).toContain('  territories: { many: Territory, through: EmployeeTerritory }\n');
    expect(text('territory')).toContain('  employees: { many: Employee, through: EmployeeTerritory }\n');
    expect(text('order')).toContain('  products: { many: Product, through: OrderDetail }\n');
    expect(text('employee-territory')).toContain(`attributes:
  employee:  { column: EmployeeID, to: Employee, key: true }
  territory: { column: TerritoryID, to: Territory, key: true }
`);
    const place = { object: 'Employee', key: '1', relation: 'territories' };
    const theirs = async () => (await open.objects.related(place)).records.map(({ key }) => key);
    expect(await theirs()).toEqual(['06897', '19713']);
    const { records } = await open.objects.find({
      object: 'Employee',
      where: "territories.exists(t, t.territoryId = '01581')",
      include: ['territories'],
    });
    expect(records).toMatchObject([{ key: '2' }]);
    expect(records[0]?.related?.['territories']).toHaveLength(7);
    expect(await open.objects.link({ ...place, keys: ['01581', '06897'] })).toEqual({ linked: ['01581'] });
    expect(await theirs()).toEqual(['01581', '06897', '19713']);
    expect((await open.objects.get({ object: 'EmployeeTerritory', key: '1~01581' }))?.key).toBe('1~01581');
    expect(await open.objects.unlink({ ...place, keys: ['01581'] })).toEqual({ unlinked: ['01581'] });
    // What a table of order lines must say goes along.
    const order = { object: 'Order', key: '10248', relation: 'products', keys: ['1'] };
    const values = { unitPrice: '1.0000', quantity: 2, discount: 0 };
    expect(await open.objects.link({ ...order, values })).toEqual({ linked: ['1'] });
    expect((await open.objects.get({ object: 'OrderDetail', key: '10248~1' }))?.values['quantity']).toBe(2);
    expect(await open.objects.unlink(order)).toEqual({ unlinked: ['1'] });
  });

  it('finds nothing new when it is read again, and nothing to migrate', async () => {
    const again = importModel(await storage.storage.introspect('northwind'), { database: 'northwind' });
    expect(mergeImport(files, again.files)).toEqual([]);
    const plans = await open.modelFiles.plan(files.map(({ path, text }) => sourceOf(path, text)));
    expect(plans.flatMap(({ steps }) => steps)).toEqual([]);
  });

  it('maps a table of links without an object for it', async () => {
    const own = files
      .filter(({ path }) => path !== 'model/employee-territory.yaml')
      .map(({ path, text }) => {
        const way = 'table: EmployeeTerritories, from: EmployeeID, to: TerritoryID';
        const employee = text.replace('many: Territory, through: EmployeeTerritory', `many: Territory, ${way}`);
        const territory = employee.replace(
          'many: Employee, through: EmployeeTerritory',
          'many: Employee, inverse: territories',
        );
        return sourceOf(
          path,
          territory.replace(/^.*by: (employee|territory) }\n/gm, (line) =>
            line.includes('EmployeeTerritory') ? '' : line,
          ),
        );
      });
    const { objects, faults } = await createObjects({
      storage: storage.storage,
      journal: storage.journal,
      ids: counting(),
      model: own,
    });
    expect(faults.map(formatFault)).toEqual([]);
    const asked = { object: 'Territory', key: '06897', relation: 'employees' };
    expect((await objects.related(asked)).records.map(({ key }) => key)).toEqual(['1']);
    expect(await objects.link({ ...asked, keys: ['3'] })).toEqual({ linked: ['3'] });
    expect((await objects.related(asked)).records.map(({ key }) => key)).toEqual(['1', '3']);
    expect(await objects.unlink({ ...asked, keys: ['3'] })).toEqual({ unlinked: ['3'] });
  });

  it('lets the database make the key of a new row, and deletes it again', async () => {
    const created = await open.objects.create({ object: 'Shipper', values: { companyName: 'Fast', phone: '1' } });
    expect(created).toMatchObject({ key: '4', values: { shipperId: 4, companyName: 'Fast' } });
    expect(await open.objects.delete({ object: 'Shipper', key: '4' })).toEqual({ deleted: true });
  });
});
