import { VirtualClock } from '@caruso/service-manager/contract';
import { createStorage } from './create-storage.js';
import { countingIds } from './databases.test.support.js';
import { manyTables } from './many-tables.test.support.js';

/**
 * What dies in crash.test.ts: `consume <url>` handles events until killed, `migrate <url>` makes tables until killed, `add-column <url>` adds to one, `commit <folder>`
 * hangs in its second commit, `share <folder>` hangs in the last of three units of work that share a transaction.
 */
const [mode = '', where = ''] = process.argv.slice(2);

if (mode === 'consume') {
  const { storage, journal } = await createStorage({
    databases: { main: where },
    ids: countingIds(`child-${process.pid}`),
  });
  let handled = 0;
  await journal.consume(
    'crashing',
    async (event) => {
      await storage.query('main', (knex) => knex('handled').insert({ n: event.data['n'] }));
      // In the midst of an event: its row is written, nothing of it is committed.
      if (++handled === 30) {
        process.send?.('in the midst');
        await new Promise(() => {});
      }
    },
    { from: 'beginning', types: ['Number.*'] },
  );
  // Timers of the clock do not keep a process alive.
  setInterval(() => {}, 1000);
} else if (mode === 'migrate') {
  const { storage } = await createStorage({ databases: { main: where }, ids: countingIds(`child-${process.pid}`) });
  const plan = await storage.plan('main', manyTables(40));
  const { steps } = plan;
  // One after the other, so that the test knows when it is in the midst of it.
  for (const [index, step] of steps.entries()) {
    await storage.migrate({ ...plan, steps: [step] });
    if (index === 20) process.send?.('in the midst');
  }
} else if (mode === 'add-column') {
  const { storage } = await createStorage({ databases: { main: where }, ids: countingIds(`child-${process.pid}`) });
  const wanted = manyTables(1).map((table) => ({
    ...table,
    columns: [...table.columns, { name: 'added', type: 'text' as const, nullable: true }],
  }));
  await storage.migrate(await storage.plan('main', wanted));
} else if (mode === 'share') {
  const { storage, journal } = await createStorage({
    databases: { main: 'sqlite:./main.db', legacy: { url: 'sqlite:./legacy.db', managed: false } },
    folder: where,
    // However slow the machine is, all three share.
    clock: new VirtualClock(),
    ids: countingIds(`child-${process.pid}`),
  });
  setInterval(() => {}, 1000);
  const note = async (id: string, last: () => Promise<void> = async () => {}) => {
    await storage.unitOfWork(async () => {
      await storage.query('legacy', (knex) => knex('note').insert({ id }));
      await journal.append({ type: 'Note.written', data: { id } });
      await last();
    });
    process.send?.(`${id} answered`);
  };
  await note('kept');
  const hang = () => {
    process.send?.('before the commit');
    return new Promise<void>(() => {});
  };
  await Promise.all([note('first'), note('second'), note('third', hang)]);
} else {
  const { storage, journal } = await createStorage({
    databases: {
      main: 'sqlite:./main.db',
      first: 'sqlite:./first.db',
      second: { url: 'sqlite:./second.db', managed: false },
    },
    folder: where,
    ids: countingIds(`child-${process.pid}`),
    wait: 60_000,
  });
  setInterval(() => {}, 1000);
  await storage.unitOfWork(async () => {
    await journal.append({ type: 'Note.written' });
    for (const database of ['first', 'second'])
      await storage.query(database, (knex) => knex('note').insert({ id: 'x' }));
    process.send?.('committing');
  });
}
