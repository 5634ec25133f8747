import { createServiceManager } from '@caruso/service-manager';
import type { Log } from '@caruso/service-manager/contract';
import { CarusoError } from '@caruso/service-manager/contract';
import storageComponent from '@caruso/storage-manager';
import { Storage, type StorageApi } from '@caruso/storage-manager/contract';

export interface OpenedDatabase {
  url: string;
  managed: boolean;
}

/**
 * Runs `work` with one database open, under the name `target`, and nothing else: no component serves, no journal is written into it.
 *
 * @param folder where relative paths of SQLite begin
 */
export async function withDatabase<T>(
  folder: string,
  target: OpenedDatabase,
  log: Log,
  work: (storage: StorageApi) => Promise<T>,
): Promise<T> {
  const manager = createServiceManager({ log });
  // The journal needs a main database; this one is gone with the process.
  manager.install('storage', storageComponent, { databases: { main: 'sqlite::memory:', target }, folder });
  try {
    await manager.start();
    const node = manager.services.tree().find((each) => each.name === 'storage');
    if (node?.state !== 'active') throw storageNotReady(node?.reason);
    const storage = manager.use(Storage, '^1.0');
    const info = storage.databases().find((each) => each.name === 'target');
    if (info?.reachable !== true) throw unreachable(info?.reason);
    return await work(storage);
  } finally {
    await manager.stop();
  }
}

function storageNotReady(reason: string | undefined): CarusoError {
  return new CarusoError({
    code: 'STORAGE_NOT_READY',
    message: `The storage manager does not start: ${reason ?? 'for no reason it knows'}`,
    remedy: 'check the address of the database',
  });
}

function unreachable(reason: string | undefined): CarusoError {
  return new CarusoError({
    code: 'DATABASE_UNREACHABLE',
    message: `The database cannot be reached: ${reason ?? 'it does not answer'}`,
    remedy: 'check its address, and that it runs',
    status: 503,
  });
}
