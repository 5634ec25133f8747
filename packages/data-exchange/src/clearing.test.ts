import { VirtualClock } from '@caruso/service-manager/contract';
import { describe, expect, it } from 'vitest';
import { ada, house, sam } from './house.test.support.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('an import', () => {
  it('keeps its rows as long as is declared; then it cannot be undone, and says why', async () => {
    const clock = new VirtualClock();
    const old = await house('sqlite::memory:', { keepDays: 2 }, { clock });
    try {
      const ran = await old.send('customerNo;name\nC1;Ada\nC2;Bo\n');
      await old.pass('run', ran.import);
      await clock.advance(DAY);
      const younger = await old.send('customerNo;name\nC3;Cy\n');
      await old.pass('run', younger.import);
      await clock.advance(DAY + 2 * HOUR);
      const cleared = await old.settled(ran.import);
      expect(cleared).toMatchObject({ state: 'cleared', counts: { created: 2 } });
      for (const method of ['undo', 'run', 'check', 'rows'] as const)
        await expect(
          old.as(sam, async (): Promise<unknown> => old.imports[method]({ import: ran.import })),
        ).rejects.toMatchObject({
          code: 'IMPORT_CLEARED',
          status: 410,
          message: expect.stringContaining("'customers.csv'"),
        });
      const left = await old.storage.query<{ import: string }[]>('main', (knex) =>
        knex('caruso_import_row').distinct('import'),
      );
      expect(left).toEqual([{ import: younger.import }]);
      // The records stay; a younger import can still be undone.
      expect((await old.pass('undo', younger.import)).counts).toMatchObject({ undone: 1 });
      expect((await old.as(ada, () => old.objects.find({ object: 'Customer' }))).records).toHaveLength(2);
    } finally {
      await old.stop();
    }
  });
});
