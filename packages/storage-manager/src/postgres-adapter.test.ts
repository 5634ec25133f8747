import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Adapter, Session } from './adapter.js';
import { resolveDatabases } from './database-settings.js';
import { ownSchema, postgresServer } from './databases.test.support.js';
import { postgresAdapter } from './postgres-adapter.js';

const server = await postgresServer();

describe.skipIf(server === undefined)('the PostgreSQL adapter', () => {
  const schema = ownSchema();
  let adapter: Adapter;
  beforeAll(async () => {
    const [settings] = resolveDatabases({ main: { url: schema.url, pool: 2 } }, '.');
    if (settings === undefined) throw new Error('one was declared');
    adapter = postgresAdapter(settings, 300);
    await adapter.open();
  });
  afterAll(async () => {
    await adapter?.close();
    await schema.drop();
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

  it('works in the schema of the url, in UTC, READ COMMITTED', async () => {
    await lent(async (session) => {
      await session.begin();
      expect(
        await raw(
          session,
          `select current_schema() ~ '^caruso_storage_' as own, current_setting('TimeZone') as zone, current_setting('transaction_isolation') as isolation`,
        ),
      ).toEqual([{ own: true, zone: 'UTC', isolation: 'read committed' }]);
      await session.rollback();
    });
  });

  it('gives values as SQLite does', async () => {
    const rows = await lent((session) =>
      raw(
        session,
        `select 7::bigint as small, 9007199254740993::bigint as big, 12.50::numeric(8,2) as price, true as yes, date '2026-03-29' as day,
           timestamptz '2026-03-29 03:30:00.5+02' as at, timestamp '2026-03-29 03:30:00' as here, '{"a": "b"}'::jsonb as json, '\\x616263'::bytea as bytes, count(*) as n`,
      ),
    );
    expect(rows).toEqual([
      {
        small: 7,
        big: '9007199254740993',
        price: '12.50',
        yes: true,
        day: '2026-03-29',
        at: '2026-03-29T01:30:00.500Z',
        here: '2026-03-29 03:30:00',
        json: '{"a": "b"}',
        bytes: Buffer.from('abc'),
        n: 1,
      },
    ]);
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
    const failure: unknown = await adapter.session().catch((error: unknown) => error);
    expect(adapter.classify(failure)).toEqual({ kind: 'timeout', reason: 'no connection of the pool came free' });
    expect(adapter.load()).toEqual({ used: 2, waiting: 0 });
    await first.release(true);
    await second.release();
    expect(await lent((session) => raw(session, 'select 1 as one'))).toEqual([{ one: 1 }]);
  });

  it('knows a connection that the server ended', async () => {
    const victim = await adapter.session();
    const [own] = (await raw(victim, 'select pg_backend_pid() as pid')) as { pid: number }[];
    await lent((session) => raw(session, `select pg_terminate_backend(${own?.pid})`));
    const failure: unknown = await raw(victim, 'select 1').catch((error: unknown) => error);
    expect(adapter.classify(failure)).toMatchObject({ kind: 'unreachable' });
    await victim.release(true);
    expect(await lent((session) => raw(session, 'select 1 as one'))).toEqual([{ one: 1 }]);
  });

  it('tells which constraint does not hold, without the values', async () => {
    await lent(async (session) => {
      await raw(session, 'create table parent (id integer primary key)');
      await raw(
        session,
        'create table child (a text not null, b text, p integer references parent, n integer check (n > 0), unique (a, b))',
      );
      await raw(session, "insert into child (a, b) values ('x', 'y')");
      const trouble = async (values: Record<string, unknown>): Promise<unknown> => {
        const failure: unknown = await session
          .run(adapter.knex('child').insert(values))
          .catch((error: unknown) => error);
        expect(String(failure)).not.toContain('secret value');
        return adapter.classify(failure);
      };
      expect(await trouble({ a: 'x', b: 'y' })).toMatchObject({
        kind: 'constraint',
        details: { kind: 'unique', table: 'child', columns: ['a', 'b'] },
      });
      expect(await trouble({ b: 'secret value' })).toMatchObject({ details: { kind: 'required', columns: ['a'] } });
      expect(await trouble({ a: 'z', p: 99 })).toMatchObject({ details: { kind: 'foreign key', columns: ['p'] } });
      expect(await trouble({ a: 'z', n: -1 })).toMatchObject({ details: { kind: 'check' } });
      expect(await trouble({ nowhere: 'secret value' })).toEqual({
        kind: 'failed',
        reason: 'column "nowhere" of relation "child" does not exist',
      });
    });
  });
});
