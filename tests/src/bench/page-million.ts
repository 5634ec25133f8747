import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { ApiClient } from '../support/api.js';
import { FrontOffice, removeFolder } from '../support/front-office.js';
import { type Figure, figure } from './figure.js';

const rows = 1_000_000;
const requests = 200;
const atOnce = 4;
/** Milliseconds that the first page may take. */
const goal = 200;

const files = {
  'caruso.yaml': 'caruso: 1\nname: Million\nseed: true\ndatabases:\n  main: sqlite:./data/main.db\n',
  'model/contact.yaml': `object: Contact
attributes:
  no: { type: integer, key: true }
  name: { type: text, required: true, search: true, length: 80, index: true }
  city: { type: text, length: 60, index: true }
  segment: { type: one of, values: [household, business, key account], required: true, index: true }
  since: { type: date, required: true, index: true }
  balance: { type: money, currency: EUR, required: true }
indexes:
  - [segment, -since]
rights:
  agent: { read: "segment <> 'key account' or city = user.city" }
`,
  'seed/10-users.yaml':
    '- call: users.define\n  with: { user: anna, name: Anna, roles: [agent], attributes: { city: City 7 }, password: bench-anna-1 }\n',
};

/** First pages of a list, as people open, sort and narrow them: 2,000 rows in a city, 87,000 since 2025. */
const pages = ['', 'sort=-since', 'sort=name', "where=city = 'City 42'&sort=name", "where=since >= date('2025-01-01')"];
/** A fifth of all rows, in another order: the model declares an index over both. */
const wide = ["where=segment = 'business'&sort=-since"];

/** How long the first page of a list takes where there are a million rows, row rights on. */
export async function pageMillion(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'caruso-bench-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    // The tables are made by the first start.
    await (await FrontOffice.start(folder)).stop();
    fill(path.join(folder, 'data', 'main.db'));
    const office = await FrontOffice.start(folder);
    try {
      const anna = await ApiClient.signedIn(office.url, 'anna', 'bench-anna-1');
      const ask = async (query: string): Promise<number> => {
        const address = `/api/objects/Contact?limit=50&${new URLSearchParams(query).toString()}`;
        const begin = performance.now();
        const { records } = await anna.json<{ records: unknown[] }>('GET', address);
        if (records.length !== 50) throw new Error(`${query}: ${records.length} records`);
        return performance.now() - begin;
      };
      const measured = async (name: string, asked: readonly string[], what: string): Promise<Figure> => {
        for (const query of asked) await ask(query);
        const times: number[] = [];
        const queue = Array.from({ length: requests }, (_, at) => asked[at % asked.length] ?? '');
        const work = async () => {
          for (let query = queue.pop(); query !== undefined; query = queue.pop()) times.push(await ask(query));
        };
        await Promise.all(Array.from({ length: atOnce }, work));
        const ours = times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1] ?? Number.NaN;
        const said = `95th percentile of ${requests} first pages over ${rows.toLocaleString('en')} rows, row rights on, ${atOnce} at once: ${what}`;
        return figure({ name, ours, against: { 'the goal': goal }, unit: 'ms', what: said });
      };
      return [
        await measured('page-million', pages, 'plain, sorted, filtered'),
        await measured('page-million-wide', wide, 'filtered by what a fifth of them have, sorted by something else'),
      ];
    } finally {
      await office.stop();
    }
  } finally {
    removeFolder(folder);
  }
}

function fill(file: string): void {
  const database = new Database(file);
  database
    .prepare(
      `insert into contact (no, name, city, segment, since, balance, caruso_version)
       with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
       select i, 'Name ' || (i * 7919 % 1000003), 'City ' || (i * 31 % 500),
         case i % 10 when 0 then 'key account' when 1 then 'business' when 2 then 'business' else 'household' end,
         date('2015-01-01', '+' || (i * 104729 % 4000) || ' days'), i * 37 % 100000, 1 from n`,
    )
    .run(rows);
  database.close();
}
