import { type Clock, type Ids, type Log, systemClock } from '@caruso/service-manager/contract';
import type { JournalApi, StorageApi } from './contract.js';
import { Database } from './database.js';
import { type DatabaseDeclaration, resolveDatabases } from './database-settings.js';
import { type IntentRow, Intents, type PendingIntent } from './intents.js';
import { Journal } from './journal.js';
import { StorageManager } from './storage.js';
import { UnitsOfWork } from './unit-of-work.js';

export interface CreateStorageOptions {
  /** As in caruso.yaml; `main` is needed and must be managed. */
  databases: Record<string, DatabaseDeclaration>;
  /** Where relative paths of SQLite begin. Default: the working directory. */
  folder?: string;
  clock?: Clock;
  ids: Ids;
  log?: Log;
  /** Milliseconds that a turn, a lock or a connection is waited for. Default 10 000. */
  wait?: number;
  /** False only in the test that shows what the mutex of SQLite is for. */
  serialize?: boolean;
}

/** Databases and journal, opened. */
export interface OpenStorage {
  storage: StorageApi;
  journal: JournalApi;
  inspect(): object;
  /** Stops the consumers and closes every connection. */
  close(): Promise<void>;
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Opens databases and the journal. Throws DATABASE_UNREACHABLE when `main` does not answer; the others may come later.
 *
 * @example
 * const { storage, journal, close } = await createStorage({ databases: { main: 'sqlite::memory:' }, clock: new VirtualClock(), ids });
 * await storage.unitOfWork(async () => { await journal.append({ type: 'Case.created' }); });
 * await close();
 */
export async function createStorage(options: CreateStorageOptions): Promise<OpenStorage> {
  const { clock = systemClock, ids, log = silent, wait = 10_000, serialize = true } = options;
  const settings = resolveDatabases(options.databases, options.folder ?? process.cwd());
  const databases = new Map(
    settings.map((each) => [each.name, new Database({ settings: each, clock, log, wait, serialize })]),
  );
  const main = settings.find(({ name }) => name === 'main');
  if (main === undefined) throw new Error('unreachable: resolveDatabases demands main');

  const report = async (intent: PendingIntent, failure: string | undefined): Promise<void> => {
    log.error({ intent, failure }, 'a change over several databases is in doubt');
    await units.outside(() =>
      journal.append({
        type: 'Storage.changeInDoubt',
        data: {
          intent: intent.id,
          at: intent.at,
          databases: intent.databases,
          ...(failure === undefined ? {} : { failure }),
        },
      }),
    );
  };
  const intents = new Intents({ main, clock, ids, log, wait, report });
  const units = new UnitsOfWork({ databases, clock, ids, log, intents, wait });
  const storage = new StorageManager({ databases, units, clock, ids });
  const journal = new Journal({ storage, units, clock, ids, log });

  const close = async (): Promise<void> => {
    await journal.close();
    await intents.close();
    await Promise.all([...databases.values()].map((database) => database.close()));
    units.close();
  };
  try {
    await databases.get('main')?.open();
    await Promise.allSettled(
      [...databases.values()].filter(({ name }) => name !== 'main').map((database) => database.open()),
    );
    await storage.prepareOwnTables();
    await journal.start();
    await intents.recover(() => storage.query<IntentRow[]>('main', (knex) => knex('caruso_intent').orderBy('id')));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    storage,
    journal,
    close,
    inspect: () => ({
      databases: [...databases.values()].map((database) => database.inspect()),
      journal: journal.inspect(),
    }),
  };
}
