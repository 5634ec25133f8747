import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VirtualClock } from '@caruso/service-manager/contract';
import SQLite from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ended, message, startChild } from './child.test.support.js';
import { type CreateStorageOptions, createStorage, type OpenStorage } from './create-storage.js';
import { countingIds, tempFolder } from './databases.test.support.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Opened extends OpenStorage {
  folder: string;
}

/** Main, and a legacy file with a rollback journal, whose commits wait for the disk. */
async function start(legacy = '', options: Partial<CreateStorageOptions> = {}): Promise<Opened> {
  const folder = tempFolder();
  const file = new SQLite(join(folder, 'legacy.db'));
  file.exec(`create table note (id text primary key, n integer); ${legacy}`);
  file.close();
  const open = await createStorage({
    databases: { main: 'sqlite:./main.db', legacy: { url: 'sqlite:./legacy.db', managed: false } },
    folder,
    ids: countingIds(),
    ...options,
  });
  closing.push(() => open.close());
  await open.storage.query('main', (knex) => knex.raw('create table note (id text primary key, n integer)'));
  return { ...open, folder };
}

/** What another program finds in a file now. */
function committed({ folder }: Opened, database: string): string[] {
  const file = new SQLite(join(folder, `${database}.db`), { readonly: true });
  try {
    return file.prepare('select id from note order by id').pluck().all() as string[];
  } finally {
    file.close();
  }
}

/** How often the legacy file was changed: SQLite counts its transactions in the header. */
function changes({ folder }: Opened): number {
  return readFileSync(join(folder, 'legacy.db')).readUInt32BE(24);
}

const insert = ({ storage }: OpenStorage, database: string, id: string) =>
  storage.query(database, (knex) => knex('note').insert({ id }));

const note = (open: OpenStorage, id: string) =>
  open.storage.unitOfWork(async () => {
    await insert(open, 'legacy', id);
    await open.journal.append({ type: 'Note.written', data: { id } });
    return id;
  });

/** Another program reads the legacy file: it lets others write, but not commit. */
function reading({ folder }: Opened): () => void {
  const other = new SQLite(join(folder, 'legacy.db'));
  other.exec('begin');
  other.prepare('select * from note').all();
  closing.push(() => other.close());
  return () => other.close();
}

const outcomes = async (running: Promise<unknown>[]): Promise<string[]> =>
  (await Promise.allSettled(running)).map((each) =>
    each.status === 'fulfilled' ? 'done' : String((each.reason as { code?: string }).code ?? each.reason),
  );

/** A pause that lets whatever else runs in this process go on. */
const breath = () => new Promise<void>((resolve) => setImmediate(resolve));

const Step = fc.oneof(
  fc.record({ do: fc.constant('insert' as const), database: fc.constantFrom('main', 'legacy'), id: fc.nat(6) }),
  fc.record({ do: fc.constant('count' as const), database: fc.constantFrom('main', 'legacy') }),
  fc.record({ do: fc.constant('pause' as const) }),
  fc.record({ do: fc.constant('fail' as const) }),
);
const Unit = fc.record({
  alone: fc.boolean(),
  /** Loop turns after which it comes. */
  comes: fc.nat(2),
  steps: fc.array(Step, { maxLength: 5 }),
});

describe('units of work that share a transaction', () => {
  it('sync a legacy file once for all that came together', async () => {
    const open = await start('', { clock: new VirtualClock() });
    const before = changes(open);
    const names = Array.from({ length: 8 }, (_, n) => `note ${n}`);
    await Promise.all(names.map((id) => note(open, id)));
    expect(changes(open) - before).toBe(1);
    expect(committed(open, 'legacy')).toEqual(names);
  });

  it('wait for those that the same turn of the event loop brings', async () => {
    const open = await start('', { clock: new VirtualClock() });
    const before = changes(open);
    const running: Promise<unknown>[] = [];
    const arrived = new Promise<void>((resolve) => {
      // As requests do: each in a callback of its own, after which its promises have settled.
      for (const id of ['a', 'b', 'c', 'd'])
        setImmediate(() => {
          running.push(note(open, id));
          if (running.length === 4) resolve();
        });
    });
    await arrived;
    await Promise.all(running);
    expect(changes(open) - before).toBe(1);
  });

  it('are answered when others find what they wrote, and their events are told in order, never before', async () => {
    const open = await start();
    const told: string[] = [];
    const names = Array.from({ length: 40 }, (_, n) => `note ${String(n).padStart(2, '0')}`);
    open.journal.follow((event) => {
      const id = String(event.data['id']);
      expect(committed(open, 'legacy')).toContain(id);
      told.push(id);
    });
    const answered = names.map(async (id) => {
      await note(open, id);
      expect(committed(open, 'legacy')).toContain(id);
      expect(told).toContain(id);
    });
    await Promise.all(answered);
    expect(told).toEqual(names);
    const events = await open.journal.read({ types: ['Note.*'] });
    expect(events.map(({ data }) => data['id'])).toEqual(names);
  });

  it('have the outcome of one after the other', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(Unit, { minLength: 2, maxLength: 12 }), async (units) => {
        const open = await start();
        const order: number[] = [];
        const failures: unknown[] = [];
        const work = async (at: number, { steps }: (typeof units)[number]): Promise<unknown> => {
          const seen: number[] = [];
          // Who holds the turn is the next in order.
          await open.storage.query('main', (knex) => knex.raw('select 1'));
          order.push(at);
          for (const step of steps) {
            if (step.do === 'pause') await breath();
            if (step.do === 'fail') throw new Error('rolled back');
            if (step.do === 'insert') await insert(open, step.database, String(step.id));
            if (step.do === 'count') {
              const rows = await open.storage.query<unknown[]>(step.database, (knex) => knex('note'));
              seen.push(rows.length);
            }
          }
          await open.journal.append({ type: 'Note.written', data: { at } });
          return seen;
        };
        const results = await Promise.all(
          units.map(async (unit, at) => {
            for (let turn = 0; turn < unit.comes; turn++) await breath();
            const options = unit.alone ? { alone: true } : {};
            return open.storage
              .unitOfWork(() => work(at, unit), options)
              .catch((error: { code?: string; message: string }) => {
                failures.push(error);
                return error.code ?? error.message;
              });
          }),
        );

        const stored = { main: new Set<string>(), legacy: new Set<string>() };
        const expected: unknown[] = [];
        const events: number[] = [];
        for (const at of order) {
          const tried = { main: new Set(stored.main), legacy: new Set(stored.legacy) };
          const seen: number[] = [];
          let failed: string | undefined;
          for (const step of units[at]?.steps ?? []) {
            if (step.do === 'fail') failed = 'rolled back';
            if (step.do === 'count') seen.push(tried[step.database as 'main'].size);
            if (step.do === 'insert') {
              const rows = tried[step.database as 'main'];
              if (rows.has(String(step.id))) failed = 'CONSTRAINT_VIOLATED';
              rows.add(String(step.id));
            }
            if (failed !== undefined) break;
          }
          expected[at] = failed ?? seen;
          if (failed === undefined) {
            Object.assign(stored, tried);
            events.push(at);
          }
        }
        expect(results).toEqual(expected);
        for (const database of ['main', 'legacy'] as const)
          expect(committed(open, database)).toEqual([...stored[database]].sort());
        const journal = await open.journal.read({ types: ['Note.written'] });
        expect(journal.map(({ data }) => data['at'])).toEqual(events);
        await open.close();
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});

describe('a common commit that fails', () => {
  it('fails all of them, each with what is wrong, and leaves nothing of any; then it goes on', async () => {
    const open = await start('', { wait: 100 });
    const stop = reading(open);
    const told: unknown[] = [];
    open.journal.follow((event) => told.push(event));
    const running = ['a', 'b', 'c'].map((id) => note(open, id));
    const failures = (await Promise.allSettled(running)).map((each) => each.status === 'rejected' && each.reason);
    for (const failure of failures)
      expect(failure).toMatchObject({ code: 'STORAGE_TIMEOUT', status: 503, details: { database: 'legacy' } });
    expect([committed(open, 'legacy'), await open.journal.read(), told]).toEqual([[], [], []]);
    stop();
    await note(open, 'later');
    expect(committed(open, 'legacy')).toEqual(['later']);
  });

  it('does not touch those that have nothing to do with the database at fault', async () => {
    const open = await start('', { wait: 100 });
    reading(open);
    const own = (id: string) => open.storage.unitOfWork(() => insert(open, 'main', id));
    const both = () =>
      open.storage.unitOfWork(async () => {
        await insert(open, 'main', 'x');
        await insert(open, 'legacy', 'x');
      });
    expect(await outcomes([own('a'), both()])).toEqual(['done', 'STORAGE_TIMEOUT']);
    expect(await outcomes([own('b'), note(open, 'y')])).toEqual(['done', 'STORAGE_TIMEOUT']);
    const [failed, late] = [both(), own('late')];
    expect((await outcomes([failed]))[0]).toBe('STORAGE_TIMEOUT');
    // It waits for its turn alone, as long as the other one for its commit.
    const waitedFor = await late.then(
      () => 'main',
      (error: { details: { database: string } }) => error.details.database,
    );
    expect(waitedFor).toBe('main');
    expect(committed(open, 'main').filter((id) => id !== 'late')).toEqual(['a', 'b']);
  });

  it('of a foreign key that is checked only then fails the one at fault alone', async () => {
    const open = await start();
    await open.storage.query('main', (knex) =>
      knex.raw('create table child (id text, parent text references note (id) deferrable initially deferred)'),
    );
    const child = (id: string, parent: string) =>
      open.storage.unitOfWork(() => open.storage.query('main', (knex) => knex('child').insert({ id, parent })));
    await insert(open, 'main', 'there');
    expect(await outcomes([child('1', 'there'), child('2', 'nowhere'), child('3', 'there')])).toEqual([
      'done',
      'CONSTRAINT_VIOLATED',
      'done',
    ]);
    expect(await open.storage.query('main', (knex) => knex('child').select('id'))).toEqual([{ id: '1' }, { id: '3' }]);
  });
});

describe('a statement that takes back a whole transaction', () => {
  it('by a trigger of the legacy program takes back nothing of others', async () => {
    const open = await start(`
      create trigger strict before insert on note when new.id = 'bad' begin select raise(rollback, 'no bad notes'); end`);
    expect(await outcomes([note(open, 'a'), note(open, 'bad'), note(open, 'b')])).toEqual([
      'done',
      'CONSTRAINT_VIOLATED',
      'done',
    ]);
    expect(committed(open, 'legacy')).toEqual(['a', 'b']);
    expect((await open.journal.read()).map(({ data }) => data['id'])).toEqual(['a', 'b']);
  });

  it('where there is no room answers nobody with what is not there', async () => {
    const open = await start();
    await open.storage.query('legacy', (knex) => knex.raw('pragma max_page_count = 40'));
    const large = open.storage.unitOfWork(async () => {
      await insert(open, 'legacy', 'large');
      for (let n = 0; n < 100; n++) await insert(open, 'legacy', `${n} ${'x'.repeat(4000)}`);
    });
    const found = await outcomes([note(open, 'a'), note(open, 'b'), large, note(open, 'c')]);
    expect(found[2]).toBe('DATABASE_UNREACHABLE');
    const there = ['a', 'b', 'large', 'c'].filter((_, at) => found[at] === 'done');
    expect(committed(open, 'legacy')).toEqual(there.toSorted());
    expect((await open.journal.read()).map(({ data }) => data['id'])).toEqual(there);
    await vi.waitFor(async () => expect(await note(open, 'later')).toBe('later'), 5000);
  });
});

describe('one that takes long', () => {
  it('alone keeps nobody waiting that ended before it', async () => {
    const open = await start();
    let end: () => void = () => {};
    const halted = new Promise<void>((resolve) => {
      end = resolve;
    });
    const before = note(open, 'before');
    const long = open.storage.unitOfWork(
      async () => {
        await insert(open, 'legacy', 'long');
        await halted;
      },
      { alone: true },
    );
    await before;
    expect(committed(open, 'legacy')).toEqual(['before']);
    end();
    await long;
  });

  it('and waits for the answer of another one is turned out, so that the others are answered', async () => {
    const clock = new VirtualClock();
    const open = await start('', { clock, wait: 5000 });
    const first = note(open, 'first');
    let refused: unknown;
    const waiting = open.storage.unitOfWork(async () => {
      await insert(open, 'legacy', 'waiting');
      await first;
      refused = await insert(open, 'legacy', 'escaped').catch((error: unknown) => error);
    });
    const all = outcomes([first, waiting]);
    await breath();
    await clock.advance(5000);
    expect(await all).toEqual(['done', 'STORAGE_TIMEOUT']);
    expect(refused).toMatchObject({ code: 'UNIT_OF_WORK_ENDED' });
    await note(open, 'later');
    expect(committed(open, 'legacy')).toEqual(['first', 'later']);
    expect(clock.pending).toBe(0);
  });
});

it('what ended and waits for the commit of all when the process is killed was not answered, and is not there', async () => {
  const folder = tempFolder();
  const file = new SQLite(join(folder, 'legacy.db'));
  file.exec('create table note (id text primary key)');
  file.close();
  const child = await startChild(new URL('./crash.test.child.ts', import.meta.url), ['share', folder]);
  const said: unknown[] = [];
  child.on('message', (each) => said.push(each));
  await message(child, 'before the commit');
  child.kill('SIGKILL');
  await ended(child);
  expect(said).toEqual(['kept answered', 'before the commit']);
  // The journal that SQLite goes back by is still there.
  expect(existsSync(join(folder, 'legacy.db-journal'))).toBe(true);
  const again = await createStorage({
    databases: { main: 'sqlite:./main.db', legacy: { url: 'sqlite:./legacy.db', managed: false } },
    folder,
    ids: countingIds('again'),
  });
  closing.push(() => again.close());
  expect(await again.storage.query('legacy', (knex) => knex('note'))).toEqual([{ id: 'kept' }]);
  expect((await again.journal.read()).map(({ type, data }) => [type, data['id']])).toEqual([['Note.written', 'kept']]);
});
