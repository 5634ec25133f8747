import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';

const shared: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  conditions: ['@caruso/source'],
  external: ['typeorm', 'knex', 'better-sqlite3', 'pg', 'mysql2', 'eventemitter3', 'zod', 'inversify'],
  logLevel: 'error',
};

/** Below node_modules, so that the bundle finds this package's dependencies. */
function outputOf(name: string): string {
  const folder = join(import.meta.dirname, '../node_modules/.children');
  mkdirSync(folder, { recursive: true });
  return join(folder, `${name}-${process.pid}.mjs`);
}

/** Makes a module of a text that uses this package by its name, and gives its path. */
export async function bundleText(name: string, contents: string): Promise<string> {
  const outfile = outputOf(name);
  const alias = { '@caruso/storage-manager': join(import.meta.dirname, 'index.ts') };
  await build({ ...shared, outfile, alias, stdin: { contents, resolveDir: import.meta.dirname, loader: 'ts' } });
  return outfile;
}

/** Starts a program of this package's tests in a process of its own, which a test can kill. */
export async function startChild(program: URL, args: string[]): Promise<ChildProcess> {
  const file = fileURLToPath(program);
  const outfile = outputOf(basename(file, '.ts'));
  await build({ ...shared, outfile, entryPoints: [file] });
  return fork(outfile, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] });
}

/** Resolves when the process has ended. */
export function ended(child: ChildProcess): Promise<void> {
  return child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('exit', () => resolve()));
}

/** Resolves with the first message of the process that is this one. */
export function message(child: ChildProcess, wanted: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on('message', (given) => {
      if (given === wanted) resolve();
    });
    child.once('exit', (code, signal) =>
      reject(new Error(`the child ended with ${code ?? signal} before it said ${wanted}`)),
    );
  });
}
