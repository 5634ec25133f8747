import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BusinessObjects } from '@caruso/business-objects/contract';
import { Modeler } from '@caruso/modeler/contract';
import { createLog } from '@caruso/service-manager';
import { actingAs, type Principal } from '@caruso/service-manager/contract';
import { Journal, Storage } from '@caruso/storage-manager/contract';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { type FrontOffice, startFrontOffice } from './front-office.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const ada: Principal = { kind: 'user', id: 'ada', name: 'Ada', roles: ['administrator'] };
const base = parse(readFileSync(new URL('../base/caruso.yaml', import.meta.url), 'utf8')) as { components: object };
const without = Object.keys(base.components).filter((name) => !['storage', 'objects', 'modeler'].includes(name));
const below = {
  'caruso.yaml': 'caruso: 1\nname: below\n',
  'model/customer.yaml':
    'object: Customer\nattributes:\n  no:   { type: text, key: true }\n  name: text\nrights: { administrator: all }\n',
};
const shop = `# Where we sell.
object: Shop
attributes:
  id:    { type: text, key: generated }
  name:  { type: text }   # on the sign
  fax:   phone
rights: { administrator: all }
`;
const own = {
  'caruso.yaml': `caruso: 1
name: own
extends: ../below
databases: { main: "sqlite:./data/main.db" }
components:
${without.map((name) => `  ${name}: { enabled: false }`).join('\n')}
`,
  'model/shop.yaml': shop,
};

let root: string;
let office: FrontOffice;
const modeler = () => office.house.manager.use(Modeler, '^1.0');
const objects = () => office.house.manager.use(BusinessObjects, '^1.0');
const as = <T>(work: () => Promise<T>) => actingAs(ada, work);
const read = (name: string) => readFileSync(join(root, 'own', name), 'utf8');

beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'caruso-modeler-')));
  for (const [folder, files] of Object.entries({ below, own }))
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(root, folder, name, '..'), { recursive: true });
      writeFileSync(join(root, folder, name), text);
    }
  const cwd = join(root, 'own');
  const io = { out: () => {}, err: () => {}, tty: false, cwd, env: {}, onStop: () => () => {} };
  const log = createLog({ level: 'silent' });
  office = await startFrontOffice(io, '.', { settings: {}, seed: false, strict: true, log, now: () => 0 });
});
afterAll(async () => {
  await office.stop();
  rmSync(root, { recursive: true, force: true });
});

it('plans an edit, applies it with the database, and it serves; what is extended is laid over, not written', async () => {
  const { drafts } = await as(() =>
    modeler().edit({
      operations: [
        { do: 'add', object: 'Customer', in: 'attributes', name: 'city', value: { type: 'text' } },
        { do: 'rename', object: 'Shop', in: 'attributes', name: 'name', to: 'sign' },
      ],
    }),
  );
  const preview = await as(() => modeler().preview({ drafts }));
  expect(preview.faults).toEqual([]);
  expect(preview.steps.map(({ kind, summary }) => [kind, summary])).toEqual([
    ['add', expect.stringContaining('add column customer.city')],
    ['rename', 'rename column shop.name to sign'],
  ]);
  expect(preview.files.map(({ name, before }) => [name, before])).toEqual([
    ['model/customer.yaml', null],
    ['model/shop.yaml', shop],
  ]);
  const made = await as(() => objects().create({ object: 'Shop', values: { name: 'The Corner' } }));
  const applied = await as(() => modeler().apply({ drafts }));
  expect(applied.files).toEqual(['model/customer.yaml', 'model/shop.yaml']);
  expect(read('model/customer.yaml')).toBe('object: Customer\nattributes:\n  city: { type: text }\n');
  expect(read('model/shop.yaml')).toBe(
    shop.replace('name:  { type: text }   # on', 'sign:  { type: text, was: name }   # on'),
  );
  expect(readFileSync(join(root, 'below/model/customer.yaml'), 'utf8')).toBe(below['model/customer.yaml']);
  const shopNow = await as(() => objects().get({ object: 'Shop', key: made.key }));
  expect(shopNow?.values['sign']).toBe('The Corner');
  const customer = await as(() => objects().create({ object: 'Customer', values: { no: '1', city: 'Delft' } }));
  expect(customer.values['city']).toBe('Delft');
  const events = await office.house.manager.use(Journal, '^1.0').read({ types: ['Declaration.saved'] });
  expect(events.map(({ actor, subject }) => [actor.id, subject?.key])).toEqual([
    ['ada', 'model/customer.yaml'],
    ['ada', 'model/shop.yaml'],
  ]);
});

it('loses data only where the step is named, after a copy was made', async () => {
  await as(() => objects().create({ object: 'Shop', values: { sign: 'Harbour', fax: '+31 15 1234567' } }));
  const { drafts } = await as(() =>
    modeler().edit({
      operations: [{ do: 'remove', object: 'Shop', in: 'attributes', name: 'fax', data: 'remove' }],
    }),
  );
  const { steps } = await as(() => modeler().preview({ drafts }));
  expect(steps).toMatchObject([{ kind: 'remove', summary: 'remove column shop.fax, and with it 1 value', loses: 1 }]);
  const columns = async () => {
    const { tables } = await office.house.manager.use(Storage, '^1.0').introspect('main');
    return tables.find(({ name }) => name === 'shop')?.columns.map(({ name }) => name);
  };
  await expect(as(() => modeler().apply({ drafts, lose: ['drop table shop'] }))).rejects.toMatchObject({
    code: 'MODELER_LOSS_UNNAMED',
  });
  expect(read('model/shop.yaml')).toContain('fax:');
  await as(() => modeler().apply({ drafts }));
  expect(await columns()).toContain('fax');
  const { drafts: none } = await as(() => modeler().model({}));
  expect(none).toEqual([]);
  const again = await as(() => modeler().apply({ drafts: none, lose: steps.map(({ statement }) => statement) }));
  expect(again.backups).toHaveLength(1);
  expect(await columns()).not.toContain('fax');
});

it('refuses what would break, with its place, and what somebody else has changed meanwhile', async () => {
  const broken = await as(() =>
    modeler().edit({
      operations: [{ do: 'set', object: 'Shop', path: ['attributes', 'sign', 'type'], value: 'colour' }],
    }),
  );
  expect(broken.faults).toMatchObject([{ file: 'model/shop.yaml', line: 5, column: expect.any(Number) }]);
  const before = read('model/shop.yaml');
  await expect(as(() => modeler().apply({ drafts: broken.drafts }))).rejects.toMatchObject({
    code: 'DECLARATIONS_FAULTY',
    details: [expect.objectContaining({ file: 'model/shop.yaml', line: 5 })],
  });
  expect(read('model/shop.yaml')).toBe(before);
  const edit = () =>
    as(() => modeler().edit({ operations: [{ do: 'set', object: 'Shop', path: ['label'], value: 'Store' }] }));
  const [first, second] = [await edit(), await edit()];
  await as(() => modeler().apply({ drafts: first.drafts }));
  await expect(as(() => modeler().apply({ drafts: second.drafts }))).rejects.toMatchObject({
    code: 'DECLARATION_STALE',
  });
});
