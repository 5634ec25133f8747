import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@caruso/service-manager';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startFrontOffice } from './front-office.js';
import type { Io } from './io.js';
import { run } from './program.js';

vi.setConfig({ testTimeout: 90_000 });

const production = `# Production.
object: Shop
attributes:
  id:   { type: text, key: generated }   # made by itself
  name: text
  fax:  phone
rights: { administrator: all }
`;
const test = `object: Shop
attributes:
  id: { type: text, key: generated }
  sign: { type: text, was: name, required: true }
  opened: { type: date }
rights: { administrator: all, agent: read }
`;
const visit =
  'object: Visit\nattributes:\n  no: { type: integer, key: generated }\n  shop: { to: Shop }\nrights: { administrator: all }\n';

let root: string;
let lines: string[];
let env: Record<string, string> = {};
const io = (): Io => ({
  out: (line) => lines.push(line),
  err: () => {},
  tty: false,
  cwd: root,
  env,
  onStop: () => () => {},
});
const caruso = (...argv: string[]): Promise<number> => {
  lines = [];
  return run(argv, io());
};
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const columns = () => {
  const database = new Database(join(root, 'production/data/main.db'), { readonly: true });
  const found = database.prepare("select name from pragma_table_info('shop')").pluck().all();
  database.close();
  return found;
};

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'caruso-promote-')));
  const manifest = 'caruso: 1\nname: shop\ndatabases: { main: "sqlite:./data/main.db" }\n';
  const files = {
    'test/caruso.yaml': manifest,
    'test/model/shop.yaml': test,
    'test/model/visit.yaml': visit,
    'production/caruso.yaml': manifest,
    'production/model/shop.yaml': production,
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), text);
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('lists what differs between two folders, and changes nothing', async () => {
  expect(await caruso('model', 'diff', 'test', 'production')).toBe(0);
  expect(lines).toEqual([
    '> Shop.attributes.sign (was name)',
    '+ Shop.attributes.opened: {"type":"date"}',
    '- Shop.attributes.fax: {"type":"phone"}',
    '+ Shop.rights.agent: "read"',
    '+ Visit',
    '5 differences',
  ]);
  expect(await caruso('model', 'promote', 'test', 'production', 'Shop.attributes.colour')).toBe(1);
  expect(read('production/model/shop.yaml')).toBe(production);
});

it('plans chosen ones, and takes them over into files and database by splices', async () => {
  const names = ['Shop.attributes.sign', 'Visit'];
  expect(await caruso('model', 'promote', 'test', 'production', ...names, '--plan')).toBe(0);
  expect(lines).toEqual(expect.arrayContaining(['to write model/shop.yaml', 'to write model/visit.yaml']));
  expect(lines.join('\n')).toContain('main: rename column shop.name to sign');
  expect(read('production/model/shop.yaml')).toBe(production);
  expect(await caruso('model', 'promote', 'test', 'production', ...names)).toBe(0);
  expect(read('production/model/shop.yaml')).toBe(
    production.replace('name: text', 'sign: { type: text, was: name, required: true }'),
  );
  expect(read('production/model/visit.yaml')).toContain('  shop: { to: Shop }\n');
  expect(columns()).toEqual(expect.arrayContaining(['sign', 'fax']));
  expect(columns()).not.toContain('name');
});

it('takes the rest over into a front office that runs', async () => {
  const log = createLog({ level: 'silent' });
  const settings = { port: 0 };
  const office = await startFrontOffice(io(), 'production', {
    settings,
    seed: false,
    strict: false,
    log,
    now: () => 0,
  });
  try {
    expect(await caruso('model', 'promote', 'test', 'production', '--all')).toBe(0);
    expect(await caruso('model', 'diff', 'test', 'production')).toBe(0);
    expect(lines).toEqual(['production says what test says']);
    expect(read('production/model/shop.yaml')).toContain('# made by itself');
    expect(columns()).toEqual(expect.arrayContaining(['opened', 'fax']));
    // Over HTTP one has to say who one is.
    expect(await caruso('model', 'diff', 'test', office.url ?? '')).toBe(1);
    const { user = '', password = '' } = office.administrator ?? {};
    env = { CARUSO_USER: user, CARUSO_PASSWORD: password };
    expect(await caruso('model', 'diff', 'test', office.url ?? '')).toBe(0);
    expect(lines).toEqual([`${office.url} says what test says`]);
    writeFileSync(join(root, 'test/model/visit.yaml'), visit.replace('rights', '  at: datetime\nrights'));
    expect(await caruso('model', 'promote', 'test', office.url ?? '', 'Visit')).toBe(0);
    expect(read('production/model/visit.yaml')).toContain('  at: { type: datetime }\n');
  } finally {
    await office.stop();
  }
});
