import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const present = spawnSync('nats-server', ['--version']).status === 0;
const remedy = 'no nats-server found: install the package nats-server';

/** `test` where a NATS server can be started; else skipped with one line, or failing where nothing may be skipped. */
export const natsTest: typeof test = (() => {
  if (present) return test;
  if (process.env['CARUSO_REQUIRE_ALL']) test('has what it needs', () => expect(remedy).toBe(''));
  else console.log(`skipped: ${remedy}`);
  return test.skip as unknown as typeof test;
})();

/** A NATS server of a test's own, so that it may be stopped and started again. */
export class NatsServer {
  #child: ChildProcess | undefined;
  #port = -1;

  /** Undefined where there is no nats-server; the tests that need it are skipped then. */
  static async start(): Promise<NatsServer> {
    const server = new NatsServer();
    if (present) await server.resume();
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.#port}`;
  }

  /** Starts it again, on the port it had. */
  async resume(): Promise<void> {
    const child = spawn('nats-server', ['-a', '127.0.0.1', '-p', String(this.#port)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child = child;
    let output = '';
    this.#port = await new Promise<number>((resolve, reject) => {
      child.stderr.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const port = /client connections on 127\.0\.0\.1:(\d+)/.exec(output)?.[1];
        if (port !== undefined && output.includes('Server is ready')) resolve(Number(port));
      });
      child.once('exit', () => reject(new Error(`nats-server ended: ${output}`)));
    });
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}

/** Polls until `probe` holds. */
export async function until(what: string, probe: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 1_500; turn++) {
    if (await probe()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`did not happen: ${what}`);
}

/** Starts a program of this folder in a process of its own, which a test can kill; resolves when it says that it is ready. */
export async function startNode(args: string[]): Promise<ChildProcess> {
  // Below node_modules, so that the bundle finds this package's dependencies.
  const folder = path.join(import.meta.dirname, '../../node_modules/.children');
  mkdirSync(folder, { recursive: true });
  const outfile = path.join(folder, `node-${process.pid}.mjs`);
  await build({
    entryPoints: [path.join(import.meta.dirname, 'node.test.child.ts')],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  });
  const child = fork(outfile, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] });
  await once(child, 'message');
  return child;
}
