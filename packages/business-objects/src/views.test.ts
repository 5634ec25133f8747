import { VirtualClock } from '@caruso/service-manager/contract';
import { describe, expect, it } from 'vitest';
import { createObjects } from './create-objects.js';
import { counting, testDatabases } from './databases.test.support.js';

const view = (object: string, name: string) => `object: ${object}
database: billing
table: ${name}
attributes:
  code: { type: text, key: true }
  name: { type: text }
`;
const MODEL = {
  'dear.yaml': view('Dear', 'dear'),
  'counted.yaml': view('Counted', 'counted'),
  'keyless.yaml': view('Keyless', 'dear').replace(', key: true', ''),
};
const STATEMENTS = [
  'create table product (code varchar(10) primary key, name varchar(40), price decimal(8,2))',
  'create view dear as select code, name from product where price > 10 or price is null',
  'create view counted as select code, max(name) as name from product group by code',
  "insert into product values ('P1', 'Lamp', 12.50), ('P2', 'Chair', 30)",
];

describe.each(testDatabases)('a view of a legacy database on $name whose attributes name a key', ({ name, open }) => {
  it('is read by it, changed where the database can, and refused clearly where not', async (test) => {
    const opened = await open(new VirtualClock(), STATEMENTS);
    if (opened === undefined) return test.skip();
    try {
      const { storage } = opened;
      const { objects } = await createObjects({ ...opened, ids: counting(), clock: new VirtualClock(), model: MODEL });
      const refused = { code: 'VIEW_NOT_WRITABLE', status: 409, message: expect.stringContaining("'billing'") };
      const update = (object: string) => objects.update({ object, key: 'P1', values: { name: 'Torch' } });
      expect((await objects.get({ object: 'Counted', key: 'P2' }))?.values).toMatchObject({ name: 'Chair' });

      await expect(update('Counted')).rejects.toMatchObject(refused);
      await expect(objects.create({ object: 'Counted', values: { code: 'P3' } })).rejects.toMatchObject(refused);
      await expect(objects.delete({ object: 'Counted', key: 'P1' })).rejects.toMatchObject(refused);
      await expect(objects.create({ object: 'Keyless', values: { code: 'P3' } })).rejects.toMatchObject({
        code: 'OBJECT_READ_ONLY',
      });

      const products = () => storage.query('billing', (knex) => knex('product').select('code', 'name').orderBy('code'));
      if (name === 'SQLite') {
        await expect(update('Dear')).rejects.toMatchObject(refused);
        await expect(objects.create({ object: 'Dear', values: { code: 'P3' } })).rejects.toMatchObject(refused);
        expect(await products()).toEqual([
          { code: 'P1', name: 'Lamp' },
          { code: 'P2', name: 'Chair' },
        ]);
        return;
      }
      expect((await update('Dear')).values).toMatchObject({ name: 'Torch' });
      await objects.create({ object: 'Dear', values: { code: 'P3', name: 'Desk' } });
      await objects.delete({ object: 'Dear', key: 'P2' });
      expect(await products()).toEqual([
        { code: 'P1', name: 'Torch' },
        { code: 'P3', name: 'Desk' },
      ]);
    } finally {
      await opened.close();
    }
  });
});
