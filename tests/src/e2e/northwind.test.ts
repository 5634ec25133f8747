import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect } from 'vitest';
import { ApiClient } from '../support/api.js';
import { accessibilityFaults, launch, screenshot, signedIn } from '../support/browser.js';
import { FrontOffice, removeFolder, runCaruso } from '../support/front-office.js';
import { browser as chromium, northwind, northwindFile, testWith } from '../support/requirement.js';

const test = testWith(northwind);
const testOnScreen = testWith(northwind, chromium);

describe('an integrator with the Northwind database', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'caruso-northwind-'));
  const file = path.join(folder, 'northwind.db');
  afterAll(() => removeFolder(folder));

  const everything = () => {
    const database = new Database(file, { readonly: true });
    const schema = JSON.stringify(
      database.prepare('select type, name, tbl_name, sql from sqlite_master order by type, name').all(),
    );
    const orders = database.prepare('select * from "Order Details" order by OrderID, ProductID').all() as Record<
      string,
      unknown
    >[];
    const tables = database
      .prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name")
      .pluck()
      .all() as string[];
    const others = tables
      .filter((name) => name !== 'Order Details')
      .map((name) => JSON.stringify(database.prepare(`select * from "${name}"`).all()));
    database.close();
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    return { schema: hash(schema), orders, others: hash(others.join()) };
  };

  test('imports it, serves it, and edits one order line by its composite key: exactly that row changes, the schema stays as it is', async () => {
    const database = new Database(file);
    database.exec(readFileSync(northwindFile, 'utf8'));
    database.close();
    writeFileSync(
      path.join(folder, 'caruso.yaml'),
      'caruso: 1\nname: Northwind Traders\nlocale: en-US\ntimezone: America/New_York\nseed: true\ndatabases:\n  main: sqlite:./data/main.db\n',
    );
    const imported = await runCaruso(['import', `sqlite:${file}`, '--into', folder, '--json']);
    expect(imported.stderr + imported.stdout).not.toContain('INTERNAL');
    expect(imported.code).toBe(0);
    const models = readdirSync(path.join(folder, 'model'));
    expect(models).toHaveLength(29);

    mkdirSync(path.join(folder, 'seed'), { recursive: true });
    writeFileSync(
      path.join(folder, 'seed', '10-users.yaml'),
      '- call: users.define\n  with: { user: ada, name: Ada, roles: [administrator], password: northwind-1 }\n',
    );
    const checked = await runCaruso(['check', folder]);
    expect(checked.stdout + checked.stderr).not.toMatch(/ error /);
    expect(checked.code).toBe(0);

    const before = everything();
    const office = await FrontOffice.start(folder);
    try {
      const ada = await ApiClient.signedIn(office.url, 'ada', 'northwind-1');
      const { objects } = await ada.call<{
        objects: { name: string; table: string; key: string[]; readOnly: boolean }[];
      }>('objects.describe');
      const lines = objects.find((object) => object.table === 'Order Details');
      expect(lines?.key).toHaveLength(2);
      for (const object of objects.filter((each) => each.table !== undefined && models.length > 0)) {
        const response = await ada.fetch('GET', `/api/objects/${object.name}?limit=3`);
        expect(`${object.name} ${response.status}`).toBe(`${object.name} 200`);
      }
      const name = lines?.name ?? '';
      const { records } = await ada.json<{ records: { key: string; values: Record<string, unknown> }[] }>(
        'GET',
        `/api/objects/${name}?limit=20`,
      );
      const chosen = records[7];
      const response = await ada.fetch('GET', `/api/objects/${name}/${encodeURIComponent(chosen?.key ?? '')}`);
      const etag = response.headers.get('etag') ?? '';
      expect(etag).not.toBe('');
      await ada.json(
        'PATCH',
        `/api/objects/${name}/${encodeURIComponent(chosen?.key ?? '')}`,
        { values: { quantity: 77 } },
        { 'if-match': etag },
      );
      const stale = await ada.fetch(
        'PATCH',
        `/api/objects/${name}/${encodeURIComponent(chosen?.key ?? '')}`,
        { values: { quantity: 78 } },
        { 'if-match': etag },
      );
      expect(stale.status).toBe(412);
    } finally {
      await office.stop();
    }
    const after = everything();
    expect(after.schema).toBe(before.schema);
    expect(after.others).toBe(before.others);
    const changed = after.orders.filter((row, index) => JSON.stringify(row) !== JSON.stringify(before.orders[index]));
    expect(changed).toHaveLength(1);
    expect(changed[0]?.['Quantity']).toBe(77);
    expect(after.orders).toHaveLength(before.orders.length);

    const plan = await runCaruso(['migrate', folder, '--plan']);
    expect(plan.code).toBe(0);
    expect(plan.stdout.trim()).toBe('main: nothing to do');
  });

  testOnScreen('edits an order line on a screen: exactly its row changes', async () => {
    const before = everything();
    const office = await FrontOffice.start(folder);
    const browser = await launch();
    try {
      const page = await signedIn(browser, office.url, 'ada', { password: 'northwind-1' });
      const navigation = page.getByRole('navigation', { name: 'Main navigation' });
      await navigation.getByRole('link', { name: 'Order details', exact: true }).click();
      // Two lines of an order look alike but for the product: the key is both.
      await page
        .getByRole('row', { name: /Vins et alcools Chevalier.*Singaporean Hokkien Fried Mee/ })
        .getByRole('link')
        .click();
      await page.getByRole('button', { name: 'Edit Quantity' }).click();
      await page.getByRole('textbox', { name: 'Quantity' }).fill('11');
      await page.getByRole('textbox', { name: 'Quantity' }).press('Enter');
      await page.getByText('11', { exact: true }).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await screenshot(page, 'order-detail-1440');
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await accessibilityFaults(page)).toEqual([]);
      await screenshot(page, 'order-detail-390');
    } finally {
      await browser.close();
      await office.stop();
    }
    const after = everything();
    expect(after).toMatchObject({ schema: before.schema, others: before.others });
    const changed = after.orders.filter((row, index) => JSON.stringify(row) !== JSON.stringify(before.orders[index]));
    expect(changed).toEqual([{ OrderID: 10248, ProductID: 42, UnitPrice: 9.8, Quantity: 11, Discount: 0 }]);
    expect(after.orders).toHaveLength(before.orders.length);
  });

  test('calls every attribute otherwise: filters, sorts, imports, exports and history speak the new names alone, and nothing of the schema changes', async () => {
    const before = everything();
    const other = mkdtempSync(path.join(tmpdir(), 'caruso-renamed-'));
    const renamed = (name: string) => `our${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`;
    for (const kind of ['model', 'seed']) mkdirSync(path.join(other, kind));
    writeFileSync(path.join(other, 'seed', '10-users.yaml'), readFileSync(path.join(folder, 'seed', '10-users.yaml')));
    writeFileSync(
      path.join(other, 'caruso.yaml'),
      readFileSync(path.join(folder, 'caruso.yaml'), 'utf8').replaceAll(/\.\/northwind\.db/g, file),
    );
    let count = 0;
    for (const name of readdirSync(path.join(folder, 'model'))) {
      const text = readFileSync(path.join(folder, 'model', name), 'utf8')
        .replaceAll(/^ {2}(\w+):( *\{ columns?:)/gm, (_, attribute: string, rest: string) => {
          count += 1;
          return `  ${renamed(attribute)}:${rest}`;
        })
        .replaceAll(/by: (\w+)/g, (_, by: string) => `by: ${renamed(by)}`);
      writeFileSync(path.join(other, 'model', name), text);
    }
    expect(count).toBeGreaterThan(150);
    const office = await FrontOffice.start(other);
    try {
      const ada = await ApiClient.signedIn(office.url, 'ada', 'northwind-1');
      const { objects } = await ada.call<{
        objects: { name: string; key: string[]; database: string; attributes: { name: string }[] }[];
      }>('objects.describe');
      const named = objects
        .filter(({ database }) => database !== 'main')
        .flatMap(({ attributes }) => attributes.map((attribute) => attribute.name));
      expect(named).toHaveLength(count);
      expect(named.filter((name) => !name.startsWith('our'))).toEqual([]);
      const list = (query: string) => ada.fetch('GET', `/api/objects/Customer?${query}`);
      const found = await list(`where=${encodeURIComponent("ourCity = 'London'")}&sort=-ourCompanyName&limit=2`);
      expect(((await found.json()) as { records: object[] }).records).toMatchObject([
        { key: 'SEVES', values: { ourCompanyName: 'Seven Seas Imports' } },
        { key: 'NORTS' },
      ]);
      for (const old of [`where=${encodeURIComponent("city = 'London'")}`, 'sort=companyName'])
        expect((await list(old)).status).toBe(400);

      const exported = await ada.fetch('GET', '/api/exports/Customer.csv?search=Seven%20Seas');
      const [head = '', row = ''] = (await exported.text()).replace('\ufeff', '').split('\r\n');
      expect(head.split(',').every((name) => name.startsWith('our'))).toBe(true);
      const file2 = `${head}\r\n${row.replace('London', 'Leeds')}\r\n`;
      const sent = await ada.json<{ import: string }>('POST', '/api/imports/Customer?file=c.csv', file2, {
        'content-type': 'text/csv',
      });
      const until = async (state: string) => {
        for (let tries = 0; tries < 200; tries++) {
          const status = await ada.call<{ state: string; counts: object }>('imports.status', { import: sent.import });
          if (status.state === state) return status;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        throw new Error(`the import is not ${state}`);
      };
      await until('read');
      const [key = ''] = objects.find(({ name }) => name === 'Customer')?.key ?? [];
      await ada.call('imports.map', { import: sent.import, options: { match: [key] } });
      await ada.call('imports.run', { import: sent.import });
      expect((await until('done')).counts).toMatchObject({ updated: 1 });
      const history = await ada.json<{ events: object[] }>('GET', '/api/objects/Customer/SEVES/history');
      expect(history.events).toMatchObject([
        { data: { changed: ['ourCity'] }, changed: [{ attribute: 'ourCity', before: 'London', after: 'Leeds' }] },
      ]);
    } finally {
      await office.stop();
      removeFolder(other);
    }
    expect(everything().schema).toBe(before.schema);
  });
});
