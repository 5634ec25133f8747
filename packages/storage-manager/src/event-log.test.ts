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
});
