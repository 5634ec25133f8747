import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { importModel } from '@caruso/business-objects';
import { createLog } from '@caruso/service-manager';
import { readDatabaseUrl } from '../database-url.js';
import { ExitCode } from '../exit-code.js';
import { progress } from '../io.js';
import { newManifest, withDatabaseEntry } from '../manifest-edit.js';
import { plural } from '../report.js';
import { withDatabase } from '../storage-only.js';
import type { Invocation } from './command.js';

export interface ImportOptions {
  into: string;
  database?: string;
  force?: boolean;
}

/** `caruso import`: model files for a database there is. The database is only read. */
export async function importDatabase({ io, json }: Invocation, given: string, options: ImportOptions): Promise<number> {
  const folder = resolve(io.cwd, options.into);
  const address = readDatabaseUrl(given, io.cwd, folder, options.database);
  const log = createLog({ level: 'silent' });
  const read = () =>
    withDatabase(io.cwd, { url: address.url, managed: false }, log, (storage) => storage.introspect('target'));
  const schema = json ? await read() : await progress(io, 'Reading the database', read);
  const { files, notes } = importModel({ ...schema, database: address.name }, { database: address.name });
  const written: string[] = [];
  const kept: string[] = [];
  for (const file of files) {
    const path = join(folder, file.path);
    if (existsSync(path) && options.force !== true) {
      kept.push(file.path);
      continue;
    }
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file.text);
    written.push(file.path);
  }
  const manifest = join(folder, 'caruso.yaml');
  const before = existsSync(manifest) ? readFileSync(manifest, 'utf8') : undefined;
  const after = before === undefined ? newManifest(basename(folder), address) : withDatabaseEntry(before, address);
  mkdirSync(folder, { recursive: true });
  if (after !== before) writeFileSync(manifest, after);
  if (json) {
    const { name: database, variable } = address;
    io.out(
      JSON.stringify({
        database,
        folder,
        written,
        kept,
        manifest: after !== before,
        variable: variable ?? null,
        notes,
      }),
    );
    return ExitCode.well;
  }
  const shown = relative(io.cwd, folder) || '.';
  for (const path of written) io.out(`wrote ${join(shown, path)}`);
  for (const path of kept) io.out(`kept  ${join(shown, path)} (--force writes over it)`);
  if (after !== before) io.out(`wrote ${join(shown, 'caruso.yaml')}: database '${address.name}', never altered`);
  for (const note of notes) io.out(`note: ${note}`);
  io.out(
    `${plural(schema.tables.filter((each) => each.kind === 'table').length, 'table')} and ${plural(schema.tables.filter((each) => each.kind === 'view').length, 'view')} read`,
  );
  if (address.variable !== undefined)
    io.out(`Set ${address.variable} to the address of the database; it holds a password and was not written down.`);
  io.out(`Next: npx caruso check ${shown}, then npx caruso start ${shown}`);
  return ExitCode.well;
}
