// TypeORM expects it to be there before it is loaded.
import 'reflect-metadata';
import knexFactory from 'knex';
import pg from 'pg';
import { DataSource, type QueryRunner } from 'typeorm';
import {
  type Adapter,
  driverError,
  type Row,
  type Session,
  type Statement,
  type Trouble,
  withoutSql,
} from './adapter.js';
import type { DatabaseSettings } from './database-settings.js';
import { nativeText } from './placeholder.js';

/**
 * PostgreSQL through TypeORM's pool, READ COMMITTED.
 *
 * @param wait milliseconds to wait for a connection, of the server or of the pool
 */
export function postgresAdapter(settings: DatabaseSettings, wait: number): Adapter {
  const knex = knexFactory({ client: 'pg', compileSqlOnError: false, version: '15' });
  let source: DataSource | undefined;

  return {
    knex,
    isOpen: () => source !== undefined,
    load() {
      const pool = source === undefined ? undefined : poolOf(source);
      return pool === undefined
        ? { used: 0, waiting: 0 }
        : { used: pool.totalCount - pool.idleCount, waiting: pool.waitingCount };
    },
    classify,
    async open() {
      const opening = new DataSource({
        type: 'postgres',
        url: settings.location,
        poolSize: settings.pool,
        connectTimeoutMS: wait,
        applicationName: 'caruso',
        installExtensions: false,
        logging: false,
        // A connection that dies in the pool is replaced when next one is asked for; nothing is lost with it.
        poolErrorHandler: () => {},
        extra: {
          types: { getTypeParser },
          keepAlive: true,
          options: `-c TimeZone=UTC${settings.schema === undefined ? '' : ` -c search_path=${settings.schema}`}`,
        },
      });
      try {
        await opening.initialize();
      } catch (error) {
        await closeQuietly(opening);
        throw error;
      }
      if (settings.schema !== undefined && settings.managed) {
        await makeSchema(opening, settings.schema);
      }
      source = opening;
    },
    async session() {
      if (source === undefined) throw new Error('the database is not open');
      const runner = source.createQueryRunner();
      return postgresSession(runner, await runner.connect());
    },
    async close() {
      const closing = source;
      source = undefined;
      await closing?.destroy();
    },
  };
}

async function makeSchema(source: DataSource, schema: string): Promise<void> {
  try {
    await source.query(`create schema if not exists "${schema}"`);
  } catch (error) {
    // Another process made it in this very moment: 'if not exists' does not cover that.
    if (driverError(error).code !== '23505') throw error;
  }
}

function postgresSession(runner: QueryRunner, connection: pg.PoolClient): Session {
  return {
    run: async (statement: Statement) => rowsOf(await statement.connection(connection)),
    rows: async (text, bindings) => {
      const native = nativeText(text, (index) => `$${index + 1}`);
      return (await connection.query<Row>(native, [...bindings])).rows;
    },
    begin: () => runner.startTransaction('READ COMMITTED'),
    commit: async () => {
      if (runner.isTransactionActive) await runner.commitTransaction();
    },
    rollback: async () => {
      if (runner.isTransactionActive && !runner.isReleased) await runner.rollbackTransaction();
    },
    async release(broken = false) {
      // TypeORM hands a connection back without a way to condemn it; its listener for errors of the connection does that.
      if (broken && !runner.isReleased) connection.emit('error', new Error('the connection is given up'));
      else await runner.release();
    },
  };
}

/** A raw statement answers pg's own result; ours are its rows, as on SQLite. */
function rowsOf(result: unknown): unknown {
  if (typeof result === 'object' && result !== null && 'rows' in result && 'rowCount' in result) return result.rows;
  return result;
}

const BIGINT = 20;
const AS_TEXT = new Set([
  pg.types.builtins.DATE,
  pg.types.builtins.TIMESTAMP,
  pg.types.builtins.NUMERIC,
  pg.types.builtins.INTERVAL,
  pg.types.builtins.JSON,
  pg.types.builtins.JSONB,
]);

/** Values as SQLite gives them: numbers that fit, text for all that a JavaScript value would bend (dates, decimals, JSON). */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  if (oid === BIGINT) return (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : text);
  if (oid === pg.types.builtins.TIMESTAMPTZ) return isoInstant;
  if (AS_TEXT.has(oid)) return (text) => text;
  return pg.types.getTypeParser(oid, format === 'binary' ? 'text' : format);
}

/** '2026-01-05 09:30:00.5+01' as ISO UTC with milliseconds; what lies outside JavaScript's years stays as it is. */
function isoInstant(text: string): string {
  const time = new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')).getTime();
  return Number.isNaN(time) ? text : new Date(time).toISOString();
}

interface Pool {
  totalCount: number;
  idleCount: number;
  waitingCount: number;
}

function poolOf(source: DataSource): Pool | undefined {
  const { driver } = source;
  return 'master' in driver ? (driver.master as Pool | undefined) : undefined;
}

async function closeQuietly(source: DataSource): Promise<void> {
  const pool = poolOf(source);
  if (source.isInitialized) await source.destroy();
  else if (pool !== undefined && 'end' in pool && typeof pool.end === 'function') await pool.end();
}

function classify(error: unknown): Trouble {
  const { code, message, fields } = driverError(error);
  const reason = withoutSql(message);
  const text = (name: string): string | undefined => (typeof fields[name] === 'string' ? fields[name] : undefined);
  if (code.startsWith('23')) {
    const listed = /^Key \((.+?)\)=/.exec(text('detail') ?? '')?.[1]?.split(', ');
    const column = text('column');
    return {
      kind: 'constraint',
      details: {
        kind:
          ({ '23505': 'unique', '23503': 'foreign key', '23502': 'required', '23514': 'check' } as const)[code] ??
          'other',
        table: text('table'),
        columns: column === undefined ? listed?.map((name) => name.replace(/^"|"$/g, '')) : [column],
        constraint: text('constraint'),
      },
    };
  }
  if (/^(55P03|57014|40P01|40001)$/.test(code)) return { kind: 'timeout', reason };
  if (message.startsWith('timeout exceeded when trying to connect'))
    return { kind: 'timeout', reason: 'no connection of the pool came free' };
  if (
    /^(08|57P|28|3D|53)/.test(code) ||
    /^E[A-Z]+$/.test(code) ||
    /Connection terminated|connection error|not queryable|given up/i.test(message)
  ) {
    return { kind: 'unreachable', reason: reasonOf(code, reason) };
  }
  if (
    /^(cannot (insert into|update|delete from|change|lock rows in) .*view "|FOR UPDATE (is not allowed|cannot be applied) )/.test(
      reason,
    )
  )
    return { kind: 'view', reason };
  return { kind: 'failed', reason };
}

function reasonOf(code: string, message: string): string {
  if (message !== '') return message;
  return code === '' ? 'no answer' : code;
}
