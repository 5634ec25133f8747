import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CarusoError, type Clock, type Ids } from '@caruso/service-manager/contract';
import { createStorage, type OpenStorage } from '@caruso/storage-manager';

/** Storage for tests: SQLite in memory, PostgreSQL and MariaDB where a server answers, in databases of their own that go with it. */
interface TestDatabases {
  name: string;
  /**
   * Undefined where no server answers. With `legacy`, `billing` is the database of a system that is not ours, in which these statements
   * were run.
   */
  open(clock: Clock, legacy?: readonly string[]): Promise<OpenStorage | undefined>;
}

/** Opens `main` and `billing`; for a legacy one first as its owner, who makes its tables. */
async function openBoth(
  main: string,
  billing: string,
  clock: Clock,
  legacy: readonly string[] | undefined,
): Promise<OpenStorage> {
  const both = (managed: boolean) =>
    createStorage({ databases: { main, billing: { url: billing, managed } }, clock, ids: counting() });
  if (legacy === undefined) return both(true);
  const owner = await both(true);
  for (const statement of legacy) await owner.storage.query('billing', (knex) => knex.raw(statement));
  await owner.close();
  return both(false);
}

const server = process.env['CARUSO_TEST_POSTGRES'] ?? 'postgres://root@127.0.0.1:5432/test';

const sqlite: TestDatabases = {
  name: 'SQLite',
  async open(clock, legacy) {
    const folder = mkdtempSync(join(tmpdir(), 'caruso-objects-'));
    const billing = legacy === undefined ? 'sqlite::memory:' : `sqlite:${join(folder, 'billing.db')}`;
    const opened = await openBoth('sqlite::memory:', billing, clock, legacy);
    const close = async () => {
      await opened.close();
      rmSync(folder, { recursive: true, force: true });
    };
    return { ...opened, close };
  },
};

const postgres: TestDatabases = {
  name: 'PostgreSQL',
  async open(clock, legacy) {
    const schema = `objects_${process.pid}_${Math.random().toString(36).slice(2, 8)}`;
    const names = { main: `${schema}_main`, billing: `${schema}_billing` };
    const url = (name: string) => `${server}?schema=${name}`;
    try {
      const storage = await openBoth(url(names.main), url(names.billing), clock, legacy);
      const close = async () => {
        for (const name of Object.values(names))
          await storage.storage.query('main', (knex) => knex.raw(`drop schema if exists "${name}" cascade`));
        await storage.close();
      };
      return { ...storage, close };
    } catch (error) {
      if (!(error instanceof CarusoError) || error.code !== 'DATABASE_UNREACHABLE' || process.env['CARUSO_REQUIRE_ALL'])
        throw error;
      process.stderr.write(`skipped: ${error.message}; start PostgreSQL at ${server}, or set CARUSO_TEST_POSTGRES\n`);
      return undefined;
    }
  },
};

const mariadbServer = process.env['CARUSO_TEST_MARIADB'] ?? 'mariadb://root@127.0.0.1:3306/test';

const mariadb: TestDatabases = {
  name: 'MariaDB',
  async open(clock, legacy) {
    const names = ['main', 'billing'].map(
      (end) => `objects_${process.pid}_${Math.random().toString(36).slice(2, 8)}_${end}`,
    );
    const [main = '', billing = ''] = names.map((name) => mariadbServer.replace(/[^/]*$/, name));
    try {
      const storage = await openBoth(main, billing, clock, legacy);
      const close = async () => {
        for (const name of names)
          await storage.storage.query('main', (knex) => knex.raw(`drop database if exists "${name}"`));
        await storage.close();
      };
      return { ...storage, close };
    } catch (error) {
      if (!(error instanceof CarusoError) || error.code !== 'DATABASE_UNREACHABLE' || process.env['CARUSO_REQUIRE_ALL'])
        throw error;
      process.stderr.write(
        `skipped: ${error.message}; start MariaDB at ${mariadbServer}, or set CARUSO_TEST_MARIADB\n`,
      );
      return undefined;
    }
  },
};

export const testDatabases = [sqlite, postgres, mariadb];

/** Ids that are the same in every run. */
export function counting(): Ids {
  let next = 0;
  return { next: () => `id${String(++next).padStart(6, '0')}` };
}
