import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import quality from '@caruso/data-quality';
import { describe, expect, it } from 'vitest';
import { house } from './house.test.support.js';

describe('an import', () => {
  it('goes on after a restart only once somebody looks for duplicates', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'caruso-exchange-'));
    const main = `sqlite:${path.join(folder, 'main.db')}`;
    const before = await house(main);
    const { import: id } = await before.send('customerNo;name;email\nC1;Ada;a@x.nl\nC2;Ada;a@x.nl\n');
    // As a crash leaves it.
    await before.storage.query('main', (knex) => knex('caruso_import').where({ id }).update({ state: 'running' }));
    await before.stop();
    const slow: typeof quality = {
      ...quality,
      create: async (context) => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        return quality.create(context);
      },
    };
    const after = await house(main, {}, { matching: slow });
    try {
      expect(await after.settled(id)).toMatchObject({ state: 'done', counts: { created: 1, skipped: 1 } });
    } finally {
      await after.stop();
      rmSync(folder, { recursive: true });
    }
  });
});
