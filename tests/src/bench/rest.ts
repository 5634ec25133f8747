import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { ApiClient } from '../support/api.js';
import { FrontOffice, removeFolder, runCaruso } from '../support/front-office.js';
import { northwind, northwindFile } from '../support/requirement.js';
import { startServer } from './child-server.js';
import { startDirectus } from './directus.js';
import { type Figure, figure, median, type Outcome } from './figure.js';
import { connections, type Load, load } from './load.js';
import { directusPeer } from './peers.js';

/** What may be asked for. */
export const benches = ['rest-list', 'rest-relation', 'rest-read', 'rest-insert'];

const seconds = 3;
const rounds = 3;
/** Orders of Northwind, read in turn. */
const keys = Array.from({ length: 50 }, (_, at) => 10248 + at * 16);

type Requests = Pick<Load, 'paths' | 'method' | 'body'>;

/** Who answers, and how each benchmark is asked of him. */
interface Contestant {
  name: string;
  url: string;
  headers: Record<string, string>;
  asked: Record<string, Requests>;
  stop: () => Promise<void>;
}

const what: Record<string, string> = {
  'rest-list': 'lists of 50 orders',
  'rest-relation': 'lists of 50 orders, each with its customer',
  'rest-read': 'orders read by their keys',
  'rest-insert':
    'orders created, in a file with the rollback journal of SQLite, each with a record of who did it (not fastify)',
};

/** REST over Northwind, each on its own copy of the same file: ours and Directus with sign-in and rights, fastify with neither. */
export async function rest(wanted: (name: string) => boolean): Promise<Figure[]> {
  if (!northwind.present) {
    console.error(`rest-* are left out: ${northwind.remedy}`);
    return [];
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'caruso-bench-'));
  const contestants: Contestant[] = [];
  try {
    contestants.push(await ours(folder), await bare(folder));
    const directus = await directusOver(folder);
    if ('stop' in directus) contestants.push(directus);
    const figures: Figure[] = [];
    for (const name of benches.filter(wanted)) {
      const rates = new Map<Contestant, number[]>(contestants.map((each) => [each, []]));
      for (const each of contestants) await measured(each, name, 1);
      for (let round = 0; round < rounds; round += 1)
        for (const each of contestants) rates.get(each)?.push(await measured(each, name, seconds));
      const [mine = Number.NaN, ...others] = contestants.map((each) => median(rates.get(each) ?? []));
      const against: Record<string, Outcome> = Object.fromEntries(
        contestants.slice(1).map((each, index) => [each.name, others[index] ?? Number.NaN]),
      );
      if (!('stop' in directus)) against['directus'] = directus;
      const said = `${what[name]} a second, ${connections} connections, sign-in and rights on but for fastify`;
      figures.push(figure({ name, ours: mine, against, unit: '1/s', what: said }));
    }
    return figures;
  } finally {
    for (const each of contestants) await each.stop();
    removeFolder(folder);
  }
}

function measured({ url, headers, asked }: Contestant, name: string, duration: number): Promise<number> {
  const requests = asked[name];
  if (requests === undefined) throw new Error(`nothing is asked as ${name}`);
  return load({ url, headers, ...requests }, duration);
}

function makeDatabase(folder: string, name: string): string {
  const template = path.join(folder, 'template.db');
  if (name === 'template.db') {
    const database = new Database(template);
    database.exec(readFileSync(northwindFile, 'utf8'));
    database.close();
    return template;
  }
  const file = path.join(folder, name);
  copyFileSync(template, file);
  return file;
}

/** A front office whose model was read out of the database by `caruso import`, asked by an agent. */
async function ours(folder: string): Promise<Contestant> {
  makeDatabase(folder, 'template.db');
  const file = makeDatabase(folder, 'northwind.db');
  const house = path.join(folder, 'house');
  mkdirSync(path.join(house, 'seed'), { recursive: true });
  writeFileSync(
    path.join(house, 'caruso.yaml'),
    'caruso: 1\nname: Northwind\nseed: true\ndatabases:\n  main: sqlite:./data/main.db\n',
  );
  writeFileSync(
    path.join(house, 'seed', '10-users.yaml'),
    '- call: users.define\n  with: { user: anna, name: Anna, roles: [agent], password: bench-anna-1 }\n',
  );
  const imported = await runCaruso(['import', `sqlite:${file}`, '--into', house]);
  if (imported.code !== 0) throw new Error(`caruso import ended with ${imported.code}: ${imported.stderr}`);
  const office = await FrontOffice.start(house);
  const anna = await ApiClient.signedIn(office.url, 'anna', 'bench-anna-1');
  const orders = '/api/objects/Order';
  const values = {
    customer: 'VINET',
    employee: '5',
    orderDate: '2026-01-01T10:00:00Z',
    freight: '12.5',
    shipName: 'Vins et alcools Chevalier',
    shipCity: 'Reims',
  };
  return {
    name: 'caruso',
    url: office.url,
    headers: { cookie: anna.cookieHeader },
    asked: {
      'rest-list': { paths: [`${orders}?limit=50`] },
      'rest-relation': { paths: [`${orders}?limit=50&include=customer`] },
      'rest-read': { paths: keys.map((key) => `${orders}/${key}`) },
      'rest-insert': { paths: [orders], method: 'POST', body: { values } },
    },
    stop: () => office.stop(),
  };
}

const order = {
  CustomerID: 'VINET',
  EmployeeID: 5,
  OrderDate: '2026-01-01T10:00:00',
  Freight: 12.5,
  ShipName: 'Vins et alcools Chevalier',
  ShipCity: 'Reims',
};

async function bare(folder: string): Promise<Contestant> {
  const script = path.join(import.meta.dirname, 'bare-northwind.js');
  const server = await startServer([script, makeDatabase(folder, 'bare.db')], /listening on (\S+)/);
  return {
    name: 'bare fastify',
    url: server.url,
    headers: {},
    asked: {
      'rest-list': { paths: ['/list'] },
      'rest-relation': { paths: ['/relation'] },
      'rest-read': { paths: keys.map((key) => `/read/${key}`) },
      'rest-insert': { paths: ['/insert'], method: 'POST', body: order },
    },
    stop: server.stop,
  };
}

async function directusOver(folder: string): Promise<Contestant | { missing: string }> {
  await directusPeer.install();
  const version = directusPeer.versionOf('directus');
  if (version === undefined) return { missing: 'it is not installed; it needs the network once' };
  const server = await startDirectus(makeDatabase(folder, 'directus.db'), [
    ['Orders', 'read'],
    ['Orders', 'create'],
    ['Customers', 'read'],
  ]);
  const orders = '/items/Orders';
  return {
    name: `directus ${version}`,
    url: server.url,
    headers: server.headers,
    asked: {
      'rest-list': { paths: [`${orders}?limit=50`] },
      'rest-relation': { paths: [`${orders}?limit=50&fields=*,CustomerID.*`] },
      'rest-read': { paths: keys.map((key) => `${orders}/${key}`) },
      'rest-insert': { paths: [orders], method: 'POST', body: order },
    },
    stop: server.stop,
  };
}
