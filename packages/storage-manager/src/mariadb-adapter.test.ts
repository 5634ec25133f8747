import { VirtualClock } from '@caruso/service-manager/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Adapter, Session } from './adapter.js';
import { resolveDatabases } from './database-settings.js';
import { mariadbServer, ownMariadb } from './databases.test.support.js';
import { mariadbAdapter } from './mariadb-adapter.js';
import { mariadbText } from './mariadb-value.js';

const server = await mariadbServer();

describe.skipIf(server === undefined)('the MariaDB adapter', () => {
  const database = ownMariadb();
  const clock = new VirtualClock();
  let adapter: Adapter;
  beforeAll(async () => {
    const [settings] = resolveDatabases({ main: { url: database.url, pool: 2 } }, '.');
    if (settings === undefined) throw new Error('one was declared');
    adapter = mariadbAdapter(settings, clock, 1000);
    await adapter.open();
  });
  afterAll(async () => {
    await adapter?.close();
    await database.drop();
  });

  async function lent<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const session = await adapter.session();
    try {
      return await work(session);
    } finally {
      await session.release();
    }
  }
  const raw = (session: Session, sql: string): Promise<unknown> => session.run(adapter.knex.raw(sql));

  it('makes a managed database, and works in UTC, READ COMMITTED, strict, with texts compared as they are', async () => {
    const text = `select database() like 'caruso_storage_%' as own, @@time_zone as zone, @@tx_isolation as isolation,
      @@sql_mode like '%STRICT_ALL_TABLES%' as strict, 'a' = 'A' as anyCase, 'a' = 'a ' as padded, 'a' || 'b' as joined`;
    expect(await lent((session) => raw(session, text))).toEqual([
      { own: 1, zone: '+00:00', isolation: 'READ-COMMITTED', strict: 1, anyCase: 0, padded: 0, joined: 'ab' },
    ]);
  });

  it('gives values as SQLite does', async () => {
    await lent(async (session) => {
      await raw(
        session,
        'create table kinds (small bigint, big bigint unsigned, price decimal(8,2), yes tinyint(1), day date, at datetime(3), json json, bytes blob, flag bit(1), stamp timestamp(3))',
      );
      await raw(
        session,
        `insert into kinds values (7, 18446744073709551615, 12.5, true, '2026-03-29', '2026-03-29 01:30:00.5', '{"a": "b"}', x'616263', b'1', '2026-03-29 01:30:00.5')`,
      );
      expect(await session.rows('select * from kinds', [])).toEqual([
        {
          small: 7,
          big: '18446744073709551615',
          price: '12.50',
          yes: 1,
          day: '2026-03-29',
          at: '2026-03-29T01:30:00.500Z',
          json: '{"a": "b"}',
          bytes: Buffer.from('abc'),
          flag: 1,
          stamp: '2026-03-29T01:30:00.500Z',
        },
      ]);
    });
  });

  it('gives back any text, in whatever place of a statement, and never runs it', async () => {
    const hostile = fc.oneof(
      fc.string({
        unit: fc.constantFrom("'", '"', '\\', '`', '?', ';', '--', '/*', '*/', '\n', '\u0000', '%', 'x'),
        maxLength: 12,
      }),
      fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => !/\p{Surrogate}/u.test(text)),
    );
    await lent((session) =>
      fc.assert(
        fc.asyncProperty(hostile, hostile, async (a, b) => {
          expect(await session.rows(`select ? as "a", 'it''s ? \\\\' as "q\\?", ? as "b"`, [a, b])).toEqual([
            { a, 'q?': "it's ? \\", b },
          ]);
        }),
        { numRuns: 300 },
      ),
    );
  });

  it('takes single values only', () => {
    for (const value of [{ id: 1 }, [1, 2], { toSqlString: () => '1 or 1=1' }, Number.NaN, Symbol('x')])
      expect(() => mariadbText('select ?', [value])).toThrow(TypeError);
  });

  it('takes back a connection whose transaction failed', async () => {
    for (let round = 0; round < 5; round++) {
      const session = await adapter.session();
      await session.begin();
      await expect(raw(session, 'select nothing from nowhere')).rejects.toThrow('nowhere');
      await session.rollback();
      await session.release();
    }
    expect(await lent((session) => raw(session, 'select 1 as one'))).toEqual([{ one: 1 }]);
  });

  it('gives up a broken connection and waits for a free one no longer than it should', async () => {
    const first = await adapter.session();
    const second = await adapter.session();
    const waiting = adapter.session().catch((error: unknown) => error);
    await clock.advance(1000);
    expect(adapter.classify(await waiting)).toEqual({ kind: 'timeout', reason: 'no connection of the pool came free' });
    expect(adapter.load()).toEqual({ used: 2, waiting: 0 });
    await first.release(true);
    await second.release();
    expect(await lent((session) => raw(session, 'select 1 as one'))).toEqual([{ one: 1 }]);
    // The connection that came too late goes back, too.
    await vi.waitFor(() => expect(adapter.load().used).toBe(0));
  });

  it('knows a connection that the server ended', async () => {
    const victim = await adapter.session();
    const [own] = (await raw(victim, 'select connection_id() as id')) as { id: number }[];
    await lent((session) => raw(session, `kill ${own?.id}`));
    const failure: unknown = await raw(victim, 'select 1').catch((error: unknown) => error);
    expect(adapter.classify(failure)).toMatchObject({ kind: 'unreachable' });
    await victim.release(true);
    expect(await lent((session) => raw(session, 'select 1 as one'))).toEqual([{ one: 1 }]);
  });

  it('lets the later of two that block each other go, in words of its own', async () => {
    await lent((session) => raw(session, 'create table pair (id int primary key)'));
    await lent((session) => raw(session, 'insert into pair values (1), (2)'));
    const sessions = [await adapter.session(), await adapter.session()];
    const touch = (index: number, id: number): Promise<unknown> => {
      const session = sessions[index];
      if (session === undefined) throw new Error('two were lent');
      return raw(session, `update pair set id = id where id = ${id}`);
    };
    for (const session of sessions) await session.begin();
    await touch(0, 1);
    await touch(1, 2);
    const outcomes = await Promise.allSettled([touch(0, 2), touch(1, 1)]);
    const failed = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(failed.map((error) => adapter.classify(error).kind)).toEqual(['timeout']);
    for (const session of sessions) {
      await session.rollback();
      await session.release();
    }
  });

  it('tells which constraint does not hold, without the values', async () => {
    await lent(async (session) => {
      await raw(session, 'create table parent (id integer primary key)');
      await raw(
        session,
        'create table child (a varchar(20) not null, b varchar(20), p integer, n integer check (n > 0), foreign key (p) references parent (id), unique (a, b))',
      );
      await raw(session, "insert into child (a, b) values ('x', 'y')");
      const trouble = async (values: Record<string, unknown>): Promise<unknown> => {
        const failure: unknown = await session
          .run(adapter.knex('child').insert(values))
          .catch((error: unknown) => error);
        expect(JSON.stringify(failure)).not.toContain('secret value');
        return adapter.classify(failure);
      };
      expect(await trouble({ a: 'x', b: 'y' })).toMatchObject({
        kind: 'constraint',
        details: { kind: 'unique', table: 'child', columns: ['a', 'b'] },
      });
      expect(await trouble({ b: 'secret value' })).toMatchObject({ details: { kind: 'required', columns: ['a'] } });
      expect(await trouble({ a: 'z', p: 99 })).toMatchObject({ details: { kind: 'foreign key', columns: ['p'] } });
      expect(await trouble({ a: 'z', n: -1 })).toMatchObject({ details: { kind: 'check', table: 'child' } });
      expect(await trouble({ a: 'secret value that is too long' })).toMatchObject({
        details: { kind: 'check', columns: ['a'] },
      });
      expect(await trouble({ nowhere: 'secret value' })).toMatchObject({
        kind: 'failed',
        reason: expect.stringContaining("'nowhere'"),
      });
    });
  });
});
