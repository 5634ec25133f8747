import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import objects from '@caruso/business-objects';
import { createDeclarations, folderOf } from '@caruso/declarations';
import scripts from '@caruso/script-engine';
import { Scripts, type View } from '@caruso/script-engine/contract';
import { createServiceManager } from '@caruso/service-manager';
import { actingAs, type Principal } from '@caruso/service-manager/contract';
import storage from '@caruso/storage-manager';
import { Storage } from '@caruso/storage-manager/contract';
import { postgres, postgresUrl, root } from '../support/requirement.js';
import { type Figure, figure, median, type Outcome } from './figure.js';
import { answerTo, scriptOf } from './question-script.js';

const questions = 20;
const sessions = 25;
const anna: Principal = { kind: 'user', id: 'anna', name: 'Anna', roles: ['agent'] };

/**
 * Answers of a running session through its contract, until they are durable: checked, judged, walked, event, session, visit and
 * journal in one transaction, and the view made. XState and survey-core keep nothing durably, so there is no peer to hold this against.
 */
export async function scriptDurable(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'caruso-bench-scripts-'));
  try {
    const sqlite = await times(`sqlite:${path.join(folder, 'bench.db')}`);
    const against: Record<string, Outcome> = { 'the median of the same': median(sqlite) };
    if (postgres.present) {
      const server = await times(`${postgresUrl}?schema=caruso_bench_${process.pid}`);
      against['p99 on PostgreSQL'] = p99(server);
      against['the median on PostgreSQL'] = median(server);
    } else against['p99 on PostgreSQL'] = { missing: postgres.remedy };
    return [
      figure({
        name: 'script-durable',
        ours: p99(sqlite),
        unit: 'ms',
        what: `p99 of ${sqlite.length} answers until each is durable on SQLite, one after the other, through the contract`,
        against,
      }),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function p99(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.99) - 1] ?? Number.NaN;
}

/** Milliseconds of each answer. */
async function times(main: string): Promise<number[]> {
  const manager = createServiceManager({});
  const model = path.join(root, 'packages/script-engine/declarations/model');
  const files = readdirSync(model).map((name) => [`model/${name}`, readFileSync(path.join(model, name), 'utf8')]);
  const folder = folderOf({ ...Object.fromEntries(files), 'scripts/bench.xml': scriptOf(questions) });
  manager.install('declarations', createDeclarations(folder).component);
  manager.install('storage', storage, { databases: { main }, folder: tmpdir() });
  manager.install('objects', objects);
  manager.install('scripts', scripts);
  await manager.start();
  const client = manager.use(Scripts, '^1.0');
  const schema = new URL(main).searchParams.get('schema');
  const measured: number[] = [];
  await actingAs(anna, async () => {
    for (let session = 0; session < sessions; session += 1) {
      let view: View = await client.start({ script: 'bench', channel: 'agent' });
      while (view.step !== null) {
        const to = { session: view.session, seq: view.seq, messageId: `m${view.seq}` };
        const begin = performance.now();
        view = await client.answer({ ...to, answers: answerTo(view.step?.id ?? '') });
        // The first sessions warm up.
        if (session >= 5) measured.push(performance.now() - begin);
      }
    }
  });
  if (schema !== null) {
    await manager.use(Storage, '^1.0').query('main', (knex) => knex.raw(`drop schema if exists ${schema} cascade`));
  }
  await manager.stop();
  return measured;
}
