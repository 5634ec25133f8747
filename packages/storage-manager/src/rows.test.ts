import { afterEach, describe, expect, it } from 'vitest';
import { createStorage, type OpenStorage } from './create-storage.js';
import { countingIds, testDatabases } from './databases.test.support.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function signal(): { given: Promise<void>; give: () => void } {
  let give = (): void => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give: () => give() };
}

describe.each(testDatabases)('rows of a reading statement on $dialect', ({ dialect, available: present, own }) => {
  /** SQLite's knex takes it as it is. */
  const mark = dialect === 'sqlite' ? '?' : '\\?';

  async function start(): Promise<OpenStorage> {
    const database = own();
    closing.push(database.drop);
    const open = await createStorage({ databases: { main: database.url }, ids: countingIds() });
    closing.push(() => open.close());
    await open.storage.query('main', (knex) =>
      knex.raw(`create table note (id varchar(40) primary key, "why${mark}" bigint, done boolean)`),
    );
    return open;
  }

  const insert = ({ storage }: OpenStorage, id: string, why: number | string) =>
    storage.query('main', (knex) => knex.raw('insert into note values (?, ?, ?)', [id, why, true]));

  it.runIf(present)('come in the values of the wire, with values in the places of question marks', async () => {
    const open = await start();
    await insert(open, 'a', 1);
    await insert(open, 'b', '9007199254740993');
    const text = 'select id, "why\\?" as why from note where done = ? and "why\\?" > ? order by id';
    expect(await open.storage.rows('main', text, [true, 0])).toEqual([
      { id: 'a', why: 1 },
      { id: 'b', why: '9007199254740993' },
    ]);
    expect(await open.storage.rows('main', text, [true, 1])).toEqual([{ id: 'b', why: '9007199254740993' }]);
    expect(await open.storage.rows('main', text, [false, 0])).toEqual([]);
  });

  it.runIf(present)('are those of the running unit of work, which nobody else sees before its commit', async () => {
    const open = await start();
    const ids = () => open.storage.rows<{ id: string }>('main', 'select id from note order by id');
    const read = signal();
    const written = signal();
    const work = open.storage.unitOfWork(async () => {
      await insert(open, 'a', 1);
      expect(await ids()).toEqual([{ id: 'a' }]);
      written.give();
      // On SQLite the other reader waits for its turn.
      if (dialect !== 'sqlite') await read.given;
      throw new Error('rolled back');
    });
    const failure = work.catch((error: unknown) => error);
    await written.given;
    expect(await ids()).toEqual([]);
    read.give();
    expect(await failure).toMatchObject({ message: 'rolled back' });
  });

  it.runIf(present)('fail in the words of storage, and break the unit of work they fail in', async () => {
    const open = await start();
    const wrong = () => open.storage.rows('main', 'select nothing from note');
    await expect(wrong()).rejects.toMatchObject({ code: 'STATEMENT_FAILED' });
    await expect(open.storage.rows('elsewhere', 'select 1')).rejects.toMatchObject({ code: 'DATABASE_UNKNOWN' });
    await expect(
      open.storage.unitOfWork(async () => {
        await insert(open, 'a', 1);
        await wrong().catch(() => {});
      }),
    ).rejects.toMatchObject({ code: 'STATEMENT_FAILED' });
    expect(await open.storage.rows('main', 'select id from note')).toEqual([]);
  });

  it.runIf(present)('see a table that was changed since the last time', async () => {
    const open = await start();
    await insert(open, 'a', 1);
    const all = () => open.storage.rows('main', 'select * from note');
    expect(Object.keys((await all())[0] ?? {})).toEqual(['id', 'why?', 'done']);
    await open.storage.query('main', (knex) => knex.raw('alter table note add column more text'));
    expect(Object.keys((await all())[0] ?? {})).toEqual(['id', 'why?', 'done', 'more']);
  });

  it.runIf(present)('are stored many at once, those that are there replaced where that is asked for', async () => {
    const open = await start();
    const rows = Array.from({ length: 150 }, (_, n): unknown[] => [`n${n}`, n, n % 2 === 0]);
    const columns = ['id', 'why?', 'done'];
    const back = await open.storage.insertRows<{ id: string }>('main', {
      table: 'note',
      columns,
      rows,
      returning: ['id'],
    });
    expect(new Set(back.map(({ id }) => id)).size).toBe(150);
    const other = [
      ['n0', 1000, true],
      ['new', 1001, true],
    ];
    const again = { table: 'note', columns, rows: other };
    await expect(open.storage.insertRows('main', again)).rejects.toMatchObject({ code: 'CONSTRAINT_VIOLATED' });
    await open.storage.insertRows('main', { ...again, replace: { key: ['id'], columns: ['why?'] } });
    expect(
      await open.storage.rows('main', 'select id, "why\\?" as why from note where "why\\?" >= ? order by 2', [148]),
    ).toEqual([
      { id: 'n148', why: 148 },
      { id: 'n149', why: 149 },
      { id: 'n0', why: 1000 },
      { id: 'new', why: 1001 },
    ]);
  });
});
