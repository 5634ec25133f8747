import type { Session } from './adapter.js';
import type { Database } from './database.js';
import { migrationBusy } from './errors.js';

/**
 * What is done by one connection at a time, of all processes: `own` makes Caruso's own tables, `ddl` runs a statement that changes tables.
 */
type Lock = 'own' | 'ddl';

/** Seconds that somebody else is waited for. */
const PATIENCE = 60;

/**
 * Runs `work` under a lock of the connection it is given; throws MIGRATION_BUSY where others keep the lock for a minute. MariaDB carries a
 * statement that changes tables to its end though the process that sent it was killed, and holds the connection's locks until then:
 * who waits for the lock under which it was sent waits for the statement.
 */
export async function underMariadbLock<T>(
  database: Database,
  lock: Lock,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  // At most 64 characters, and of this database alone: locks are the server's.
  const name = `concat('caruso_${lock}_', md5(database()))`;
  const text = `select get_lock(${name}, ${PATIENCE}) as taken`;
  const session = await database.session();
  let broken = true;
  try {
    const [row] = await database.guard(text, () => session.rows(text, []));
    if (Number(row?.['taken']) !== 1) throw migrationBusy(database.name, PATIENCE);
    try {
      return await work(session);
    } finally {
      // A connection that was lost has lost its locks.
      broken = await session.rows(`select release_lock(${name})`, []).then(
        () => false,
        () => true,
      );
    }
  } finally {
    // A connection that kept the lock would hand it to whoever gets it from the pool.
    await session.release(broken);
  }
}

/** Waits until no statement that changes tables is running; throws MIGRATION_BUSY after a minute. */
export async function ddlEnded(database: Database): Promise<void> {
  await underMariadbLock(database, 'ddl', async () => {});
}
