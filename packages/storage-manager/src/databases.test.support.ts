import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ids } from '@caruso/service-manager/contract';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import type { Dialect } from './contract.js';

/** Fixtures of this package's own tests: databases that each test has for itself. */

let base: string | undefined;
let folders = 0;

/** A folder that goes with the test process. */
export function tempFolder(): string {
  if (base === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'caruso-storage-'));
    process.on('exit', () => rmSync(made, { recursive: true, force: true }));
    base = made;
  }
  const folder = join(base, String(++folders));
  mkdirSync(folder);
  return folder;
}

/** The script of the Northwind database; undefined, with a line that says so, where the shared data is absent. */
export function northwindScript(): string | undefined {
  const shared = process.env['CARUSO_SHARED_DATA'] ?? join(import.meta.dirname, '../../../../shared/data');
  const file = join(shared, 'legacy-northwind/create.sql');
  if (existsSync(file)) return readFileSync(file, 'utf8');
  if (process.env['CARUSO_REQUIRE_ALL'] !== undefined && process.env['CARUSO_SHARED_DATA'] !== undefined)
    throw new Error(`${file} is missing`);
  console.warn(`skipped: no ${file}; set CARUSO_SHARED_DATA to the folder that holds legacy-northwind`);
  return undefined;
}

/** Identifiers in order, different in every call. */
export function countingIds(prefix = 'id'): Ids {
  let last = 0;
  return { next: () => `${prefix}-${String(++last).padStart(8, '0')}` };
}

const server = process.env['CARUSO_TEST_POSTGRES'] ?? 'postgres://root@127.0.0.1:5432/test';

/** The PostgreSQL server for tests; undefined, with a line that says so, where there is none. */
export async function postgresServer(): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: server, connectionTimeoutMillis: 3000 });
  try {
    await client.connect();
    await client.end();
    return server;
  } catch (error) {
    if (process.env['CARUSO_REQUIRE_ALL'] !== undefined) throw error;
    console.warn(`skipped: no PostgreSQL at ${new URL(server).host}; start one, or set CARUSO_TEST_POSTGRES to a url`);
    return undefined;
  }
}

let schemas = 0;

/** A schema of its own on the server, and the way to drop it. */
export function ownSchema(): OwnDatabase {
  const schema = `caruso_storage_${process.pid}_${++schemas}`;
  return {
    url: `${server}?schema=${schema}`,
    async drop() {
      const client = new pg.Client({ connectionString: server });
      await client.connect();
      await client.query(`drop schema if exists ${schema} cascade`);
      await client.end();
    },
  };
}

const mariadb = process.env['CARUSO_TEST_MARIADB'] ?? 'mariadb://root@127.0.0.1:3306/test';

/** Connects to the MariaDB server for tests, without a database of its own. */
async function onMariadb<T>(work: (run: (sql: string) => Promise<unknown>) => Promise<T>): Promise<T> {
  const connection = await createConnection(mariadb.replace(/^mariadb:/, 'mysql:'));
  try {
    return await work((sql) => connection.query(sql));
  } finally {
    await connection.end();
  }
}

/** The MariaDB server for tests; undefined, with a line that says so, where there is none. */
export async function mariadbServer(): Promise<string | undefined> {
  try {
    await onMariadb(async () => {});
    return mariadb;
  } catch (error) {
    if (process.env['CARUSO_REQUIRE_ALL'] !== undefined) throw error;
    console.warn(`skipped: no MariaDB at ${new URL(mariadb).host}; start one, or set CARUSO_TEST_MARIADB to a url`);
    return undefined;
  }
}

let databases = 0;

/** A database of its own on the MariaDB server, made when it is first opened, and the way to drop it. */
export function ownMariadb(): OwnDatabase {
  const name = `caruso_storage_${process.pid}_${++databases}`;
  return {
    url: mariadb.replace(/[^/]*$/, name),
    drop: () => onMariadb(async (run) => void (await run(`drop database if exists ${name}`))),
  };
}

/** A database that one test has for itself. */
export interface OwnDatabase {
  url: string;
  drop: () => Promise<void>;
}

/** Every kind of database, and whether it is there. */
export const testDatabases: { dialect: Dialect; available: boolean; own: () => OwnDatabase }[] = [
  {
    dialect: 'sqlite',
    available: true,
    own: () => ({ url: `sqlite:${join(tempFolder(), 'main.db')}`, drop: async () => {} }),
  },
  { dialect: 'postgres', available: (await postgresServer()) !== undefined, own: ownSchema },
  { dialect: 'mariadb', available: (await mariadbServer()) !== undefined, own: ownMariadb },
];

/** The servers that are there. */
export const testServers = testDatabases.filter(({ dialect, available }) => dialect !== 'sqlite' && available);
