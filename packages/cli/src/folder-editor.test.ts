import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BusinessObjects, Model } from '@caruso/business-objects/contract';
import { contentHash } from '@caruso/declarations';
import { DeclarationEditing } from '@caruso/declarations/contract';
import { createLog } from '@caruso/service-manager';
import { actingAs, type Principal } from '@caruso/service-manager/contract';
import { Journal } from '@caruso/storage-manager/contract';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { type FrontOffice, startFrontOffice } from './front-office.js';
import type { Io } from './io.js';
import { watchDeclarations } from './watch-declarations.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const ada: Principal = { kind: 'user', id: 'ada', name: 'Ada', roles: ['administrator'] };
const log = createLog({ level: 'silent' });
const base = parse(readFileSync(new URL('../base/caruso.yaml', import.meta.url), 'utf8')) as { components: object };
const without = Object.keys(base.components).filter((name) => !['storage', 'objects', 'policies'].includes(name));
const customer = `object: Customer   # whom we serve
attributes:
  no:   { type: text, key: true }
  name: text
rights: { administrator: all }
`;
const files = {
  'caruso.yaml': `caruso: 1
name: own
databases: { main: "sqlite:./data/main.db" }
components:
${without.map((name) => `  ${name}: { enabled: false }`).join('\n')}
`,
  'model/customer.yaml': customer,
  // Somebody's fault of long ago, which is no reason to refuse what others do.
  'model/broken.yaml': 'object: Broken\nattributs: {}\n',
  'policies/greet.yaml':
    "policy: greet\non: Customer.created\nif: customer.name = 'Ada'\ndo:\n  - { remind: say hello, to: role:agent, at: 1h }\n",
};

let root: string;
let office: FrontOffice;
let io: Io;
const as = <T>(work: () => Promise<T>) => actingAs(ada, work);
const edit = (name: string, text: string | null, before: string | null) => [
  { name, text, base: before === null ? null : contentHash(before) },
];
const editing = () => office.house.manager.use(DeclarationEditing, '^1.0');
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const modelRead = async (work: () => Promise<unknown>) => {
  const model = office.house.manager.use(Model, '^1.0');
  const live = new Promise<void>((done) => {
    const stop = model.onChange(() => {
      stop();
      done();
    });
  });
  await work();
  await live;
};

beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'caruso-edit-')));
  io = { out: () => {}, err: () => {}, tty: false, cwd: root, env: {}, onStop: () => () => {} };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  office = await startFrontOffice(io, '.', { settings: {}, seed: false, strict: false, log, now: () => 0 });
});
afterAll(async () => {
  await office.stop();
  rmSync(root, { recursive: true, force: true });
});

it('tries an edit against every other declaration, and writes nothing', async () => {
  const renamed = customer.replace('name: text', 'title: text');
  const { faults } = await as(() => editing().try(edit('model/customer.yaml', renamed, customer)));
  expect(faults.map(({ file, line, code }) => [file, line, code])).toEqual([
    ['policies/greet.yaml', 3, 'EXPRESSION_UNKNOWN_ATTRIBUTE'],
  ]);
  await expect(as(() => editing().save(edit('model/customer.yaml', renamed, customer)))).rejects.toMatchObject({
    code: 'DECLARATIONS_FAULTY',
    status: 422,
    details: [expect.objectContaining({ file: 'policies/greet.yaml', line: 3 })],
  });
  expect(read('model/customer.yaml')).toBe(customer);
});

it('writes an edit, lets it take effect without a restart, and keeps who did it', async () => {
  const grown = customer.replace('  name: text\n', '  name: text\n  city: text\n');
  await modelRead(() => as(() => editing().save(edit('model/customer.yaml', grown, customer))));
  expect(read('model/customer.yaml')).toBe(grown);
  expect(readdirSync(join(root, 'model')).sort()).toEqual(['broken.yaml', 'customer.yaml']);
  const objects = office.house.manager.use(BusinessObjects, '^1.0');
  const made = await as(() => objects.create({ object: 'Customer', values: { no: '1', name: 'Bo', city: 'Delft' } }));
  expect(made.values['city']).toBe('Delft');
  const events = await office.house.manager.use(Journal, '^1.0').read({ types: ['Declaration.saved'] });
  expect(events.map(({ actor, subject, data }) => [actor.id, subject?.key, data])).toEqual([
    ['ada', 'model/customer.yaml', { before: customer, after: grown }],
  ]);
  await expect(as(() => editing().save(edit('model/customer.yaml', customer, customer)))).rejects.toMatchObject({
    code: 'DECLARATION_STALE',
    status: 409,
  });
});

it('begins a file and takes one away', async () => {
  const text = 'object: Shop\nattributes:\n  id: { type: text, key: generated }\n';
  await modelRead(() => as(() => editing().save(edit('model/shop.yaml', text, null))));
  expect(
    office.house.manager
      .use(Model, '^1.0')
      .describe()
      .map(({ name }) => name),
  ).toContain('Shop');
  await modelRead(() => as(() => editing().save(edit('model/shop.yaml', null, text))));
  expect(existsSync(join(root, 'model/shop.yaml'))).toBe(false);
  expect(
    office.house.manager
      .use(Model, '^1.0')
      .describe()
      .map(({ name }) => name),
  ).not.toContain('Shop');
});

it('edits declarations of this folder alone: no code, no other file, nothing behind a link', async () => {
  const names = [
    'services/billing.ts',
    'caruso.yaml',
    '../model/x.yaml',
    'model/../x.yaml',
    '/etc/passwd',
    'model/.x.yaml',
  ];
  for (const name of names)
    await expect(as(() => editing().try(edit(name, 'x: 1\n', null)))).rejects.toMatchObject({
      code: 'DECLARATION_NAME',
    });
  const elsewhere = mkdtempSync(join(tmpdir(), 'caruso-elsewhere-'));
  symlinkSync(elsewhere, join(root, 'model/away'));
  const text = 'object: Away\nattributes:\n  id: { type: text, key: generated }\n';
  await expect(as(() => editing().save(edit('model/away/x.yaml', text, null)))).rejects.toMatchObject({
    code: 'DECLARATION_UNWRITABLE',
  });
  expect(readdirSync(elsewhere)).toEqual([]);
  rmSync(join(root, 'model/away'));
  rmSync(elsewhere, { recursive: true });
});

it('is not read a second time by who watches the folder', async () => {
  const told: string[] = [];
  const stop = await watchDeclarations(io, office.house, (line) => told.push(line), { all: true, done: () => {} });
  const before = read('model/customer.yaml');
  await as(() => editing().save(edit('model/customer.yaml', before.replace('city', 'town'), before)));
  writeFileSync(join(root, 'model/broken.yaml'), 'object: Whole\nattributes:\n  id: { type: text, key: generated }\n');
  await vi.waitFor(() => expect(told.length).toBeGreaterThan(0), { timeout: 10_000, interval: 50 });
  await stop();
  expect(told.filter((line) => line.startsWith('declarations read anew'))).toHaveLength(1);
  expect(
    office.house
      .folder()
      .sources('model')
      .find(({ name }) => name === 'model/customer.yaml')?.text,
  ).toContain('town');
});
