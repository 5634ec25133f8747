import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import autocannon from 'autocannon';
import Database from 'better-sqlite3';
import { ApiClient } from '../support/api.js';
import { FrontOffice, makeFolder, removeFolder } from '../support/front-office.js';
import { type Figure, figure, median } from './figure.js';

const connections = 8;
const seconds = 3;

/** Start, memory, list of 50 and read by id of the utility front office, against bare fastify with better-sqlite3 on the same file. */
export async function http(wanted: (name: string) => boolean): Promise<Figure[]> {
  const folder = makeFolder('utility');
  const figures: Figure[] = [];
  const first = await FrontOffice.start(folder);
  await first.stop();
  const file = databaseFile(folder);
  const table = tableOf(file);
  const bareArguments = [path.join(import.meta.dirname, 'bare-server.js'), file, table.name, table.key];

  if (wanted('start')) {
    const ours: number[] = [];
    const reference: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      ours.push(
        await timeToAnswer(() =>
          FrontOffice.start(folder).then((office) => ({ url: `${office.url}/api/health`, stop: () => office.stop() })),
        ),
      );
      reference.push(
        await timeToAnswer(() =>
          startBare(bareArguments).then((bare) => ({ url: `${bare.url}/list`, stop: bare.stop })),
        ),
      );
    }
    figures.push(
      figure({
        name: 'start',
        ours: median(ours),
        against: { 'bare fastify': median(reference) },
        unit: 'ms',
        what: 'from the start of the process to its first answered request, with a database that is filled',
      }),
    );
  }
  const office = await FrontOffice.start(folder);
  const bare = await startBare(bareArguments);
  try {
    const client = await ApiClient.signedIn(office.url, 'anna', 'lumen-demo');
    const listed = await client.json<{ records: { key: string }[] }>('GET', '/api/objects/Connection?limit=50');
    const key = listed.records[0]?.key ?? '';
    if (wanted('memory')) {
      await new Promise((resolve) => setTimeout(resolve, 3000));
      figures.push(
        figure({
          name: 'memory',
          ours: residentMegabytes(office.pid),
          against: { 'bare fastify': residentMegabytes(bare.pid) },
          unit: 'MB',
          what: 'resident memory at rest, all components of the utility front office active',
        }),
      );
    }
    const compare = async (name: string, ours: string, reference: string, what: string) => {
      const headers = { cookie: client.cookieHeader };
      await load(`${office.url}${ours}`, headers, 1);
      await load(`${bare.url}${reference}`, {}, 1);
      const a = [];
      const b = [];
      for (let round = 0; round < 3; round += 1) {
        a.push(await load(`${office.url}${ours}`, headers, seconds));
        b.push(await load(`${bare.url}${reference}`, {}, seconds));
      }
      figures.push(figure({ name, ours: median(a), against: { 'bare fastify': median(b) }, unit: '1/s', what }));
    };
    if (wanted('rest-list')) {
      await compare(
        'rest-list',
        '/api/objects/Connection?limit=50',
        '/list',
        `lists of 50 objects a second, ${connections} connections, with sign-in and rights`,
      );
    }
    if (wanted('rest-read')) {
      await compare(
        'rest-read',
        `/api/objects/Connection/${key}`,
        `/read/${key}`,
        `objects read by key a second, ${connections} connections, with sign-in and rights`,
      );
    }
  } finally {
    await bare.stop();
    await office.stop();
    removeFolder(folder);
  }
  return figures;
}

async function load(url: string, headers: Record<string, string>, duration: number): Promise<number> {
  const result = await autocannon({ url, headers, connections, duration });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} answers were not 2xx, ${result.errors} errors`);
  return result.requests.average;
}

async function timeToAnswer(start: () => Promise<{ url: string; stop: () => Promise<void> }>): Promise<number> {
  const begin = performance.now();
  const started = await start();
  const answer = await fetch(started.url);
  if (!answer.ok) throw new Error(`${started.url} answered ${answer.status}`);
  const time = performance.now() - begin;
  await started.stop();
  return time;
}

function startBare(args: string[]): Promise<{ url: string; pid: number; stop: () => Promise<void> }> {
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the bare server ended with exit code ${code}`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      const url = /listening on (\S+)/.exec(chunk.toString())?.[1];
      if (url === undefined) return;
      const stop = () =>
        new Promise<void>((done) => {
          child.removeAllListeners('exit');
          child.once('exit', () => done());
          child.kill();
        });
      resolve({ url, pid: child.pid ?? -1, stop });
    });
  });
}

function databaseFile(folder: string): string {
  const file = path.join(folder, 'data', 'lumen.db');
  if (!existsSync(file)) throw new Error(`${file} was not made`);
  return file;
}

/** The table of connections, as the model made it: 56 rows of demo data. */
function tableOf(file: string): { name: string; key: string } {
  const database = new Database(file, { readonly: true });
  const rows = database
    .prepare(
      "select m.name as name, p.name as key from sqlite_master m, pragma_table_info(m.name) p where m.type = 'table' and p.pk = 1 and lower(m.name) = 'connection'",
    )
    .all() as { name: string; key: string }[];
  database.close();
  const [row] = rows;
  if (row === undefined) throw new Error('the table of connections is not there');
  return row;
}

function residentMegabytes(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}
