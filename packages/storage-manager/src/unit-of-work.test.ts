import { AsyncResource } from 'node:async_hooks';
import { CarusoError, VirtualClock } from '@caruso/service-manager/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { type CreateStorageOptions, createStorage, type OpenStorage } from './create-storage.js';
import {
  countingIds,
  ownSchema,
  postgresServer,
  tempFolder,
  testDatabases,
  testServers,
} from './databases.test.support.js';

const server = await postgresServer();

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function start(options: Partial<CreateStorageOptions> = {}): Promise<OpenStorage> {
  const open = await createStorage({
    databases: { main: 'sqlite:./main.db' },
    folder: tempFolder(),
    ids: countingIds(),
    ...options,
  });
  closing.push(() => open.close());
  for (const { name } of open.storage.databases())
    await open.storage.query(name, (knex) => knex.raw('create table note (id varchar(40) primary key)'));
  return open;
}

const insert = ({ storage }: OpenStorage, id: string, database = 'main') =>
  storage.query(database, (knex) => knex('note').insert({ id }));

async function notes({ storage }: OpenStorage, database = 'main'): Promise<string[]> {
  const rows = await storage.query<{ id: string }[]>(database, (knex) => knex('note').orderBy('id'));
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

describe('50 simultaneous units of work, half of them rolled back, with bare statements in between', () => {
  it('leave exactly what was committed on SQLite', async () => {
    const { expected, found } = await storm(await start());
    expect(found).toEqual(expected);
  });

  it('would not without the mutex', async () => {
    const { expected, found } = await storm(await start({ serialize: false }));
    expect(found).not.toEqual(expected);
  });

  it.each(testServers)('leave exactly what was committed on $dialect', async ({ own }) => {
    const database = own();
    closing.push(() => database.drop());
    const open = await start({ databases: { main: { url: database.url, pool: 5 } } });
    closing.reverse();
    const { expected, found } = await storm(open);
    expect(found).toEqual(expected);
  });
});

describe.each(testDatabases)('a unit of work on $dialect', ({ dialect, own, available }) => {
  async function open(): Promise<OpenStorage> {
    if (dialect === 'sqlite') return start();
    const database = own();
    const opened = await start({ databases: { main: database.url } });
    closing.push(() => database.drop());
    return opened;
  }

  it.skipIf(!available)('joins a nested one', async () => {
    const opened = await open();
    const failing = opened.storage.unitOfWork(async () => {
      await opened.storage.unitOfWork(() => insert(opened, 'inner'));
      throw new Error('outer');
    });
    await expect(failing).rejects.toThrow('outer');
    expect(await notes(opened)).toEqual([]);
  });

  it.skipIf(!available)('does not commit the half of a nested one whose failure was caught', async () => {
    const opened = await open();
    const work = opened.storage.unitOfWork(async () => {
      await insert(opened, 'outer');
      await opened.storage
        .unitOfWork(async () => {
          await insert(opened, 'inner');
          throw new Error('half done');
        })
        .catch(() => {});
    });
    await expect(work).rejects.toThrow('half done');
    expect(await notes(opened)).toEqual([]);
  });

  it.skipIf(!available)('goes on when a nested one that changed nothing fails and is caught', async () => {
    const opened = await open();
    await opened.storage.unitOfWork(async () => {
      await insert(opened, 'outer');
      const checking = opened.storage.unitOfWork(async () => {
        await notes(opened);
        throw new Error('refused');
      });
      await checking.catch(() => {});
    });
    expect(await notes(opened)).toEqual(['outer']);
  });

  it.skipIf(!available)('cannot commit after a statement failed, and says which', async () => {
    const opened = await open();
    await insert(opened, 'taken');
    const work = opened.storage.unitOfWork(async () => {
      await insert(opened, 'new');
      await insert(opened, 'taken').catch(() => {});
      await expect(insert(opened, 'later')).rejects.toMatchObject({ code: 'UNIT_OF_WORK_BROKEN' });
    });
    await expect(work).rejects.toMatchObject({
      code: 'CONSTRAINT_VIOLATED',
      status: 409,
      details: { kind: 'unique', columns: ['id'] },
    });
    expect(await notes(opened)).toEqual(['taken']);
  });

  it.skipIf(!available)('refuses the statement of a promise that outlived it', async () => {
    const opened = await open();
    let escaped: Promise<unknown> = Promise.resolve();
    let appended: Promise<unknown> = Promise.resolve();
    await opened.storage.unitOfWork(async () => {
      const later = new Promise((resolve) => setTimeout(resolve, 20));
      escaped = later.then(() => insert(opened, 'escaped'));
      appended = later.then(() => opened.journal.append({ type: 'Note.escaped' }));
      escaped.catch(() => {});
      appended.catch(() => {});
    });
    await expect(escaped).rejects.toMatchObject({ code: 'UNIT_OF_WORK_ENDED' });
    await expect(appended).rejects.toMatchObject({ code: 'UNIT_OF_WORK_ENDED' });
    expect(await notes(opened)).toEqual([]);
  });

  it.skipIf(!available)(
    'runs what waits for its commit after it, outside of it, and not at all after a rollback',
    async () => {
      const opened = await open();
      const ran: string[] = [];
      const note = (label: string) => () =>
        opened.storage.afterCommit(() => void ran.push(`${label} ${opened.storage.inUnitOfWork()}`));
      await opened.storage.unitOfWork(async () => {
        note('committed')();
        expect(ran).toEqual([]);
      });
      await opened.storage
        .unitOfWork(async () => {
          note('rolled back')();
          throw new Error('no');
        })
        .catch(() => {});
      note('alone')();
      expect(ran).toEqual(['committed false', 'alone false']);
    },
  );

  it.skipIf(!available)('is not broken by a statement that cannot even be written', async () => {
    const opened = await open();
    await opened.storage.unitOfWork(async () => {
      const senseless = opened.storage.query('main', (knex) => knex('note').where({ id: undefined }));
      await expect(senseless).rejects.toMatchObject({ code: 'STATEMENT_FAILED' });
      await insert(opened, 'kept');
    });
    expect(await notes(opened)).toEqual(['kept']);
  });

  it.skipIf(!available)('begins anew where a timer set inside of another one asks for it', async () => {
    const opened = await open();
    let later: Promise<void> = Promise.resolve();
    await opened.storage.unitOfWork(async () => {
      later = new Promise<void>((resolve) => setTimeout(resolve, 10)).then(() =>
        opened.storage.unitOfWork(async () => void (await insert(opened, 'own'))),
      );
    });
    await later;
    expect(await notes(opened)).toEqual(['own']);
  });

  it.skipIf(!available)('takes statements that run side by side', async () => {
    const opened = await open();
    await opened.storage.unitOfWork(async () => {
      await Promise.all(['a', 'b', 'c'].map((id) => insert(opened, id)));
    });
    expect(await notes(opened)).toEqual(['a', 'b', 'c']);
  });
});

describe('units of work over several databases', () => {
  it('commit together and roll back together', async () => {
    const opened = await start({ databases: { main: 'sqlite:./main.db', billing: 'sqlite:./billing.db' } });
    await opened.storage.unitOfWork(async () => {
      await insert(opened, 'kept', 'billing');
      await insert(opened, 'kept');
    });
    await opened.storage
      .unitOfWork(async () => {
        await insert(opened, 'lost');
        await insert(opened, 'lost', 'billing');
        throw new Error('no');
      })
      .catch(() => {});
    expect([await notes(opened), await notes(opened, 'billing')]).toEqual([['kept'], ['kept']]);
  });

  it('that touch main and another one in opposite orders both succeed', async () => {
    const opened = await start({ databases: { main: 'sqlite:./main.db', billing: 'sqlite:./billing.db' } });
    const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));
    const both = async (id: string, first: string, second: string): Promise<void> =>
      opened.storage.unitOfWork(async () => {
        await insert(opened, id, first);
        await pause();
        await insert(opened, id, second);
      });
    await Promise.all([both('a', 'main', 'billing'), both('b', 'billing', 'main')]);
    expect([await notes(opened), await notes(opened, 'billing')]).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  it.skipIf(server === undefined)(
    'that block each other end with STORAGE_TIMEOUT naming both databases, and the other one goes on',
    async () => {
      const schema = ownSchema();
      const clock = new VirtualClock();
      const opened = await start({
        databases: { main: schema.url, billing: 'sqlite:./billing.db', meters: 'sqlite:./meters.db' },
        clock,
        wait: 5000,
      });
      closing.push(() => schema.drop());
      let met = 0;
      let meet: () => void = () => {};
      const meeting = new Promise<void>((resolve) => {
        meet = resolve;
      });
      const both = (first: string, second: string): Promise<void> =>
        opened.storage.unitOfWork(async () => {
          await insert(opened, first, first);
          if (++met === 2) meet();
          await meeting;
          await insert(opened, first, second);
        });
      const work = Promise.allSettled([both('billing', 'meters'), both('meters', 'billing')]);
      await meeting;
      await new Promise((resolve) => setTimeout(resolve, 20));
      await clock.advance(5000);
      const outcomes = await work;
      const failures = outcomes.flatMap((outcome) =>
        outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
      );
      expect(failures.length).toBeGreaterThan(0);
      for (const failure of failures) {
        expect(failure).toBeInstanceOf(CarusoError);
        expect(failure).toMatchObject({
          code: 'STORAGE_TIMEOUT',
          status: 503,
          message: expect.stringMatching(/'billing'.*'meters'|'meters'.*'billing'/),
        });
      }
      // Nothing is left locked.
      await insert(opened, 'after', 'billing');
      await insert(opened, 'after', 'meters');
    },
  );
});

it('leaves nothing behind that each later promise of the process would carry', async () => {
  // Node keeps the stores of every storage in use with whatever is begun, one after the other.
  const carried = (): number => Object.getOwnPropertySymbols(new AsyncResource('TEST')).length;
  const used = async (): Promise<OpenStorage> => {
    const open = await start();
    await open.storage.unitOfWork(() => insert(open, 'a'));
    return open;
  };
  await (await used()).close();
  const before = carried();
  const open = await used();
  expect(carried()).toBeGreaterThan(before);
  await open.close();
  expect(carried()).toBe(before);
});
