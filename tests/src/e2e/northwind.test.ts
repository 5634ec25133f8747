import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect } from 'vitest';
import { ApiClient } from '../support/api.js';
import { FrontOffice, removeFolder, runCaruso } from '../support/front-office.js';
import { northwind, northwindFile, testWith } from '../support/requirement.js';

const test = testWith(northwind);

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

    const { mkdirSync } = await import('node:fs');
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
  });
});
