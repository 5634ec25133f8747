import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { root } from '../support/requirement.js';

/** Libraries to compare with: listed in the workspace, installed in a folder of their own outside of it. */
class Peers {
  readonly folder: string;
  readonly #listed: string;
  readonly #files: readonly string[];
  readonly #command: readonly string[];
  #installing: Promise<void> | undefined;

  constructor(listed: string, folder: string, files: readonly string[], command: readonly string[]) {
    this.#listed = path.join(root, 'tests', listed);
    this.folder = path.join(root, '.caruso-bench', folder);
    this.#files = files;
    this.#command = command;
  }

  /** Installs them unless they are there. Where that fails, those that are missing are told and the rest goes on. */
  install(): Promise<void> {
    this.#installing ??= this.#install();
    return this.#installing;
  }

  /** The peer's version, undefined where it is not installed. */
  versionOf(peer: string): string | undefined {
    const manifest = path.join(this.folder, 'node_modules', peer, 'package.json');
    if (!existsSync(manifest)) return undefined;
    return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
  }

  /** Loads an installed peer; its interface is declared by who uses it, because the workspace does not have its types. */
  load<T>(peer: string): T {
    return createRequire(path.join(this.folder, 'package.json'))(peer) as T;
  }

  async #install(): Promise<void> {
    const stamp = path.join(this.folder, '.installed');
    const wanted = this.#files.map((file) => readFileSync(path.join(this.#listed, file), 'utf8')).join('');
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
    console.error('▸ Installing what is compared with');
    mkdirSync(this.folder, { recursive: true });
    for (const file of this.#files) copyFileSync(path.join(this.#listed, file), path.join(this.folder, file));
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const code = await new Promise<number | null>((resolve) => {
      // Standard output is for the figures.
      const child = spawn(npm, [...this.#command, '--no-audit', '--no-fund', '--loglevel=error'], {
        cwd: this.folder,
        stdio: ['ignore', 2, 2],
      });
      child.once('error', () => resolve(null));
      child.once('exit', resolve);
    });
    if (code === 0) writeFileSync(stamp, wanted);
    else console.error('The peers could not be installed (no network?); figures go without those that are not there.');
  }
}

/** Those of the service manager, the scripts and the routing. */
const peers = new Peers('bench-peers', 'peers', ['package.json', 'package-lock.json'], ['ci', '--ignore-scripts']);

/** Some 1,000 packages, three of them compiled: apart from the others, for whoever measures REST. */
export const directusPeer = new Peers('bench-peers/directus', 'directus', ['package.json'], ['install']);

export const installPeers = () => peers.install();
export const versionOf = (peer: string) => peers.versionOf(peer);
export const loadPeer = <T>(peer: string): T => peers.load<T>(peer);
