import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ids } from '@caruso/service-manager/contract';
import pg from 'pg';

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
export function ownSchema(): { url: string; drop: () => Promise<void> } {
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
