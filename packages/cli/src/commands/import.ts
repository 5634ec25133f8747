import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { importModel, type ModelText, mergeImport } from '@caruso/business-objects';
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
  const present = modelTexts(folder);
  const merged: { path: string; added: string[] }[] = [];
  const changed =
    options.force === true
      ? files.map((file) => ({ ...file, added: [], isNew: true }))
      : mergeImport(present, files).filter(({ path, isNew }) => !isNew || !existsSync(join(folder, path)));
  for (const { path, text, added, isNew } of changed) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    if (isNew) written.push(path);
    else merged.push({ path, added });
  }
  const touched = new Set(changed.map(({ path }) => path));
  const kept = present.map(({ path }) => path).filter((path) => !touched.has(path));
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
        merged,
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
  for (const { path, added } of merged) io.out(`added to ${join(shown, path)}: ${added.join(', ')}`);
  for (const path of kept) io.out(`kept  ${join(shown, path)}`);
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

/** The model files there are. */
function modelTexts(folder: string): ModelText[] {
  const directory = join(folder, 'model');
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => ({ path: `model/${name}`, text: readFileSync(join(directory, name), 'utf8') }));
}
