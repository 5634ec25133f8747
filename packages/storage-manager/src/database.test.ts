import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VirtualClock } from '@caruso/service-manager/contract';
import SQLite from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { createStorage, type OpenStorage } from './create-storage.js';
import { countingIds, tempFolder, testServers } from './databases.test.support.js';
import { TcpGate } from './tcp-gate.test.support.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function ofNote({ storage }: OpenStorage, database: string): Promise<unknown> {
  return storage.query(database, (knex) => knex('note'));
}

/** Lets time pass until the database is (not) reachable; its answer takes real time. */
async function until(open: OpenStorage, clock: VirtualClock, reachable: boolean): Promise<void> {
  while (open.storage.databases()[1]?.reachable !== reachable) {
    await clock.advance(1_000);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('a database that is down', () => {
  it.each(testServers)(
    'does not keep the others from starting, is named in the error, and recovers by itself: $dialect',
    async ({ dialect, own }) => {
      const schema = own();
      const gate = new TcpGate(schema.url);
      await gate.open();
      await gate.close();
      const url = new URL(schema.url);
      url.port = String(gate.port);
      // MariaDB's root has no password here, and one that is given is wrong.
      if (dialect === 'postgres') url.password = 'secret-word';
      const clock = new VirtualClock();
      const open = await createStorage({
        databases: { main: 'sqlite::memory:', billing: url.href },
        clock,
        ids: countingIds(),
      });
      closing.push(
        schema.drop,
        () => gate.close(),
        () => open.close(),
      );

      const down = open.storage.databases();
      expect(down).toMatchObject([
        { name: 'main', reachable: true },
        { name: 'billing', reachable: false, reason: expect.stringContaining('ECONNREFUSED') },
      ]);
      expect(JSON.stringify([down, open.inspect()])).not.toContain('secret-word');
      const failure: unknown = await ofNote(open, 'billing').catch((error: unknown) => error);
      expect(failure).toMatchObject({
        code: 'DATABASE_UNREACHABLE',
        status: 503,
        message: expect.stringContaining("'billing'"),
        remedy: expect.stringContaining('recovers by itself'),
      });
      expect(JSON.stringify(failure)).not.toContain('secret-word');

      await gate.open();
      await until(open, clock, true);
      await open.storage.query('billing', (knex) => knex.raw('create table note (id varchar(40) primary key)'));

      await gate.close();
      const cut = open.storage.unitOfWork(() => ofNote(open, 'billing'));
      await expect(cut).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' });
      expect(open.storage.databases()[1]).toMatchObject({ reachable: false });

      await gate.open();
      await until(open, clock, true);
      expect(await ofNote(open, 'billing')).toEqual([]);
    },
  );

  it('as a legacy file that is missing is not made, and is found when it comes', async () => {
    const folder = tempFolder();
    const file = join(folder, 'sub/legacy.db');
    const clock = new VirtualClock();
    const open = await createStorage({
      databases: { main: 'sqlite::memory:', legacy: { url: `sqlite:${file}`, managed: false } },
      clock,
      ids: countingIds(),
    });
    closing.push(() => open.close());
    await expect(ofNote(open, 'legacy')).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      message: expect.stringContaining('does not exist'),
    });
    expect(existsSync(join(folder, 'sub'))).toBe(false);

    const made = new SQLite(join(folder, 'made.db'));
    made.exec("create table note (id text primary key); insert into note values ('old')");
    made.close();
    mkdirSync(join(folder, 'sub'));
    renameSync(join(folder, 'made.db'), file);
    await until(open, clock, true);
    expect(await ofNote(open, 'legacy')).toEqual([{ id: 'old' }]);
  });

  it('as a file that is no database says so', async () => {
    const file = join(tempFolder(), 'letter.db');
    writeFileSync(file, 'Dear customer, this is no database, however long one reads it.'.repeat(100));
    const open = await createStorage({
      databases: { main: 'sqlite::memory:', legacy: { url: `sqlite:${file}`, managed: false } },
      clock: new VirtualClock(),
      ids: countingIds(),
    });
    closing.push(() => open.close());
    expect(open.storage.databases()[1]).toMatchObject({ reachable: false, reason: 'file is not a database' });
  });

  it('stops the start when it is main', async () => {
    const starting = createStorage({ databases: { main: 'postgres://nobody@127.0.0.1:1/none' }, ids: countingIds() });
    await expect(starting).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      message: expect.stringContaining("'main' (127.0.0.1:1/none)"),
    });
  });
});

describe('declarations of databases', () => {
  it.each([
    [{ main: 'oracle://root:secret-word@host/x' }, 'DATABASE_URL_INVALID', "'oracle:' is not known"],
    [{ main: 'sqlite:' }, 'DATABASE_URL_INVALID', 'names no file'],
    [{ main: 'postgres://host/x?schema=a;drop' }, 'DATABASE_URL_INVALID', 'no plain name'],
    [{ billing: 'sqlite::memory:' }, 'DATABASE_MAIN_MISSING', "'billing'"],
    [{ main: { url: 'sqlite::memory:', managed: false } }, 'DATABASE_MAIN_MISSING', "'main'"],
  ])('%j are refused with %s', async (databases, code, message) => {
    const failure: unknown = await createStorage({ databases, ids: countingIds() }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(JSON.stringify(failure)).not.toContain('secret-word');
  });

  it('that nobody made are named with those that exist', async () => {
    const open = await createStorage({ databases: { main: 'sqlite::memory:' }, ids: countingIds() });
    closing.push(() => open.close());
    await expect(ofNote(open, 'billing')).rejects.toMatchObject({
      code: 'DATABASE_UNKNOWN',
      message: expect.stringContaining("'main'"),
    });
  });
});
