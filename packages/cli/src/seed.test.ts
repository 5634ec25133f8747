import { folderOf } from '@caruso/declarations';
import { createLog, createServiceManager, type ServiceManager } from '@caruso/service-manager';
import { defineComponent, defineContract, need } from '@caruso/service-manager/contract';
import storageComponent from '@caruso/storage-manager';
import { Journal, Storage } from '@caruso/storage-manager/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { applySeeds, sortSeeds } from './seed.js';

let manager: ServiceManager;
const NOON = Date.UTC(2026, 2, 29, 12);

/** A service that writes into the database, and refuses what is called `bad`. */
const Shelf = defineContract({
  id: 'shelf',
  version: '1.0.0',
  methods: {
    put: {
      summary: 'Puts a book',
      input: z.object({ title: z.string(), on: z.string().optional() }),
      output: z.object({}),
    },
  },
});
const shelf = defineComponent({
  provides: Shelf,
  version: '1.0.0',
  needs: { storage: need(Storage, '^1.0') },
  config: z.strictObject({}),
  async create({ needs: { storage } }) {
    await storage.query('main', (knex) => knex.schema.createTable('book', (table) => table.text('title')));
    return {
      handlers: {
        async put({ title, on }) {
          if (title === 'bad') throw new Error('a bad book');
          await storage.query('main', (knex) =>
            knex('book').insert({ title: on === undefined ? title : `${title} ${on}` }),
          );
          return {};
        },
      },
    };
  },
});

beforeEach(async () => {
  manager = createServiceManager({ log: createLog({ level: 'silent' }) });
  manager.install('storage', storageComponent, { databases: { main: 'sqlite::memory:' }, folder: '/' });
  manager.install('shelf', shelf, {});
  await manager.start();
});
afterEach(() => manager.stop());

const titles = async () => {
  const rows = await manager
    .use(Storage, '^1.0')
    .query<{ title: string }[]>('main', (knex) => knex('book').select('title'));
  return rows.map((row) => row.title);
};
const seed = async (files: Record<string, string>) => {
  const folder = folderOf(files, { timezone: 'Pacific/Auckland' });
  const sorted = await sortSeeds(manager, folder);
  const applied = await applySeeds(manager, folder, sorted.pending, NOON);
  return { applied: applied.map((each) => each.file), known: sorted.known, altered: sorted.altered };
};

describe('seeds', () => {
  const first = { 'seed/10-a.yaml': '- { call: shelf.put, with: { title: one } }\n' };
  const second = { 'seed/20-b.yaml': 'call: shelf.put\nwith: { title: two, on: "= text(today() - 1d)" }\n' };

  it('are applied once each, in the order of their names, with the local day', async () => {
    expect(await seed({ ...second, ...first })).toEqual({
      applied: ['seed/10-a.yaml', 'seed/20-b.yaml'],
      known: [],
      altered: [],
    });
    expect(await titles()).toEqual(['one', 'two 2026-03-29']);
    const third = { 'seed/30-c.yaml': '- { call: shelf.put, with: { title: three } }\n' };
    const altered = { 'seed/10-a.yaml': '- { call: shelf.put, with: { title: other } }\n' };
    expect(await seed({ ...altered, ...second, ...third })).toEqual({
      applied: ['seed/30-c.yaml'],
      known: ['seed/20-b.yaml'],
      altered: ['seed/10-a.yaml'],
    });
    expect(await titles()).toEqual(['one', 'two 2026-03-29', 'three']);
  });

  it('leave nothing of a file that fails, and say where it failed', async () => {
    const faulty = {
      'seed/20-b.yaml': '- { call: shelf.put, with: { title: two } }\n- { call: shelf.put, with: { title: bad } }\n',
    };
    await expect(seed({ ...first, ...faulty })).rejects.toMatchObject({
      code: 'SEED_FAILED',
      message: 'seed/20-b.yaml:2:3 shelf.put failed: a bad book',
    });
    expect(await titles()).toEqual(['one']);
    expect(await seed({ ...first, ...second })).toMatchObject({
      applied: ['seed/20-b.yaml'],
      known: ['seed/10-a.yaml'],
    });
  });

  it('act as the system, on the record', async () => {
    await seed(first);
    const [event] = await manager.use(Journal, '^1.0').read({ types: ['seed.applied'] });
    expect(event).toMatchObject({ actor: { kind: 'system' }, data: { file: 'seed/10-a.yaml', steps: 1 } });
  });
});
