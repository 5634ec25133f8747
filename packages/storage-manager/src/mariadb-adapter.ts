// TypeORM expects it to be there before it is loaded.
import 'reflect-metadata';
import type { Clock } from '@caruso/service-manager/contract';
import knexFactory from 'knex';
import type { Connection, PoolConnection, QueryError } from 'mysql2';
import { DataSource, type QueryRunner } from 'typeorm';
import { type Adapter, driverError, type Row, type Session, type Statement } from './adapter.js';
import type { DatabaseSettings } from './database-settings.js';
import { classifyMariadb } from './mariadb-trouble.js';
import { MARIADB_COLLATION, mariadbText, mariadbValue } from './mariadb-value.js';

/**
 * What every connection is told first: the house's SQL (names in double quotes, `||` joins texts, nothing is cut or bent silently),
 * UTC, texts compared by code point with their blanks, and READ COMMITTED as on PostgreSQL. Backslashes stay escapes in literals: the
 * driver's escaping relies on it.
 */
const MODES = [
  'ANSI_QUOTES',
  'PIPES_AS_CONCAT',
  'STRICT_ALL_TABLES',
  'NO_ZERO_DATE',
  'NO_ZERO_IN_DATE',
  'NO_UNSIGNED_SUBTRACTION',
  'NO_ENGINE_SUBSTITUTION',
];
/** RETURNING came with 10.5, DDL that a crash cannot halve with 10.6. */
const OLDEST = [10, 6];

/**
 * MariaDB through TypeORM's pool, READ COMMITTED. MySQL itself is refused: it lacks RETURNING and the collation.
 *
 * @param wait milliseconds to wait for a connection, of the server or of the pool, and for a lock
 */
export function mariadbAdapter(settings: DatabaseSettings, clock: Clock, wait: number): Adapter {
  // It warns that MySQL has no RETURNING; MariaDB has.
  const knex = knexFactory({ client: 'mysql2', compileSqlOnError: false, version: '10.11', log: { warn() {} } });
  let source: DataSource | undefined;
  let waiting = 0;
  const prepared = new WeakSet<object>();

  /** A connection of the pool, told who we are; the pool itself would wait for ever. */
  const connect = async (from: DataSource): Promise<{ runner: QueryRunner; connection: PoolConnection }> => {
    const runner = from.createQueryRunner();
    waiting++;
    let expired = false;
    const connecting: Promise<PoolConnection> = runner.connect();
    const connection = await new Promise<PoolConnection>((resolve, reject) => {
      const cancel = clock.after(wait, () => {
        expired = true;
        reject(Object.assign(new Error('no connection of the pool came free'), { code: 'POOL_TIMEOUT' }));
      });
      connecting.then(
        (given) => {
          cancel();
          if (expired) given.release();
          else resolve(given);
        },
        (error: unknown) => {
          cancel();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    }).finally(() => {
      waiting--;
    });
    if (!prepared.has(connection)) {
      try {
        await query(connection, sessionSettings(wait));
      } catch (error) {
        connection.destroy();
        throw error;
      }
      prepared.add(connection);
    }
    return { runner, connection };
  };

  return {
    knex,
    isOpen: () => source !== undefined,
    load: () => ({ used: source === undefined ? 0 : usedOf(source), waiting }),
    classify: classifyMariadb,
    async open() {
      const opening = await opened(settings, wait);
      try {
        const { runner, connection } = await connect(opening);
        const refusal = refusalOf(
          await query(connection, 'select version() as version, @@innodb_autoinc_lock_mode as numbering'),
        );
        await runner.release();
        if (refusal !== undefined) throw Object.assign(new Error(refusal), { code: 'SERVER_UNSUITABLE' });
      } catch (error) {
        await opening.destroy();
        throw error;
      }
      source = opening;
    },
    async session() {
      if (source === undefined) throw new Error('the database is not open');
      const { runner, connection } = await connect(source);
      return mariadbSession(runner, connection);
    },
    async close() {
      const closing = source;
      source = undefined;
      await closing?.destroy();
    },
    async uncommittedRows(text, bindings) {
      if (source === undefined) throw new Error('the database is not open');
      const { runner, connection } = await connect(source);
      try {
        // Of the next statement only.
        await query(connection, 'set transaction isolation level read uncommitted');
        return rowsOf(await query(connection, mariadbText(text, bindings)));
      } finally {
        await runner.release();
      }
    },
  };
}

async function opened(settings: DatabaseSettings, wait: number): Promise<DataSource> {
  const url = new URL(settings.location);
  const database = decodeURIComponent(url.pathname.slice(1));
  const sourceOf = (named: string | undefined): DataSource =>
    new DataSource({
      type: 'mariadb',
      host: url.hostname,
      port: url.port === '' ? 3306 : Number(url.port),
      username: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      ...(named === undefined ? {} : { database: named }),
      ...(url.searchParams.get('ssl') === 'true' ? { ssl: {} } : {}),
      poolSize: settings.pool,
      connectTimeout: wait,
      charset: 'utf8mb4',
      timezone: 'Z',
      supportBigNumbers: true,
      bigNumberStrings: false,
      dateStrings: true,
      logging: false,
      extra: { typeCast: mariadbValue, multipleStatements: false, jsonStrings: true },
    });
  const first = sourceOf(database);
  try {
    return await first.initialize();
  } catch (error) {
    // A managed database is made, as a file of SQLite and a schema of PostgreSQL are.
    if (!settings.managed || driverError(error).code !== 'ER_BAD_DB_ERROR') throw error;
  }
  const server = await sourceOf(undefined).initialize();
  try {
    const name = `\`${database.replaceAll('`', '``')}\``;
    await server.query(`create database if not exists ${name} character set utf8mb4 collate ${MARIADB_COLLATION}`);
  } finally {
    await server.destroy();
  }
  return sourceOf(database).initialize();
}

function sessionSettings(wait: number): string {
  const seconds = Math.max(1, Math.ceil(wait / 1000));
  return (
    `set names utf8mb4 collate ${MARIADB_COLLATION}, session sql_mode = '${MODES.join(',')}', session time_zone = '+00:00', ` +
    `session tx_isolation = 'READ-COMMITTED', session autocommit = 1, session innodb_lock_wait_timeout = ${seconds}, session lock_wait_timeout = ${seconds}`
  );
}

/** Why a server cannot be used; undefined where it can. */
function refusalOf(result: unknown): string | undefined {
  const [row] = rowsOf(result);
  const version = String(row?.['version']);
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST;
  if (!/mariadb/i.test(version)) return `it is MySQL ${version}; Caruso works with MariaDB from ${OLDEST.join('.')} on`;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor))
    return `it is MariaDB ${version}; Caruso needs ${OLDEST.join('.')} or newer`;
  // The journal reads what was numbered before (see event-log.ts).
  if (Number(row?.['numbering']) > 1)
    return 'innodb_autoinc_lock_mode is 2, so that events would be numbered without an order; set it to 1';
  return undefined;
}

function mariadbSession(runner: QueryRunner, connection: PoolConnection): Session {
  return {
    run: (statement: Statement) => run(connection, statement),
    rows: async (text, bindings) => rowsOf(await told(connection, mariadbText(text, bindings))),
    begin: () => runner.startTransaction(),
    commit: async () => {
      if (runner.isTransactionActive) await runner.commitTransaction();
    },
    rollback: async () => {
      if (runner.isTransactionActive && !runner.isReleased) await runner.rollbackTransaction();
    },
    async release(broken = false) {
      if (broken) connection.destroy();
      else if (!runner.isReleased) await runner.release();
    },
  };
}

interface Compiled {
  sql: string;
  bindings?: readonly unknown[];
  method?: string;
  pluck?: string;
  output?: (rows: unknown, fields?: unknown) => unknown;
}

/** What knex wrote, run here: knex's own runner knows neither MariaDB's RETURNING nor question marks in names. */
async function run(connection: Connection, statement: Statement): Promise<unknown> {
  const compiled = statement.toSQL() as unknown as Compiled | Compiled[];
  const list = Array.isArray(compiled) ? compiled : [compiled];
  let result: unknown;
  for (const part of list) result = await runPart(connection, part, returningOf(statement));
  return result;
}

async function runPart(connection: Connection, part: Compiled, returning: readonly string[]): Promise<unknown> {
  const { method, output } = part;
  const clause =
    method === 'insert' && returning.length > 0
      ? ` returning ${returning.map((name) => `\`${name.replaceAll('`', '``')}\``).join(', ')}`
      : '';
  const text = mariadbText(part.sql, part.bindings ?? []) + clause;
  const result = await told(connection, text);
  if (output !== undefined) return output(result);
  if (Array.isArray(result)) {
    const rows = result as Row[];
    if (method === 'first') return rows[0];
    return method === 'pluck' && part.pluck !== undefined ? rows.map((row) => row[part.pluck ?? '']) : rows;
  }
  const { affectedRows, insertId } = result as { affectedRows: number; insertId: number };
  if (method === 'insert') return insertId === 0 ? [] : [insertId];
  return method === 'update' || method === 'del' || method === 'counter' ? affectedRows : [];
}

function returningOf(statement: Statement): string[] {
  const { _single: single } = statement as { _single?: { returning?: unknown } };
  const names = single?.returning;
  if (typeof names === 'string') return [names];
  return Array.isArray(names) ? names.map(String) : [];
}

/** As `query`; what it fails with names columns. */
async function told(connection: Connection, text: string): Promise<unknown> {
  try {
    return await query(connection, text);
  } catch (error) {
    throw await withColumns(connection, error as QueryError, text);
  }
}

/** A duplicate is told with the name of an index; people know columns. */
async function withColumns(connection: Connection, error: QueryError, text: string): Promise<Error> {
  const index = error.errno === 1062 ? /for key '(.+)'$/.exec(error.message)?.[1] : undefined;
  const table = /^\s*(?:insert\s+(?:ignore\s+)?into|update)\s+(?:[`"][^`"]+[`"]\.)?[`"]([^`"]+)[`"]/i.exec(text)?.[1];
  if (index === undefined || table === undefined) return error;
  const find =
    'select column_name as name from information_schema.statistics where table_schema = database() and table_name = ? and index_name = ? order by seq_in_index';
  const rows = rowsOf(await query(connection, mariadbText(find, [table, index])));
  return Object.assign(error, { table, columns: rows.map((row) => String(row['name'])) });
}

/** Rows of what reads, the driver's report of what writes. */
function query(connection: Connection, text: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    connection.query(text, (error, result) => {
      if (error === null) return resolve(result);
      // It holds the values; whoever logs the error must not write them down.
      if ('sql' in error) delete error.sql;
      reject(error);
    });
  });
}

function rowsOf(result: unknown): Row[] {
  return Array.isArray(result) ? (result as Row[]) : [];
}

function usedOf(source: DataSource): number {
  const { driver } = source;
  const pool =
    'pool' in driver
      ? (driver.pool as { _allConnections?: { length: number }; _freeConnections?: { length: number } })
      : {};
  return (pool._allConnections?.length ?? 0) - (pool._freeConnections?.length ?? 0);
}
