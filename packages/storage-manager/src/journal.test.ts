import { VirtualClock } from '@caruso/service-manager/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JournalEvent } from './contract.js';
import { createStorage, type OpenStorage } from './create-storage.js';
import { countingIds, testDatabases } from './databases.test.support.js';

for (const { dialect, available, own } of testDatabases) {
  describe.skipIf(!available)(`the journal on ${dialect}`, () => {
    const database = own();
    const clock = new VirtualClock();
    let open: OpenStorage;
    const stops: (() => Promise<void>)[] = [];

    beforeAll(async () => {
      open = await createStorage({ databases: { main: database.url }, clock, ids: countingIds(dialect) });
      await open.storage.query('main', (knex) => knex.raw('create table seen (id text not null)'));
    });
    afterEach(async () => {
      for (const stop of stops.splice(0)) await stop();
    });
    afterAll(async () => {
      await open?.close();
      await database.drop();
    });

    const consume = async (...args: Parameters<OpenStorage['journal']['consume']>): Promise<void> => {
      stops.push(await open.journal.consume(...args));
    };
    const seen = async (): Promise<string[]> => {
      const rows = await open.storage.query<{ id: string }[]>('main', (knex) => knex('seen').select('id'));
      await open.storage.query('main', (knex) => knex('seen').delete());
      return rows.map(({ id }) => id);
    };

    it('gives back what was appended, newest first when asked', async () => {
      const first = await open.journal.append({
        type: 'Case.created',
        subject: { object: 'Case', key: '7' },
        data: { note: 'naïve ☎' },
        audience: ['user:u1'],
      });
      const second = await open.journal.append({ type: 'Case.closed', subject: { object: 'Case', key: '7' } });
      expect(await open.journal.read({ subject: { object: 'Case', key: '7' } })).toEqual([first, second]);
      expect(await open.journal.read({ types: ['Case.*'], descending: true, limit: 1 })).toEqual([second]);
      expect(await open.journal.read({ after: first.seq, types: ['Case.closed'] })).toEqual([second]);
      expect(first).toMatchObject({ at: '2026-01-05T08:00:00.000Z', actor: { kind: 'system', id: 'caruso' } });
    });

    it('appends many at once in their order', async () => {
      const many = Array.from({ length: 150 }, (_, n) => ({ type: 'Many.made', data: { n } }));
      const appended = await open.journal.appendAll(many);
      expect(appended.map(({ data }) => data['n'])).toEqual(many.map(({ data }) => data.n));
      expect(await open.journal.read({ types: ['Many.made'] })).toEqual(appended);
    });

    it('consumes in order, from now on, only the types asked for', async () => {
      await consume(
        'ordered',
        async (event) => {
          await open.storage.query('main', (knex) => knex('seen').insert({ id: `${event.type} ${event.data['n']}` }));
        },
        { types: ['Order.*'] },
      );
      for (const n of [1, 2, 3]) {
        await open.journal.append({ type: 'Order.placed', data: { n } });
        await open.journal.append({ type: 'Orders.counted', data: { n } });
      }
      await open.journal.idle();
      expect(await seen()).toEqual(['Order.placed 1', 'Order.placed 2', 'Order.placed 3']);
    });

    it('appends nothing when the unit of work rolls back, and tells followers only after the commit', async () => {
      const followed: JournalEvent[] = [];
      const stop = open.journal.follow((event) => followed.push(event));
      await open.storage
        .unitOfWork(async () => {
          await open.journal.append({ type: 'Lead.lost' });
          throw new Error('no');
        })
        .catch(() => {});
      await open.storage.unitOfWork(async () => {
        await open.journal.append({ type: 'Lead.won' });
        expect(followed).toEqual([]);
      });
      stop();
      expect(followed.map(({ type }) => type)).toEqual(['Lead.won']);
      expect(await open.journal.read({ types: ['Lead.*'] })).toHaveLength(1);
    });

    it('tries a failing handler again after pauses, without its half-done writes, then sets the event aside and goes on', async () => {
      const attempts: number[] = [];
      await consume(
        'failing',
        async (event, delivery) => {
          await open.storage.query('main', (knex) => knex('seen').insert({ id: String(event.data['n']) }));
          if (event.data['n'] !== 1) return;
          attempts.push(delivery.attempt);
          throw new Error('cannot');
        },
        { types: ['Poison.sent'], attempts: 3 },
      );
      for (const n of [1, 2]) await open.journal.append({ type: 'Poison.sent', data: { n } });
      const idle = open.journal.idle().then(() => 'idle');
      const tick = (): Promise<string> => new Promise((resolve) => setTimeout(() => resolve('tick'), 5));
      while ((await Promise.race([idle, tick()])) === 'tick') await clock.advance(1_000);
      expect(attempts).toEqual([0, 1, 2]);
      expect(await seen()).toEqual(['2']);
      const letters = await open.journal.deadLetters();
      expect(letters).toMatchObject([
        { consumer: 'failing', event: { data: { n: 1 } }, error: 'after 3 attempts: cannot' },
      ]);
    });

    it('goes on from its durable cursor after a stop', async () => {
      const handled: unknown[] = [];
      const stop = await open.journal.consume('durable', async (event) => void handled.push(event.data['n']), {
        types: ['Durable.*'],
      });
      await open.journal.append({ type: 'Durable.event', data: { n: 1 } });
      await open.journal.idle();
      await stop();
      await open.journal.append({ type: 'Durable.event', data: { n: 2 } });
      await consume('durable', async (event) => void handled.push(event.data['n']), { types: ['Durable.*'] });
      await open.journal.idle();
      expect(handled).toEqual([1, 2]);
    });

    it('refuses a second consumer of the same name', async () => {
      await consume('twice', async () => {});
      await expect(open.journal.consume('twice', async () => {})).rejects.toMatchObject({ code: 'CONSUMER_TAKEN' });
    });
  });
}
