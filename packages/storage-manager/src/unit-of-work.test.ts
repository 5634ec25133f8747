import { afterEach, describe, expect, it } from 'vitest';
import { createStorage, type OpenStorage } from './create-storage.js';
import { countingIds, tempFolder } from './test-databases.js';

let open: OpenStorage | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function start(options: { serialize?: boolean } = {}): Promise<OpenStorage> {
  open = await createStorage({
    databases: { main: 'sqlite:./main.db' },
    folder: tempFolder(),
    ids: countingIds(),
    ...options,
  });
  await open.storage.query('main', (knex) => knex.raw('create table note (id text primary key)'));
  return open;
}

const insert = ({ storage }: OpenStorage, id: string) => storage.query('main', (knex) => knex('note').insert({ id }));

async function notes({ storage }: OpenStorage): Promise<string[]> {
  const rows = await storage.query<{ id: string }[]>('main', (knex) => knex('note').orderBy('id'));
  return rows.map(({ id }) => id);
}

/** 50 units of work at once, each second one failing, and bare inserts in between. */
async function storm(opened: OpenStorage): Promise<{ expected: string[]; found: string[] }> {
  const expected: string[] = [];
  const running = Array.from({ length: 50 }, async (_, n) => {
    const fails = n % 2 === 0;
    const work = opened.storage.unitOfWork(async () => {
      await insert(opened, `unit ${n} a`);
      await new Promise((resolve) => setImmediate(resolve));
      await insert(opened, `unit ${n} b`);
      if (fails) throw new Error('rolled back');
    });
    const bare = insert(opened, `bare ${n}`);
    expected.push(`bare ${n}`, ...(fails ? [] : [`unit ${n} a`, `unit ${n} b`]));
    await Promise.allSettled([work, bare]);
  });
  await Promise.all(running);
  return { expected: expected.sort(), found: (await notes(opened)).sort() };
}

describe('units of work on SQLite', () => {
  it('leaves exactly the committed ones of 50 simultaneous units of work and all bare statements', async () => {
    const { expected, found } = await storm(await start());
    expect(found).toEqual(expected);
  });

  it('would lose or keep the wrong rows without its mutex', async () => {
    const { expected, found } = await storm(await start({ serialize: false }));
    expect(found).not.toEqual(expected);
  });

  it('joins a nested unit of work', async () => {
    const opened = await start();
    const failing = opened.storage.unitOfWork(async () => {
      await opened.storage.unitOfWork(() => insert(opened, 'inner'));
      throw new Error('outer');
    });
    await expect(failing).rejects.toThrow('outer');
    expect(await notes(opened)).toEqual([]);
  });
});
