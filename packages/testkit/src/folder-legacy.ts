import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import {
  appendFile,
  cp,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { falsify } from './falsify.js';
import type { Disorder, LegacySystem } from './legacy-system.js';

const DISORDERS = ['down', 'hangs', 'fails', 'page', 'lies', 'truncates', 'floods', 'drips'] as const;
/** Size of a file that no memory holds, in bytes. It has no content, so that it takes no room on the disk. */
const HUGE = 8 * 1024 ** 3;
const PAGE = '<!DOCTYPE html><html><body><h1>The share is being moved, ask the service desk</h1></body></html>\n';

/**
 * A legacy system that writes files into a folder: a copy of a folder of examples, whose files can be put out of order. Its files are
 * replaced as exports do it, by another file moved in their place, except where the disorder is that they are not.
 *
 * - `hangs`: named pipes that nobody writes to, on which a read waits for ever (not on Windows)
 * - `fails`: folders in the place of the files
 * - `drips`: the files are written anew, a line at a time, and never finished
 *
 * @param examples the folder with the files of a day on which all is well
 *
 * @example
 * const exports = await folderLegacy('services/price-lists.examples');
 */
export async function folderLegacy(examples: string): Promise<LegacySystem> {
  const place = await mkdtemp(join(tmpdir(), 'legacy-'));
  const address = join(place, 'exports');
  await cp(examples, address, { recursive: true });
  const folder = new DisorderlyFolder(address, examples, join(place, 'aside'));
  return {
    address,
    disorders: process.platform === 'win32' ? DISORDERS.filter((each) => each !== 'hangs') : DISORDERS,
    disturb: (disorder) => folder.disturb(disorder),
    restore: () => folder.restore(),
    traffic: () => undefined,
    close: async () => {
      await folder.stop();
      await rm(place, { recursive: true, force: true });
    },
  };
}

class DisorderlyFolder {
  #dripping: { on: boolean; last: Promise<void> }[] = [];
  #pipes: string[] = [];

  constructor(
    private readonly address: string,
    private readonly examples: string,
    private readonly aside: string,
  ) {}

  async disturb(disorder: Disorder): Promise<void> {
    if (disorder === 'down') {
      await rename(this.address, this.aside);
      return;
    }
    for (const name of await this.#files()) await this.#spoil(name, disorder);
  }

  async restore(): Promise<void> {
    await this.stop();
    await rm(this.address, { recursive: true, force: true });
    await rm(this.aside, { recursive: true, force: true });
    await cp(this.examples, this.address, { recursive: true });
  }

  /** Ends what drips, and lets go whoever waits at a pipe. */
  async stop(): Promise<void> {
    for (const drip of this.#dripping.splice(0)) {
      drip.on = false;
      await drip.last;
    }
    for (const pipe of this.#pipes.splice(0)) {
      const end = await open(pipe, constants.O_RDWR | constants.O_NONBLOCK).catch(() => undefined);
      await end?.write('\n').catch(() => undefined);
      await rm(pipe, { force: true });
      await end?.close();
    }
  }

  async #spoil(name: string, disorder: Disorder): Promise<void> {
    const file = join(this.address, name);
    const whole = await readFile(join(this.examples, name));
    switch (disorder) {
      case 'hangs':
        await rm(file);
        await promisify(execFile)('mkfifo', [file]);
        this.#pipes.push(file);
        return;
      case 'fails':
        await rm(file);
        await mkdir(file);
        return;
      case 'floods':
        await truncate(file, HUGE);
        return;
      case 'drips':
        return this.#dripInto(file, whole);
      case 'page':
        return this.#moveIn(file, Buffer.from(PAGE));
      case 'lies':
        // Bytes, not characters: the encoding of old exports is their own.
        return this.#moveIn(file, Buffer.from(falsify(whole.toString('latin1')), 'latin1'));
      default:
        return this.#moveIn(file, whole.subarray(0, Math.floor(whole.length / 2)));
    }
  }

  async #moveIn(file: string, content: Buffer): Promise<void> {
    const part = `${this.address}.part`;
    await writeFile(part, content);
    await rename(part, file);
  }

  async #dripInto(file: string, whole: Buffer): Promise<void> {
    await writeFile(file, '');
    const lines = whole.toString('latin1').split('\n').slice(0, -2);
    const drip = { on: true, last: Promise.resolve() };
    const pour = async (): Promise<void> => {
      for (const line of lines) {
        if (!drip.on) return;
        await appendFile(file, `${line}\n`, 'latin1');
        await sleep(20);
      }
    };
    drip.last = pour();
    this.#dripping.push(drip);
  }

  async #files(): Promise<string[]> {
    const entries = await readdir(this.examples, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  }
}
