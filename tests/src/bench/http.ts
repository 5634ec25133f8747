import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { FrontOffice, makeFolder, removeFolder } from '../support/front-office.js';
import { startServer } from './child-server.js';
import { type Figure, figure, median } from './figure.js';

/** Start and memory of the utility front office, against bare fastify with better-sqlite3 on the same file. */
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
          startServer(bareArguments, /listening on (\S+)/).then((bare) => ({
            url: `${bare.url}/list`,
            stop: bare.stop,
          })),
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
  const bare = await startServer(bareArguments, /listening on (\S+)/);
  try {
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
  } finally {
    await bare.stop();
    await office.stop();
    removeFolder(folder);
  }
  return figures;
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
