import { CarusoError, type Clock, type Ids } from '@caruso/service-manager/contract';
import { createStorage, type OpenStorage } from '@caruso/storage-manager';

/** Storage for tests: SQLite in memory, PostgreSQL and MariaDB where a server answers, in databases of their own that go with it. */
interface TestDatabases {
  name: string;
  /** Undefined where no server answers. */
  open(clock: Clock): Promise<OpenStorage | undefined>;
}

const server = process.env['CARUSO_TEST_POSTGRES'] ?? 'postgres://root@127.0.0.1:5432/test';

const sqlite: TestDatabases = {
  name: 'SQLite',
  open: (clock) =>
    createStorage({ databases: { main: 'sqlite::memory:', billing: 'sqlite::memory:' }, clock, ids: counting() }),
};

const postgres: TestDatabases = {
  name: 'PostgreSQL',
  async open(clock) {
    const schema = `objects_${process.pid}_${Math.random().toString(36).slice(2, 8)}`;
    const names = { main: `${schema}_main`, billing: `${schema}_billing` };
    const databases = { main: `${server}?schema=${names.main}`, billing: `${server}?schema=${names.billing}` };
    try {
      const storage = await createStorage({ databases, clock, ids: counting() });
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
  async open(clock) {
    const names = ['main', 'billing'].map(
      (end) => `objects_${process.pid}_${Math.random().toString(36).slice(2, 8)}_${end}`,
    );
    const [main = '', billing = ''] = names.map((name) => mariadbServer.replace(/[^/]*$/, name));
    try {
      const storage = await createStorage({ databases: { main, billing }, clock, ids: counting() });
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
