import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from './requirement.js';

const caruso = path.join(root, 'packages', 'cli', 'bin', 'caruso.js');

/** A company's own folder over an example, in a temporary place. */
export function makeFolder(example: 'utility' | 'banking', manifest = ''): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'caruso-e2e-'));
  const yaml = `caruso: 1\nname: Test\nextends: ${JSON.stringify(path.join(root, 'examples', example))}\nseed: true\n${manifest}`;
  writeFileSync(path.join(folder, 'caruso.yaml'), yaml);
  return folder;
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Runs the command line to its end. */
export async function runCaruso(
  args: string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [caruso, ...args], {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? -1, ...output };
}

/** A front office that runs in a process of its own. */
export class FrontOffice {
  readonly folder: string;
  readonly url: string;
  readonly #child: ChildProcess;
  #output: () => string;

  private constructor(folder: string, url: string, child: ChildProcess, output: () => string) {
    this.folder = folder;
    this.url = url;
    this.#child = child;
    this.#output = output;
  }

  /** Starts `caruso start` and waits until it says that it listens, or, of one of several nodes, what it runs. */
  static async start(
    folder: string,
    options: {
      env?: Record<string, string>;
      port?: number;
      command?: string[];
      args?: string[];
      ready?: RegExp;
      verb?: 'start' | 'dev';
    } = {},
  ): Promise<FrontOffice> {
    const ready = options.ready ?? /listening on (http:\/\/[^\s]+)/;
    const [command = process.execPath, ...first] = options.command ?? [process.execPath, caruso];
    const child = spawn(
      command,
      [...first, options.verb ?? 'start', folder, '--port', String(options.port ?? 0), ...(options.args ?? [])],
      {
        cwd: folder,
        env: { ...process.env, MAIL_PORT: '0', ...options.env },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let output = '';
    const url = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`caruso start did not listen within 60 s:\n${output}`)), 60_000);
      const read = (chunk: Buffer) => {
        output += chunk.toString();
        const found = ready.exec(output)?.[1];
        if (found === undefined) return;
        clearTimeout(timer);
        resolve(found.replace(/\/$/, ''));
      };
      child.stdout?.on('data', read);
      child.stderr?.on('data', read);
      child.once('exit', (code) => {
        clearTimeout(timer);
        reject(new Error(`caruso start ended with exit code ${code}:\n${output}`));
      });
    });
    return new FrontOffice(folder, url, child, () => output);
  }

  /** Everything it has printed so far. */
  get output(): string {
    return this.#output();
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (!this.running) return;
    const closed = once(this.#child, 'close');
    this.#child.kill(signal);
    await closed;
  }

  /** Waits until `probe` gives something; says what was printed when it does not. */
  async until<T>(what: string, probe: () => Promise<T | undefined> | T | undefined, timeout = 20_000): Promise<T> {
    return waitFor(what, probe, timeout, () => this.output);
  }
}

/** Polls `probe` until it gives a value. */
export async function waitFor<T>(
  what: string,
  probe: () => Promise<T | undefined> | T | undefined,
  timeout = 20_000,
  context: () => string = () => '',
): Promise<T> {
  const end = Date.now() + timeout;
  for (;;) {
    const value = await probe();
    if (value !== undefined) return value;
    if (Date.now() > end) throw new Error(`${what} did not happen within ${timeout} ms\n${context().slice(-4000)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
