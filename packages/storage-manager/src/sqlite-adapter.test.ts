import { join } from 'node:path';
import { systemClock } from '@caruso/service-manager/contract';
import SQLite from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import type { Adapter, Session } from './adapter.js';
import { tempFolder } from './databases.test.support.js';
import { sqliteAdapter } from './sqlite-adapter.js';

let adapter: Adapter;
afterEach(() => adapter.close());

async function open(location: string, managed = true, wait = 200): Promise<Session> {
  adapter = sqliteAdapter(
    { name: 'main', dialect: 'sqlite', managed, location, schema: undefined, pool: 1, where: location },
    systemClock,
    wait,
  );
  await adapter.open();
  return adapter.session();
}

const raw = (session: Session, sql: string) => session.run(adapter.knex.raw(sql));

describe('the SQLite adapter', () => {
  it('runs a managed database in WAL, with foreign keys, safe against the death of the process', async () => {
    const session = await open(join(tempFolder(), 'sub/main.db'));
    expect(await raw(session, 'pragma journal_mode')).toEqual([{ journal_mode: 'wal' }]);
    expect(await raw(session, 'pragma synchronous')).toEqual([{ synchronous: 1 }]);
    expect(await raw(session, 'pragma foreign_keys')).toEqual([{ foreign_keys: 1 }]);
  });

  it('leaves the modes of a legacy database as they are', async () => {
    const file = join(tempFolder(), 'legacy.db');
    const made = new SQLite(file);
    made.exec('create table note (id text)');
    made.close();
    const session = await open(file, false);
    expect(await raw(session, 'pragma journal_mode')).toEqual([{ journal_mode: 'delete' }]);
    expect(await raw(session, 'pragma foreign_keys')).toEqual([{ foreign_keys: 0 }]);
  });

  it('keeps every digit of a big integer: numbers where they fit, text beyond', async () => {
    const session = await open(':memory:');
    await raw(session, 'create table big (n integer)');
    for (const n of [7, 9007199254740993n, -9223372036854775808n]) await session.run(adapter.knex('big').insert({ n }));
    expect(await session.run(adapter.knex('big').orderBy('rowid'))).toEqual([
      { n: 7 },
      { n: '9007199254740993' },
      { n: '-9223372036854775808' },
    ]);
    expect(await session.run(adapter.knex('big').where({ n: 7 }).first())).toEqual({ n: 7 });
    expect(await session.run(adapter.knex('big').where({ n: 7 }).pluck('n'))).toEqual([7]);
    expect(await session.run(adapter.knex('big').where({ n: 7 }).update({ n: 8 }))).toBe(1);
    expect(await session.run(adapter.knex('big').insert({ n: 1 }, ['n']))).toEqual([{ n: 1 }]);
    expect(await raw(session, 'delete from big')).toEqual([]);
  });

  it('commits and rolls back', async () => {
    const session = await open(':memory:');
    await raw(session, 'create table note (id text)');
    for (const [id, end] of [
      ['kept', 'commit'],
      ['lost', 'rollback'],
    ] as const) {
      await session.begin();
      await session.run(adapter.knex('note').insert({ id }));
      await session[end]();
    }
    expect(await session.run(adapter.knex('note'))).toEqual([{ id: 'kept' }]);
  });

  it('waits for the lock of another program without stopping the process, and no longer than it should', async () => {
    const file = join(tempFolder(), 'shared.db');
    const session = await open(file, true, 2000);
    await raw(session, 'create table note (id text)');
    const other = new SQLite(file);
    other.exec("begin immediate; insert into note values ('theirs')");
    let ticks = 0;
    const timer = setInterval(() => ++ticks, 5);
    setTimeout(() => other.exec('commit'), 150);
    await session.run(adapter.knex('note').insert({ id: 'ours' }));
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0);
    expect(await session.run(adapter.knex('note').pluck('id'))).toEqual(['theirs', 'ours']);
    await adapter.close();

    const impatient = await open(file, true, 50);
    other.exec('begin immediate');
    const failure: unknown = await impatient
      .run(adapter.knex('note').insert({ id: 'late' }))
      .catch((error: unknown) => error);
    expect(adapter.classify(failure)).toEqual({ kind: 'timeout', reason: 'another program holds its lock' });
    other.close();
  });

  it('tells which constraint does not hold, without the values', async () => {
    const session = await open(':memory:');
    await raw(session, 'create table parent (id integer primary key)');
    await raw(
      session,
      'create table child (a text not null, b text, p integer references parent, n integer check (n > 0), unique (a, b))',
    );
    await raw(session, "insert into child (a, b) values ('x', 'y')");
    const trouble = async (values: Record<string, unknown>): Promise<unknown> => {
      const failure: unknown = await session.run(adapter.knex('child').insert(values)).catch((error: unknown) => error);
      expect(String(failure)).not.toContain('secret value');
      return adapter.classify(failure);
    };
    expect(await trouble({ a: 'x', b: 'y' })).toEqual({
      kind: 'constraint',
      details: { kind: 'unique', table: 'child', columns: ['a', 'b'] },
    });
    expect(await trouble({ b: 'secret value' })).toMatchObject({
      details: { kind: 'required', table: 'child', columns: ['a'] },
    });
    expect(await trouble({ a: 'z', p: 99 })).toMatchObject({ details: { kind: 'foreign key' } });
    expect(await trouble({ a: 'z', n: -1 })).toMatchObject({ details: { kind: 'check' } });
    expect(await trouble({ nowhere: 'secret value' })).toEqual({
      kind: 'failed',
      reason: 'table child has no column named nowhere',
    });
  });
});
