import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { ColumnShape, ColumnType, TableShape } from './contract.js';
import { createStorage, type OpenStorage } from './create-storage.js';
import { countingIds, testDatabases } from './databases.test.support.js';
import { planMigration } from './plan-migration.js';

const types: ColumnType[] = [
  'text',
  'integer',
  'bigint',
  'number',
  'decimal',
  'boolean',
  'date',
  'datetime',
  'json',
  'binary',
];
const name = fc.constantFrom('a', 'b', 'order', 'Name', 'with space', 'quo"te', 'naïve', 'x_y', 'is ok?');

const column = fc
  .record({
    name,
    type: fc.constantFrom(...types),
    nullable: fc.boolean(),
    scale: fc.integer({ min: 0, max: 6 }),
    length: fc.option(fc.integer({ min: 1, max: 200 })),
    withDefault: fc.boolean(),
  })
  .map(({ name: called, type, nullable, scale, length, withDefault }): ColumnShape => {
    const byDefault = { text: "it's", integer: 7, bigint: 8, number: 0.5, decimal: '1.5', boolean: true } as Partial<
      Record<ColumnType, string | number | boolean>
    >;
    return {
      name: called,
      type,
      nullable,
      ...(type === 'decimal' ? { scale: Math.max(scale, 1) } : {}),
      ...(type === 'text' && length !== null ? { length: Math.max(length, 4) } : {}),
      ...(withDefault && byDefault[type] !== undefined ? { default: byDefault[type] } : {}),
    };
  });

const table = fc
  .record({
    columns: fc.uniqueArray(column, { selector: (each) => each.name.toLowerCase(), minLength: 1, maxLength: 6 }),
    picks: fc.array(fc.nat(), { maxLength: 4 }),
    refers: fc.boolean(),
  })
  .map(({ columns, picks, refers }): Omit<TableShape, 'name'> => {
    // JSON cannot be indexed on PostgreSQL.
    const plain = columns.filter(({ type }) => type !== 'json').map((each) => each.name);
    const pick = (n: number): string[][] => (plain.length === 0 ? [] : [[plain[n % plain.length] ?? 'id']]);
    return {
      kind: 'table',
      columns: [
        { name: 'id', type: 'bigint', nullable: false, generated: 'identity' },
        { name: 'other', type: 'bigint', nullable: true },
        ...columns,
      ],
      primaryKey: ['id'],
      uniques: picks.slice(0, 1).flatMap(pick),
      indexes: picks.slice(1).flatMap(pick),
      foreignKeys: refers ? [{ columns: ['other'], references: { table: 'second table', columns: ['id'] } }] : [],
    };
  });

/** Two versions of a model, the later one usually with more columns, over tables with and without rows. */
const versions = fc.array(fc.tuple(table, table), { minLength: 1, maxLength: 3 });

for (const { dialect, available, own } of testDatabases) {
  describe.skipIf(!available)(`plans on ${dialect}`, () => {
    const closing: (() => Promise<void>)[] = [];
    afterAll(async () => {
      for (const close of closing) await close();
    });
    async function fresh(): Promise<OpenStorage> {
      const database = own();
      const open = await createStorage({
        databases: { main: dialect === 'sqlite' ? 'sqlite::memory:' : database.url },
        ids: countingIds(),
      });
      closing.push(async () => {
        await open.close();
        await database.drop();
      });
      return open;
    }

    it('are empty after they were applied, through every version of a model', async () => {
      const { storage } = await fresh();
      await fc.assert(
        fc.asyncProperty(versions, async (models) => {
          for (const [first, second] of models) {
            const wanted: TableShape[] = [
              { name: 'first', ...first },
              { name: 'second table', ...second },
            ];
            await storage.migrate(await storage.plan('main', wanted));
            expect((await storage.plan('main', wanted)).steps).toEqual([]);
          }
          await storage.query('main', (knex) =>
            knex.raw(`drop table "first"${dialect === 'postgres' ? ' cascade' : ''}`),
          );
          await storage.query('main', (knex) => knex.raw('drop table "second table"'));
        }),
        // Each step of DDL is a commit of its own on MariaDB, and slow.
        { numRuns: { sqlite: 60, postgres: 25, mariadb: 8 }[dialect] },
      );
    });

    it('index a column by the type it has in the table, not by the one it would be given now', async () => {
      const { storage } = await fresh();
      const wanted = (code: TableShape['columns'][number], indexes: string[][]): TableShape => ({
        name: 'article',
        kind: 'table',
        columns: [{ name: 'id', type: 'bigint', nullable: false }, code],
        primaryKey: ['id'],
        uniques: [],
        indexes,
        foreignKeys: [],
      });
      const short = { name: 'code', type: 'text', nullable: false, length: 20, short: true } as const;
      await storage.migrate(await storage.plan('main', [wanted(short, [])]));
      const long = wanted({ name: 'code', type: 'text', nullable: false }, [['code']]);
      await storage.migrate(await storage.plan('main', [long]));
      expect((await storage.plan('main', [long])).steps).toEqual([]);
    });

    it('read back exactly what was wanted', async () => {
      const { storage } = await fresh();
      const wanted: TableShape = {
        name: 'Order Details',
        kind: 'table',
        columns: [
          { name: 'order', type: 'bigint', nullable: false },
          { name: 'product', type: 'text', nullable: false, length: 20 },
          { name: 'price', type: 'decimal', nullable: false, scale: 3, default: '1.500' },
          { name: 'above', type: 'bigint', nullable: true },
        ],
        primaryKey: ['order', 'product'],
        uniques: [['above', 'product']],
        indexes: [['price']],
        foreignKeys: [
          { columns: ['above', 'product'], references: { table: 'Order Details', columns: ['order', 'product'] } },
        ],
      };
      await storage.migrate(await storage.plan('main', [wanted]));
      const found = (await storage.introspect('main')).tables.find((each) => each.name === 'Order Details');
      expect(found).toMatchObject({
        kind: 'table',
        primaryKey: wanted.primaryKey,
        uniques: wanted.uniques,
        indexes: wanted.indexes,
        foreignKeys: wanted.foreignKeys,
      });
      expect(
        found?.columns.map(({ name: called, type, nullable, scale, length }) => ({
          called,
          type,
          nullable,
          scale,
          length: type === 'text' ? length : undefined,
        })),
      ).toEqual([
        { called: 'order', type: 'bigint', nullable: false, scale: undefined, length: undefined },
        { called: 'product', type: 'text', nullable: false, scale: undefined, length: 20 },
        { called: 'price', type: 'decimal', nullable: false, scale: 3, length: undefined },
        { called: 'above', type: 'bigint', nullable: true, scale: undefined, length: undefined },
      ]);
    });

    it('add a required column to a filled table as nullable, and say so', async () => {
      const { storage } = await fresh();
      const table1: TableShape = {
        name: 't',
        kind: 'table',
        columns: [{ name: 'id', type: 'integer', nullable: false }],
        primaryKey: ['id'],
        uniques: [],
        indexes: [],
        foreignKeys: [],
      };
      await storage.migrate(await storage.plan('main', [table1]));
      await storage.query('main', (knex) => knex('t').insert({ id: 1 }));
      const table2 = {
        ...table1,
        columns: [
          ...table1.columns,
          { name: 'due', type: 'date' as const, nullable: false },
          { name: 'n', type: 'integer' as const, nullable: false, default: 4 },
        ],
      };
      const plan = await storage.plan('main', [table2]);
      expect(plan.notes).toContainEqual(expect.stringContaining('t.due: required'));
      await storage.migrate(plan);
      expect(await storage.query('main', (knex) => knex('t'))).toEqual([{ id: 1, due: null, n: 4 }]);
      expect((await storage.plan('main', [table2])).steps).toEqual([]);
    });

    it('rename what is declared renamed, and remove what is declared removed only when that is allowed', async () => {
      const { storage } = await fresh();
      const text = (name: string): ColumnShape => ({ name, type: 'text', nullable: true, length: 40 });
      const before: TableShape = {
        name: 'client',
        kind: 'table',
        columns: [{ name: 'id', type: 'integer', nullable: false }, text('telephone'), text('fax'), text('note')],
        primaryKey: ['id'],
        uniques: [['fax']],
        indexes: [['telephone']],
        foreignKeys: [],
      };
      await storage.migrate(await storage.plan('main', [before]));
      await storage.query('main', (knex) =>
        knex('client').insert([
          { id: 1, telephone: '020', fax: '021', note: 'x' },
          { id: 2, telephone: '030', fax: null, note: null },
        ]),
      );
      const after: TableShape = {
        ...before,
        name: 'customer',
        was: 'client',
        columns: [
          { name: 'id', type: 'integer', nullable: false },
          { ...text('phone'), was: 'telephone' },
        ],
        uniques: [],
        indexes: [['phone']],
        removed: ['fax', 'nowhere'],
      };
      const plan = await storage.plan('main', [after]);
      const removal = plan.steps.filter(({ kind }) => kind === 'remove').at(-1);
      expect(plan.steps.slice(0, 2).map(({ kind, summary }) => [kind, summary])).toEqual([
        ['rename', 'rename table client to customer'],
        ['rename', 'rename column customer.telephone to phone'],
      ]);
      expect(removal).toMatchObject({ destructive: true, loses: { table: 'client', column: 'fax', values: 1 } });
      expect(removal?.summary).toBe('remove column customer.fax, and with it 1 value');
      expect(plan.notes).toEqual(['customer.note: the model does not name this column; left alone']);
      await expect(storage.migrate(plan)).rejects.toMatchObject({ code: 'MIGRATION_LOSES_DATA' });
      expect(await storage.query('main', (knex) => knex('client').count({ n: '*' }))).toEqual([{ n: 2 }]);

      await storage.migrate(plan, { allowLoss: true });
      expect(await storage.query('main', (knex) => knex('customer').orderBy('id'))).toEqual([
        { id: 1, phone: '020', note: 'x' },
        { id: 2, phone: '030', note: null },
      ]);
      expect((await storage.plan('main', [after])).steps).toEqual([]);
    });

    it('record each step, stop at one that fails, and go on from there', async () => {
      const { storage } = await fresh();
      const table1: TableShape = {
        name: 't',
        kind: 'table',
        columns: [
          { name: 'id', type: 'integer', nullable: false },
          { name: 'mail', type: 'text', nullable: true, length: 80 },
        ],
        primaryKey: ['id'],
        uniques: [],
        indexes: [],
        foreignKeys: [],
      };
      await storage.migrate(await storage.plan('main', [table1]));
      await storage.query('main', (knex) =>
        knex('t').insert([
          { id: 1, mail: 'x' },
          { id: 2, mail: 'x' },
        ]),
      );
      const table2: TableShape = {
        ...table1,
        columns: [...table1.columns, { name: 'late', type: 'text', nullable: true }],
        uniques: [['mail']],
      };
      const failing = storage.migrate(await storage.plan('main', [table2]));
      await expect(failing).rejects.toMatchObject({
        code: 'MIGRATION_STEP_FAILED',
        message: expect.stringContaining('step 2 of 2 (make t (mail) unique)'),
      });
      await storage.query('main', (knex) => knex('t').where({ id: 2 }).delete());
      const rest = await storage.plan('main', [table2]);
      expect(rest.steps.map(({ summary }) => summary)).toEqual(['make t (mail) unique']);
      await storage.migrate(rest);
      const ledger = await storage.query<{ summary: string }[]>('main', (knex) =>
        knex('caruso_migration').orderBy('id'),
      );
      expect(ledger.map(({ summary }) => summary).slice(-3)).toEqual([
        'create table t (2 columns)',
        'add column t.late (text)'.replace('text', { sqlite: 'TEXT', postgres: 'text', mariadb: 'longtext' }[dialect]),
        'make t (mail) unique',
      ]);
    });
  });
}

describe('a plan', () => {
  it('never drops or changes what it does not know: it notes it', () => {
    const found = {
      database: 'main',
      dialect: 'sqlite' as const,
      hash: '',
      tables: [
        {
          name: 'theirs',
          kind: 'table' as const,
          columns: [],
          primaryKey: [],
          uniques: [],
          indexes: [],
          foreignKeys: [],
        },
        {
          name: 'Customer',
          kind: 'table' as const,
          columns: [
            { name: 'id', type: 'text' as const, nullable: false },
            { name: 'amount', type: 'number' as const, nativeType: 'REAL', nullable: true },
            { name: 'fax', type: 'text' as const, nullable: true },
          ],
          primaryKey: ['id'],
          uniques: [],
          indexes: [],
          foreignKeys: [],
        },
      ],
    };
    const wanted: TableShape[] = [
      {
        name: 'customer',
        kind: 'table',
        columns: [
          { name: 'ID', type: 'text', nullable: false },
          { name: 'amount', type: 'decimal', scale: 2, nullable: true },
        ],
        primaryKey: ['ID'],
        uniques: [],
        indexes: [],
        foreignKeys: [],
      },
    ];
    expect(planMigration(found, wanted)).toEqual({
      database: 'main',
      steps: [],
      notes: [
        'customer.amount: is REAL in the database, the model wants SCALEDINT(2); left alone',
        'customer.fax: the model does not name this column; left alone',
        'theirs: the model does not name this table; left alone',
      ],
    });
  });
});
