import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Folder } from '@caruso/declarations';
import Database from 'better-sqlite3';
import { demoDatabaseFailed } from './errors.js';

/**
 * Makes each SQLite file that does not exist yet and has a `demo:` from those statements: the stand-in for a legacy system in a
 * demonstration. Made aside and moved, so that a crash leaves no half of it. Gives the names of the databases made.
 */
export function makeDemoDatabases(folder: Folder): string[] {
  return Object.entries(folder.manifest.databases).flatMap(([name, { url, demo }]) => {
    if (demo === undefined || !url.startsWith('sqlite:') || url === 'sqlite::memory:') return [];
    const file = resolve(folder.root, url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, ''));
    if (existsSync(file)) return [];
    make(name, file, demo);
    return [name];
  });
}

function make(name: string, file: string, statements: string): void {
  const aside = `${file}.part`;
  try {
    const sql = readFileSync(statements, 'utf8');
    mkdirSync(dirname(file), { recursive: true });
    rmSync(aside, { force: true });
    const database = new Database(aside);
    try {
      database.exec(sql);
    } finally {
      database.close();
    }
    renameSync(aside, file);
  } catch (error) {
    rmSync(aside, { force: true });
    throw demoDatabaseFailed(name, statements, error);
  }
}
