import { VirtualClock } from '@caruso/service-manager/contract';
import { describe, expect, it } from 'vitest';
import { createStorage } from './create-storage.js';
import { countingIds, testServers } from './databases.test.support.js';

function gate(): { opened: Promise<void>; open: () => void } {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe.each(testServers)('the journal of two processes on $dialect', ({ own }) => {
  it('skips no event whose lower number commits after a higher one', async () => {
    const schema = own();
    const clock = new VirtualClock();
    const one = await createStorage({ databases: { main: schema.url }, clock, ids: countingIds('one') });
    const two = await createStorage({ databases: { main: schema.url }, clock, ids: countingIds('two') });
    const handled: unknown[] = [];
    await two.journal.consume('in-order', async (event) => void handled.push(event.data['n']));

    const appended = gate();
    const commit = gate();
    const slow = one.storage.unitOfWork(async () => {
      await one.journal.append({ type: 'Number.given', data: { n: 1 } });
      appended.open();
      await commit.opened;
      await one.journal.append({ type: 'Number.given', data: { n: 3 } });
    });
    await appended.opened;
    await two.journal.append({ type: 'Number.given', data: { n: 2 } });
    for (let look = 0; look < 5; look++) {
      await clock.advance(1_000);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    // The second is committed and visible, the first is not: a reader by number alone would go on from the second.
    expect((await two.journal.read()).map(({ data }) => data['n'])).toEqual([2]);
    expect(await two.journal.read({ after: 0 })).toEqual([]);
    expect(handled).toEqual([]);

    commit.open();
    await slow;
    await two.journal.idle();
    expect(handled).toEqual([1, 2, 3]);
    expect((await two.journal.read({ after: 0 })).map(({ data }) => data['n'])).toEqual([1, 2, 3]);
    await one.close();
    await two.close();
    await schema.drop();
  });

  it('tells followers of one what the other appended, once', async () => {
    const schema = own();
    const clock = new VirtualClock();
    const one = await createStorage({ databases: { main: schema.url }, clock, ids: countingIds('one') });
    const two = await createStorage({ databases: { main: schema.url }, clock, ids: countingIds('two') });
    const seen: unknown[] = [];
    two.journal.follow((event) => seen.push(event.data['n']));
    await two.journal.append({ type: 'Number.given', data: { n: 1 } });
    await one.journal.append({ type: 'Number.given', data: { n: 2 } });
    for (let look = 0; look < 100 && seen.length < 2; look++) {
      await clock.advance(1_000);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await clock.advance(5_000);
    await one.close();
    await two.close();
    expect(seen).toEqual([1, 2]);
    await schema.drop();
  });

  it('gives an event with outside effects to one of the two consumers of the same name', async () => {
    const schema = own();
    const clock = new VirtualClock();
    const processes = await Promise.all(
      ['one', 'two'].map((prefix) =>
        createStorage({ databases: { main: schema.url }, clock, ids: countingIds(prefix) }),
      ),
    );
    const sent: unknown[] = [];
    for (const { journal } of processes)
      await journal.consume('mailer', async (event) => void sent.push(event.data['n']), { transactional: false });
    for (const n of [1, 2, 3]) await processes[n % 2]?.journal.append({ type: 'Mail.written', data: { n } });
    for (let look = 0; look < 100 && sent.length < 3; look++) {
      await clock.advance(1_000);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    for (let look = 0; look < 3; look++) {
      await clock.advance(1_000);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    for (const { close } of processes) await close();
    expect(sent).toEqual([1, 2, 3]);
    await schema.drop();
  });

  it('hands on every committed event once and in order, whatever commits and rolls back beside it', async () => {
    const database = own();
    const clock = new VirtualClock();
    const processes = await Promise.all(
      ['one', 'two', 'three'].map((prefix) =>
        createStorage({ databases: { main: { url: database.url, pool: 8 } }, clock, ids: countingIds(prefix) }),
      ),
    );
    const handled: { seq: number; n: unknown }[] = [];
    await processes[0]?.journal.consume('all', async ({ seq, data }) => void handled.push({ seq, n: data['n'] }), {
      from: 'beginning',
      transactional: false,
    });
    const committed: number[] = [];
    let last = 0;
    /** Appends one to three events; each fourth unit of work is rolled back, others wait a while with numbers in hand. */
    const work = async (index: number): Promise<void> => {
      const { storage, journal } = processes[index % 3] ?? {};
      const mine: number[] = [];
      const fails = index % 4 === 0;
      const running = storage?.unitOfWork(async () => {
        for (let event = 0; event <= index % 3; event++) {
          mine.push(++last);
          await journal?.append({ type: 'Number.given', data: { n: last } });
          if (index % 5 === 0) await new Promise((resolve) => setTimeout(resolve, index % 7));
        }
        if (fails) throw new Error('rolled back');
      });
      await running?.catch(() => {});
      if (!fails) committed.push(...mine);
    };
    for (let round = 0; round < 8; round++)
      await Promise.all(Array.from({ length: 24 }, (_, index) => work(index + round)));
    await processes[0]?.journal.idle();
    const numbers = handled.map(({ seq }) => seq);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(handled.map(({ n }) => n).toSorted()).toEqual(committed.toSorted());
    for (const { close } of processes) await close();
    await database.drop();
  });
});
