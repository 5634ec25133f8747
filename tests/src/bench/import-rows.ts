import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { ApiClient } from '../support/api.js';
import { FrontOffice, removeFolder } from '../support/front-office.js';
import { importUntil, leadFolder, leads, sendLeads } from '../support/lead-import.js';
import { type Figure, figure } from './figure.js';

const ROWS = 50_000;

/** 50,000 rows, checked, stored with duplicates looked for and undone, beside a reader; against bare inserts of the same rows. */
export async function importRows(): Promise<Figure[]> {
  const { file, records } = leads(ROWS);
  const bare = bareInserts(records);
  const folder = leadFolder();
  const office = await FrontOffice.start(folder);
  try {
    const sam = await ApiClient.signedIn(office.url, 'sam', 'lumen-demo');
    const atRest = await answers(sam, () => new Promise((resolve) => setTimeout(resolve, 2000)));
    const { import: id } = await sendLeads(sam, file);
    await importUntil(sam, id);
    const pass = async (method: 'check' | 'run' | 'undo') => {
      const begun = performance.now();
      await sam.call(`imports.${method}`, { import: id });
      const status = await importUntil(sam, id);
      return { status, rate: (ROWS * 1000) / (performance.now() - begun) };
    };
    const checked = await pass('check');
    let ran: Awaited<ReturnType<typeof pass>> | undefined;
    const meanwhile = await answers(sam, async () => {
      ran = await pass('run');
    });
    const undone = await pass('undo');
    if (ran?.status.state !== 'done' || undone.status.state !== 'undone')
      throw new Error(`the import ended as ${ran?.status.state}, ${undone.status.state}`);
    const rate = (value: number) => Math.round(value).toLocaleString('en');
    return [
      figure({
        name: 'import-50k',
        ours: ran.rate,
        against: { 'better-sqlite3, inserts of 100 rows': bare },
        unit: '1/s',
        what: `rows of a file stored a second, with rights, forms, duplicates, blocking keys, an event each and undo, beside a reader (tried: ${rate(checked.rate)}, undone: ${rate(undone.rate)} a second); the reference stores six columns`,
      }),
      figure({
        name: 'import-50k-others',
        ours: percentile95(meanwhile),
        against: { 'the same at rest': percentile95(atRest) },
        unit: 'ms',
        what: '95 of 100 lists of 5 objects over HTTP take no longer while 50,000 rows are imported',
      }),
    ];
  } finally {
    await office.stop();
    removeFolder(folder);
  }
}

/** How long lists take, asked one after the other with short pauses as long as something runs; in milliseconds. */
async function answers(client: ApiClient, meanwhile: () => Promise<unknown>): Promise<number[]> {
  const state = { running: true };
  const end = meanwhile().finally(() => {
    state.running = false;
  });
  const times: number[] = [];
  while (state.running) {
    const begun = performance.now();
    await client.json('GET', '/api/objects/Customer?limit=5');
    times.push(performance.now() - begun);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await end;
  return times;
}

function percentile95(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN;
}

/** Rows a second into a file, by the fastest way that its driver has. */
function bareInserts(records: readonly string[][]): number {
  const folder = mkdtempSync(path.join(tmpdir(), 'caruso-bench-'));
  const database = new Database(path.join(folder, 'bare.db'));
  try {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.exec(
      'create table lead (lead_no text primary key, name text, email text, phone text, city text, note text)',
    );
    const size = 100;
    const insert = database.prepare(
      `insert into lead values ${Array.from({ length: size }, () => '(?, ?, ?, ?, ?, ?)').join(', ')}`,
    );
    const begun = performance.now();
    for (let from = 0; from < records.length; from += size)
      database.transaction(() => insert.run(records.slice(from, from + size).flat()))();
    return (records.length * 1000) / (performance.now() - begun);
  } finally {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
