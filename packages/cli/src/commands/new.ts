import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { folderNotEmpty } from '../errors.js';
import { ExitCode } from '../exit-code.js';
import { cliRoot } from '../places.js';
import { scaffold } from '../scaffold.js';
import { findVertical } from '../vertical.js';
import type { Invocation } from './command.js';

/** `caruso new`: a front office that is a small difference over a vertical. */
export async function create({ io, json }: Invocation, path: string, options: { extends: string }): Promise<number> {
  const folder = resolve(io.cwd, path);
  if (existsSync(folder) && readdirSync(folder).length > 0) throw folderNotEmpty(path);
  const vertical = findVertical(io, options.extends, folder);
  const id =
    basename(folder)
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, '-')
      .replace(/^[._-]+/, '') || 'front-office';
  const files = scaffold(id, vertical, ownVersion());
  for (const file of files) {
    mkdirSync(dirname(join(folder, file.path)), { recursive: true });
    writeFileSync(join(folder, file.path), file.text, { flag: 'wx' });
  }
  const installed = vertical.root !== undefined;
  if (json) {
    io.out(JSON.stringify({ folder, extends: vertical.name, installed, files: files.map((file) => file.path) }));
    return ExitCode.well;
  }
  const near = relative(io.cwd, folder) || '.';
  const shown = near.startsWith('..') ? folder : near;
  for (const file of files) io.out(`made ${join(shown, file.path)}`);
  io.out('');
  io.out('Next:');
  if (!installed) io.out(`  npm install --prefix ${shown}`);
  io.out(`  npx caruso check ${shown}`);
  io.out(`  npx caruso dev ${shown}`);
  return ExitCode.well;
}

function ownVersion(): string {
  return (JSON.parse(readFileSync(join(cliRoot, 'package.json'), 'utf8')) as { version: string }).version;
}
