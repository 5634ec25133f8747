import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '@caruso/service-manager/contract';
import type { Database } from './database.js';
import { backupFailed } from './errors.js';

/** Copies of one database that are kept. */
const KEPT = 5;

/**
 * Copies a SQLite file into `backups` beside it and gives the path of the copy; undefined for databases that are no file. The oldest
 * copies beyond five go. Throws BACKUP_FAILED.
 */
export async function backUp(database: Database, clock: Clock): Promise<string | undefined> {
  const { adapter, settings } = database;
  if (adapter.backup === undefined || settings.location === ':memory:' || !existsSync(settings.location))
    return undefined;
  const folder = join(dirname(settings.location), 'backups');
  const name = basename(settings.location);
  const to = join(folder, `${name}.${new Date(clock.now()).toISOString().replaceAll(':', '-')}`);
  const unfinished = `${to}.unfinished`;
  const turn = await database.turn('a backup');
  try {
    mkdirSync(folder, { recursive: true });
    rmSync(unfinished, { force: true });
    await adapter.backup(unfinished);
    // Whole or not there at all, whatever happens meanwhile.
    renameSync(unfinished, to);
    const copies = readdirSync(folder).filter((file) => file.startsWith(`${name}.`) && file.endsWith('Z'));
    for (const old of copies.sort().slice(0, -KEPT)) rmSync(join(folder, old), { force: true });
    return to;
  } catch (error) {
    throw backupFailed(database.name, folder, error);
  } finally {
    turn.end();
  }
}
