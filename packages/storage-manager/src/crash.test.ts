import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { VirtualClock } from '@caruso/service-manager/contract';
import SQLite from 'better-sqlite3';
import { describe, expect, it, vi } from 'vitest';
import { ended, message, startChild } from './child.test.support.js';
import { createStorage } from './create-storage.js';
import { countingIds, ownSchema, postgresServer, tempFolder, testDatabases } from './databases.test.support.js';
import { manyTables } from './many-tables.test.support.js';

const server = await postgresServer();

describe.each(testDatabases)('a consumer killed in the midst of an event on $dialect', ({ own, available }) => {
  it.skipIf(!available)('resumes after the restart, and its writes happened exactly once each', async () => {
    const { url, drop } = own();
    const numbers = Array.from({ length: 100 }, (_, n) => n);
    const before = await createStorage({ databases: { main: url }, ids: countingIds('before') });
    await before.storage.query('main', (knex) => knex.raw('create table handled (n integer not null)'));
    await before.storage.unitOfWork(async () => {
      for (const n of numbers) await before.journal.append({ type: 'Number.given', data: { n } });
    });
    await before.close();

    const child = await startChild(new URL('./crash.test.child.ts', import.meta.url), ['consume', url]);
    await message(child, 'in the midst');
    child.kill('SIGKILL');
    await ended(child);

    const after = await createStorage({ databases: { main: url }, ids: countingIds('after') });
    const rows = (): Promise<{ n: number }[]> =>
      after.storage.query('main', (knex) => knex('handled').select('n').orderBy('n'));
    expect((await rows()).map(({ n }) => n)).toEqual(numbers.slice(0, 29));
    await after.journal.consume(
      'crashing',
      async (event) => {
        await after.storage.query('main', (knex) => knex('handled').insert({ n: event.data['n'] }));
      },
      { types: ['Number.*'] },
    );
    await after.journal.idle();
    expect((await rows()).map(({ n }) => n)).toEqual(numbers);
    await after.close();
    await drop();
  });
});

describe.each(testDatabases)('a migration killed in its midst on $dialect', ({ own, available }) => {
  it.skipIf(!available)(
    'goes on from there: each step is taken once, recorded once, and nothing is half done',
    async () => {
      const { url, drop } = own();
      const child = await startChild(new URL('./crash.test.child.ts', import.meta.url), ['migrate', url]);
      await message(child, 'in the midst');
      child.kill('SIGKILL');
      await ended(child);

      const { storage, close } = await createStorage({ databases: { main: url }, ids: countingIds('after') });
      const rest = await storage.plan('main', manyTables(40));
      expect(rest.steps.length).toBeGreaterThan(0);
      await storage.migrate(rest);
      const again = await storage.plan('main', manyTables(40));
      expect(again.steps).toEqual([]);
      await storage.migrate(again);
      const ledger = await storage.query<{ statement: string; state: string }[]>('main', (knex) =>
        knex('caruso_migration').orderBy('id'),
      );
      const ours = ledger.filter(({ statement }) => statement.includes('table_'));
      expect(new Set(ours.map(({ statement }) => statement)).size).toBe(ours.length);
      expect(new Set(ledger.map(({ state }) => state))).toEqual(new Set(['done']));
      const taken = new Set(ours.map(({ statement }) => statement));
      for (const { statement } of rest.steps) expect(taken).toContain(statement);
      await close();
      await drop();
    },
  );
});

const carriesOn = testDatabases.filter(({ dialect }) => dialect === 'mariadb');
describe.each(carriesOn)('a step that $dialect carries on with after its process was killed', ({ own, available }) => {
  it.skipIf(!available)('is waited for by the next plan, which has it done', async () => {
    const { url, drop } = own();
    const { storage, close } = await createStorage({ databases: { main: url }, ids: countingIds('after') });
    const [plain] = manyTables(1);
    if (plain === undefined) throw new Error('one was asked for');
    await storage.migrate(await storage.plan('main', [plain]));
    const more = { ...plain, columns: [...plain.columns, { name: 'added', type: 'text' as const, nullable: true }] };
    const { steps } = await storage.plan('main', [more]);
    expect(steps).toHaveLength(1);

    // Whoever has read the table holds up the change of it until the end of the unit of work.
    let end = () => {};
    const reader = storage.unitOfWork(async () => {
      await storage.rows('main', `select * from ${plain.name}`);
      await new Promise<void>((resolve) => {
        end = resolve;
      });
    });
    const child = await startChild(new URL('./crash.test.child.ts', import.meta.url), ['add-column', url]);
    const running = `select id from information_schema.processlist where db = database() and info like 'alter table%'`;
    await expect.poll(() => storage.rows('main', running), { timeout: 20_000 }).toHaveLength(1);
    child.kill('SIGKILL');
    await ended(child);
    expect(await storage.rows('main', running)).toHaveLength(1);

    const next = storage.plan('main', [more]);
    expect(await Promise.race([next, new Promise((resolve) => setTimeout(resolve, 300, 'waits'))])).toBe('waits');
    end();
    await reader;
    const plan = await next;
    expect(plan.steps).toEqual([]);
    await storage.migrate(plan);
    const ledger = await storage.query<{ state: string }[]>('main', (knex) =>
      knex('caruso_migration').where({ statement: steps[0]?.statement }),
    );
    expect(ledger.map(({ state }) => state)).toEqual(['done']);
    await close();
    await drop();
  });
});

describe('a copy of a SQLite file', () => {
  it('is made before a migration that does more than add, whole, of the rows as they were; the last five are kept', async () => {
    const folder = tempFolder();
    const clock = new VirtualClock();
    const { storage, close } = await createStorage({
      databases: { main: 'sqlite:./main.db' },
      folder,
      clock,
      ids: countingIds(),
    });
    const backups = join(folder, 'backups');
    const [before] = manyTables(1);
    if (before === undefined) throw new Error('one was asked for');
    expect(await storage.migrate(await storage.plan('main', [before]))).toEqual({});
    expect(existsSync(backups)).toBe(false);
    await storage.query('main', (knex) => knex('table_0').insert({ id: 1, name: 'kept' }));

    const without = {
      ...before,
      columns: before.columns.filter(({ name }) => name !== 'name'),
      uniques: [],
      removed: ['name'],
    };
    const { backup } = await storage.migrate(await storage.plan('main', [without]), { allowLoss: true });
    expect(await storage.query('main', (knex) => knex('table_0'))).toEqual([{ id: 1, before: null }]);
    const copy = new SQLite(backup ?? '');
    expect(copy.prepare('select id, name from table_0').all()).toEqual([{ id: 1, name: 'kept' }]);
    expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
    copy.close();

    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
      await clock.advance(1000);
      const column = { name, type: 'text' as const, nullable: true };
      const more = { ...without, columns: [...without.columns, column] };
      await storage.migrate(await storage.plan('main', [more]), { backup: true });
    }
    expect(readdirSync(backups)).toHaveLength(5);
    await close();
  });
});

/** Three databases of which the second legacy one cannot commit, since a reader holds its lock. */
function blockedSecond(): { folder: string; first: SQLite.Database; unblock: () => void } {
  const folder = tempFolder();
  const [first, second] = ['first.db', 'second.db'].map((file) => {
    const database = new SQLite(join(folder, file));
    database.exec('create table note (id text primary key)');
    return database;
  });
  if (first === undefined || second === undefined) throw new Error('two files were made');
  // With a rollback journal, a reader lets others write but not commit.
  second.exec('begin; select * from note');
  return { folder, first, unblock: () => second.close() };
}

describe('a change over several databases', () => {
  it('that a crash cut between two commits is reported at the next start, once', async () => {
    const { folder, first, unblock } = blockedSecond();
    const child = await startChild(new URL('./crash.test.child.ts', import.meta.url), ['commit', folder]);
    await message(child, 'committing');
    while (first.prepare('select count(*) as n from note').pluck().get() !== 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGKILL');
    await ended(child);
    unblock();
    first.close();

    const doubts: unknown[] = [];
    for (const prefix of ['again', 'later']) {
      const { journal, close } = await createStorage({
        databases: { main: 'sqlite:./main.db' },
        folder,
        ids: countingIds(prefix),
      });
      expect(await journal.read({ types: ['Note.written'] })).toEqual([]);
      doubts.push((await journal.read({ types: ['Storage.changeInDoubt'] })).map(({ data }) => data['databases']));
      await close();
    }
    expect(doubts).toEqual([[['main', 'first', 'second']], [['main', 'first', 'second']]]);
  });

  it('of which one commit fails is reported at once, and main keeps nothing of it', async () => {
    const { folder, first, unblock } = blockedSecond();
    const { storage, journal, close } = await createStorage({
      databases: {
        main: 'sqlite:./main.db',
        first: 'sqlite:./first.db',
        second: { url: 'sqlite:./second.db', managed: false },
      },
      folder,
      ids: countingIds(),
      wait: 100,
    });
    const work = storage.unitOfWork(async () => {
      await journal.append({ type: 'Note.written' });
      for (const database of ['first', 'second'])
        await storage.query(database, (knex) => knex('note').insert({ id: 'x' }));
    });
    await expect(work).rejects.toMatchObject({ code: 'STORAGE_TIMEOUT', details: { database: 'second' } });
    expect(await journal.read()).toMatchObject([
      {
        type: 'Storage.changeInDoubt',
        data: { databases: ['main', 'first', 'second'], failure: expect.stringContaining('first committed') },
      },
    ]);
    unblock();
    first.close();
    await close();
  });

  it.skipIf(server === undefined)(
    'that nobody settled within a minute is reported on PostgreSQL, where it might be another process at work',
    async () => {
      const schema = ownSchema();
      const clock = new VirtualClock();
      const start = (prefix: string) =>
        createStorage({ databases: { main: schema.url }, clock, ids: countingIds(prefix) });
      const before = await start('before');
      const at = new Date(clock.now()).toISOString();
      await before.storage.query('main', (knex) =>
        knex('caruso_intent').insert({ id: 'i1', at, databases: '["main","billing"]' }),
      );
      await before.close();
      const after = await start('after');
      expect(await after.journal.read()).toEqual([]);
      await clock.advance(60_000);
      await vi.waitFor(async () =>
        expect(await after.journal.read()).toMatchObject([
          { type: 'Storage.changeInDoubt', data: { databases: ['main', 'billing'] } },
        ]),
      );
      await vi.waitFor(async () =>
        expect(await after.storage.query('main', (knex) => knex('caruso_intent'))).toEqual([]),
      );
      await after.close();
      await schema.drop();
    },
  );

  it('leaves no intent behind when all went well', async () => {
    const folder = tempFolder();
    const { storage, journal, close } = await createStorage({
      databases: { main: 'sqlite:./main.db', other: 'sqlite:./other.db' },
      folder,
      ids: countingIds(),
    });
    await storage.query('other', (knex) => knex.raw('create table note (id text primary key)'));
    for (const id of ['a', 'b']) {
      await storage.unitOfWork(async () => {
        await storage.query('other', (knex) => knex('note').insert({ id }));
        await journal.append({ type: 'Note.written' });
      });
    }
    await close();
    const aside = new SQLite(join(folder, 'main.db-intents'), { readonly: true });
    expect(aside.prepare('select * from caruso_intent').all()).toEqual([]);
    aside.close();
    const again = await createStorage({ databases: { main: 'sqlite:./main.db' }, folder, ids: countingIds('again') });
    expect((await again.journal.read()).map(({ type }) => type)).toEqual(['Note.written', 'Note.written']);
    await again.close();
  });
});
