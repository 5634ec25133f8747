// TypeORM expects it to be there before it is loaded.
import 'reflect-metadata';
import { existsSync } from 'node:fs';
import type { Clock } from '@caruso/service-manager/contract';
import type SQLite from 'better-sqlite3';
import knexFactory from 'knex';
import { DataSource, type QueryRunner } from 'typeorm';
import {
  type Adapter,
  driverError,
  type Row,
  type Savepoints,
  type Session,
  type Statement,
  type Trouble,
  withoutSql,
} from './adapter.js';
import { type DatabaseSettings, prepareFolder } from './database-settings.js';
import { PreparedStatements } from './prepared-statements.js';
import { registerFunctions } from './sqlite-functions.js';

/** Kibibytes of pages that a connection keeps in memory as it comes to use them. */
const CACHE = 32_768;
/** Pages (of 4 KB) in the log after which they go into the file, while everybody waits. */
const CHECKPOINT = 4_000;
/** The driver blocks the whole process while it waits for another program's lock, so it waits shortly and we ask again. */
const NATIVE_WAIT = 20;

/**
 * SQLite through TypeORM's better-sqlite3 driver, which has one connection for a DataSource.
 *
 * Managed databases run in WAL with synchronous=NORMAL: what is committed survives the death of the process (kill -9); a loss of
 * power may cost the last commits, never the consistency of the file. An unmanaged file is opened as it is: no pragma that writes.
 *
 * @param wait milliseconds a statement waits for the lock of another program
 */
export function sqliteAdapter(settings: DatabaseSettings, clock: Clock, wait: number): Adapter {
  const knex = knexFactory({ client: 'better-sqlite3', useNullAsDefault: true, compileSqlOnError: false });
  let source: DataSource | undefined;
  let prepared: PreparedStatements | undefined;

  const schema = schemaWatch();

  return {
    knex,
    // The legacy program's journal mode and syncs are left as they are; ours of managed files wait for no disk.
    commitSyncs: !settings.managed,
    isOpen: () => source !== undefined,
    load: () => ({ used: source === undefined ? 0 : 1, waiting: 0 }),
    classify,
    async open() {
      prepareFolder(settings);
      // TypeORM would create the folder and the file of a legacy database that is missing.
      if (!settings.managed && settings.location !== ':memory:' && !existsSync(settings.location)) {
        throw Object.assign(new Error('the file does not exist'), { code: 'SQLITE_CANTOPEN' });
      }
      const opening = new DataSource({
        type: 'better-sqlite3',
        database: settings.location,
        timeout: NATIVE_WAIT,
        fileMustExist: !settings.managed,
        logging: false,
        statementCacheSize: 0,
      });
      await opening.initialize();
      const connection: SQLite.Database = await opening.createQueryRunner().connect();
      try {
        connection.defaultSafeIntegers(true);
        registerFunctions(connection);
        if (settings.managed) {
          connection.pragma('journal_mode = WAL');
          connection.pragma('synchronous = NORMAL');
          // Indexes of texts are written all over: with more pages at hand, fewer are read and written again and again.
          connection.pragma(`cache_size = -${CACHE}`);
          connection.pragma(`wal_autocheckpoint = ${CHECKPOINT}`);
        } else {
          // Of the connection only, as the legacy program finds it by default; TypeORM switches it on.
          connection.pragma('foreign_keys = OFF');
        }
        // A file that is no database says so at the first read, not at open.
        connection.prepare('select count(*) from sqlite_master').get();
      } catch (error) {
        await opening.destroy();
        throw error;
      }
      source = opening;
      prepared = new PreparedStatements(connection);
    },
    async session() {
      if (source === undefined || prepared === undefined) throw new Error('the database is not open');
      const runner = source.createQueryRunner();
      const connection: SQLite.Database = await runner.connect();
      return sqliteSession(runner, connection, prepared, savepointsOf(connection, prepared, schema), clock, wait);
    },
    rowsAtOnce(text, bindings) {
      if (prepared === undefined) return undefined;
      try {
        return readRows(prepared, text, bindings);
      } catch (error) {
        if (isLocked(error)) return undefined;
        throw error;
      }
    },
    async backup(to) {
      if (source === undefined) throw new Error('the database is not open');
      const connection: SQLite.Database = await source.createQueryRunner().connect();
      await connection.backup(to);
    },
    async close() {
      const closing = source;
      source = undefined;
      prepared = undefined;
      await closing?.destroy();
    },
  };
}

function sqliteSession(
  runner: QueryRunner,
  connection: SQLite.Database,
  prepared: PreparedStatements,
  savepoints: Savepoints,
  clock: Clock,
  wait: number,
): Session {
  const patiently = async <T>(work: () => Promise<T>): Promise<T> => {
    const end = clock.now() + wait;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        // After a stale snapshot waiting cannot help; the whole unit of work has to be run again.
        if (!isLocked(error) || clock.now() >= end) throw error;
        await new Promise<void>((resolve) => clock.after(NATIVE_WAIT, resolve));
      }
    }
  };
  return {
    run: (statement: Statement) => patiently(async () => normalize(await statement.connection(connection))),
    rows: (text, bindings) => patiently(async () => readRows(prepared, text, bindings)),
    savepoints,
    begin: () => runner.startTransaction(),
    commit: () => patiently(() => commit(runner)),
    rollback: async () => {
      // TypeORM is to see the end of one that SQLite took back by itself.
      if (savepoints.lost() && runner.isTransactionActive) connection.exec('begin');
      if (runner.isTransactionActive) await runner.rollbackTransaction();
    },
    // There is one connection and it stays.
    release: async () => {},
  };
}

/** Whether a schema keeps units of work from sharing a transaction, asked anew only when it changed. */
function schemaWatch(): (prepared: PreparedStatements) => boolean {
  let known: unknown;
  let alone = true;
  return (prepared) => {
    const version = prepared.of('pragma schema_version').pluck().get();
    if (version !== known) {
      alone = prepared.of(TAKES_ALL).pluck().get() !== undefined;
      known = version;
    }
    return alone;
  };
}

/** Foreign keys that are checked at the commit, and conflicts and triggers that roll back. A word too many costs speed alone. */
const TAKES_ALL = `select 1 from sqlite_master where sql like '%deferred%' or sql like '%rollback%' limit 1`;

function savepointsOf(
  connection: SQLite.Database,
  prepared: PreparedStatements,
  schema: (prepared: PreparedStatements) => boolean,
): Savepoints {
  const run = (text: string): void => void prepared.of(text).run();
  return {
    set: () => run('savepoint caruso_unit'),
    release: () => run('release caruso_unit'),
    rollBack() {
      run('rollback to caruso_unit');
      run('release caruso_unit');
    },
    lost: () => !connection.inTransaction,
    alone: () => schema(prepared),
  };
}

function isLocked(error: unknown): boolean {
  const { code } = driverError(error);
  return code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED';
}

function readRows(prepared: PreparedStatements, text: string, bindings: readonly unknown[]): Row[] {
  const statement = prepared.of(text);
  const values = bindings.map(driverValue);
  if (!statement.reader) {
    statement.run(values);
    return [];
  }
  const rows = statement.all(values) as Row[];
  for (const row of rows) normalizeRow(row);
  return rows;
}

/** A value as the driver takes it; knex does the same with its own statements. */
function driverValue(value: unknown): unknown {
  if (typeof value === 'boolean') return Number(value);
  return value instanceof Date ? value.valueOf() : value;
}

async function commit(runner: QueryRunner): Promise<void> {
  if (runner.isTransactionActive) await runner.commitTransaction();
}

/** Integers come as bigint, so that none loses digits; those that fit become numbers, the others text. */
function normalize(result: unknown): unknown {
  if (!Array.isArray(result)) {
    if (isRunResult(result)) return [];
    return typeof result === 'bigint' ? plain(result) : isRow(result) ? normalizeRow(result) : result;
  }
  return result.map((row: unknown) => (isRow(row) ? normalizeRow(row) : typeof row === 'bigint' ? plain(row) : row));
}

function normalizeRow(row: Record<string, unknown>): Record<string, unknown> {
  for (const column in row) {
    const value = row[column];
    if (typeof value === 'bigint') row[column] = plain(value);
  }
  return row;
}

function isRow(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Buffer.isBuffer(value);
}

/** What a raw statement without rows answers; PostgreSQL answers no rows there. */
function isRunResult(value: unknown): boolean {
  return isRow(value) && 'lastInsertRowid' in value && 'changes' in value;
}

function plain(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

function classify(error: unknown): Trouble {
  const { code, message } = driverError(error);
  const reason = withoutSql(message);
  if (code.startsWith('SQLITE_CONSTRAINT')) {
    const columns = /constraint failed: (.+)$/.exec(reason)?.[1]?.split(', ') ?? [];
    const named = columns.filter((column) => column.includes('.'));
    return {
      kind: 'constraint',
      details: {
        kind:
          code === 'SQLITE_CONSTRAINT_UNIQUE' ||
          code === 'SQLITE_CONSTRAINT_PRIMARYKEY' ||
          code === 'SQLITE_CONSTRAINT_ROWID'
            ? 'unique'
            : code === 'SQLITE_CONSTRAINT_FOREIGNKEY'
              ? 'foreign key'
              : code === 'SQLITE_CONSTRAINT_NOTNULL'
                ? 'required'
                : code === 'SQLITE_CONSTRAINT_CHECK'
                  ? 'check'
                  : 'other',
        table: named[0]?.split('.')[0],
        columns: named.length === 0 ? undefined : named.map((column) => column.slice(column.indexOf('.') + 1)),
      },
    };
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return { kind: 'timeout', reason: 'another program holds its lock' };
  if (
    /^SQLITE_(CANTOPEN|NOTADB|CORRUPT|IOERR|READONLY|FULL|PERM|AUTH)/.test(code) ||
    /^E[A-Z]+$/.test(code) ||
    message === 'Cannot open database because the directory does not exist'
  ) {
    return { kind: 'unreachable', reason };
  }
  if (/^cannot modify .+ because it is a view$/.test(reason)) return { kind: 'view', reason };
  return { kind: 'failed', reason };
}
