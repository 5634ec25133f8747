import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { root } from '../support/requirement.js';

/** Where the peers are listed, and the folder of their own that they are installed in, outside the workspace. */
const listed = path.join(root, 'tests', 'bench-peers');
const folder = path.join(root, '.caruso-bench', 'peers');
const files = ['package.json', 'package-lock.json'];

let installing: Promise<void> | undefined;

/** Installs the peers unless they are there. Where that fails, those that are missing are told and the rest goes on. */
export function installPeers(): Promise<void> {
  installing ??= install();
  return installing;
}

async function install(): Promise<void> {
  const stamp = path.join(folder, '.installed');
  const wanted = files.map((file) => readFileSync(path.join(listed, file), 'utf8')).join('');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('▸ Installing what is compared with');
  mkdirSync(folder, { recursive: true });
  for (const file of files) copyFileSync(path.join(listed, file), path.join(folder, file));
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const code = await new Promise<number | null>((resolve) => {
    // Standard output is for the figures.
    const child = spawn(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      stdio: ['ignore', 2, 2],
    });
    child.once('error', () => resolve(null));
    child.once('exit', resolve);
  });
  if (code === 0) writeFileSync(stamp, wanted);
  else console.error('The peers could not be installed (no network?); figures go without those that are not there.');
}

/** The peer's version, undefined where it is not installed. */
export function versionOf(peer: string): string | undefined {
  const manifest = path.join(folder, 'node_modules', peer, 'package.json');
  if (!existsSync(manifest)) return undefined;
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

/** Loads an installed peer; its interface is declared by who uses it, because the workspace does not have its types. */
export function loadPeer<T>(peer: string): T {
  return createRequire(path.join(folder, 'package.json'))(peer) as T;
}
