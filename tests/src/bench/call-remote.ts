import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { type Figure, figure, median, type Outcome } from './figure.js';
import { installPeers, versionOf } from './peers.js';

const rounds = 3;

/** Calls between two processes over a NATS server of the benchmark's own. */
export async function callRemote(): Promise<Figure[]> {
  const server = await startNats();
  if (server === undefined) {
    console.error('call-remote left out: no nats-server found: install the package nats-server');
    return [];
  }
  try {
    await installPeers();
    const moleculer = versionOf('moleculer');
    const names = ['caruso', 'nats', ...(moleculer === undefined ? [] : ['moleculer'])];
    const rates = new Map<string, number[]>(names.map((name) => [name, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const name of names) rates.get(name)?.push(await measure(name, server.url));
    }
    const of = (name: string) => median(rates.get(name) ?? []);
    const missing = { missing: 'moleculer is not installed; it needs the network once' };
    const against: Record<string, Outcome> = {
      [`moleculer ${moleculer ?? ''}`.trim()]: moleculer === undefined ? missing : of('moleculer'),
      "NATS' own request": of('nats'),
    };
    const what =
      'calls a second between two processes over NATS, 64 in flight: checked at both ends, principal, deadline and trace carried; moleculer checks nothing';
    return [figure({ name: 'call-remote', ours: of('caruso'), unit: '1/s', what, against })];
  } finally {
    server.child.kill();
  }
}

async function measure(name: string, url: string): Promise<number> {
  const script = path.join(import.meta.dirname, 'remote-task.js');
  // The channel ends the server should this process die.
  const serving = spawn(process.execPath, [script, 'serve', name, url], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const calling = once(serving.stdout as NodeJS.ReadableStream, 'data').then(async () => {
    const caller = spawn(process.execPath, [script, 'call', name, url], { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    caller.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
    const [code] = (await once(caller, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`calling ${name} over NATS ended with exit code ${code}`);
    return Number(printed);
  });
  const early = once(serving, 'exit').then(([code]) => {
    throw new Error(`serving ${name} over NATS ended with exit code ${code}`);
  });
  try {
    return await Promise.race([calling, early]);
  } finally {
    early.catch(() => {});
    serving.kill();
  }
}

/** Undefined where there is no nats-server. */
async function startNats(): Promise<{ url: string; child: ChildProcess } | undefined> {
  const child = spawn('nats-server', ['-a', '127.0.0.1', '-p', '-1'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  return new Promise((resolve, reject) => {
    child.once('error', () => resolve(undefined));
    child.once('exit', () => reject(new Error(`nats-server ended: ${output}`)));
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const port = /client connections on 127\.0\.0\.1:(\d+)/.exec(output)?.[1];
      if (port === undefined || !output.includes('Server is ready')) return;
      child.removeAllListeners('exit');
      resolve({ url: `nats://127.0.0.1:${port}`, child });
    });
  });
}
