import { afterEach, describe, expect, it } from 'vitest';
import type { CompositeIndex, TableShape } from './contract.js';
import { createStorage, type OpenStorage } from './create-storage.js';
import { countingIds, testDatabases } from './databases.test.support.js';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const on = (...names: string[]): CompositeIndex['columns'] =>
  names.map((name) => ({ name: name.replace('-', ''), descending: name.startsWith('-') }));

const table = (composites: CompositeIndex[], more: Partial<TableShape> = {}): TableShape => ({
  name: 'Order Details',
  kind: 'table',
  columns: [
    { name: 'id', type: 'integer', nullable: false },
    { name: 'state', type: 'text', nullable: false, short: true },
    { name: 'city', type: 'text', nullable: true },
    { name: 'due', type: 'date', nullable: false },
    { name: 'price', type: 'decimal', nullable: true, scale: 2 },
  ],
  primaryKey: ['id'],
  uniques: [],
  indexes: [['due']],
  foreignKeys: [],
  composites,
  ...more,
});

describe.each(testDatabases)('indexes over several columns on $dialect', ({ dialect, own, available }) => {
  const open = async (): Promise<OpenStorage> => {
    const database = own();
    const opened = await createStorage({ databases: { main: database.url }, ids: countingIds() });
    closing.push(database.drop, () => opened.close());
    return opened;
  };
  const apply = async ({ storage }: OpenStorage, wanted: TableShape): Promise<string[]> => {
    const plan = await storage.plan('main', [wanted]);
    await storage.migrate(plan, { allowLoss: true });
    expect((await storage.plan('main', [wanted])).steps).toEqual([]);
    return plan.steps.map(({ summary, kind }) => `${kind}: ${summary}`);
  };

  it.skipIf(!available)('are made once and dropped when nobody wants them; those that others made stay', async () => {
    const opened = await open();
    await apply(opened, table([]));
    const quoted = dialect === 'mariadb' ? '`Order Details`' : '"Order Details"';
    await opened.storage.query('main', (knex) => knex.raw(`create index theirs on ${quoted} (due, price)`));
    const first = [
      { columns: on('state', '-due'), unique: false },
      { columns: on('state', 'city'), unique: true },
      { columns: on('city', '-price', 'state'), unique: false },
    ];
    expect(await apply(opened, table(first))).toEqual([
      'add: index Order Details (state, due descending)',
      'add: make Order Details (state, city) unique together',
      'add: index Order Details (city, price descending, state)',
    ]);
    expect(await apply(opened, table([{ columns: on('state', 'due'), unique: false }]))).toEqual([
      'add: index Order Details (state, due)',
      expect.stringMatching(/^loosen: drop the index of Order Details \(.*\) that the model no longer declares$/),
      expect.stringMatching(/^loosen: drop the index/),
      expect.stringMatching(/^loosen: drop the index/),
    ]);
    await apply(opened, table([]));
    const [found] = (await opened.storage.introspect('main')).tables.filter(({ name }) => name === 'Order Details');
    expect(found?.indexes.toSorted()).toEqual([['due'], ['due', 'price']]);
    expect(found?.uniques).toEqual([]);
  });

  it.skipIf(!available)('are unique together and name their columns where they refuse', async () => {
    const opened = await open();
    await apply(opened, table([{ columns: on('state', 'city'), unique: true }]));
    const { storage } = opened;
    const insert = (id: number, state: string, city: string | null) =>
      storage.query('main', (knex) =>
        knex('Order Details').insert({ id, state, city, due: storage.encode('main', 'date', '2026-01-01') }),
      );
    await insert(1, 'open', 'Delft');
    await insert(2, 'open', null);
    await insert(3, 'open', null);
    await expect(insert(4, 'open', 'Delft')).rejects.toMatchObject({
      code: 'CONSTRAINT_VIOLATED',
      details: { kind: 'unique', columns: ['state', 'city'] },
    });
  });

  it.skipIf(!available)('go before a column that they have is removed, and follow one that is renamed', async () => {
    const opened = await open();
    await apply(
      opened,
      table([
        { columns: on('state', '-due'), unique: false },
        { columns: on('city', 'price'), unique: false },
      ]),
    );
    const { columns } = table([]);
    const after = table([{ columns: on('state', '-until'), unique: false }], {
      columns: columns
        .filter(({ name }) => name !== 'city')
        .map((column) => (column.name === 'due' ? { ...column, name: 'until', was: 'due' } : column)),
      indexes: [['until']],
      removed: ['city'],
    });
    expect((await apply(opened, after)).filter((each) => each.includes('index'))).toHaveLength(3);
    const [found] = (await opened.storage.introspect('main')).tables.filter(({ name }) => name === 'Order Details');
    expect(found?.indexes.toSorted()).toEqual([['state', 'until'], ['until']]);
  });
});
