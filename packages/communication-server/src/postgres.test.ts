import { randomBytes } from 'node:crypto';
import { CarusoError, systemIds, VirtualClock } from '@caruso/service-manager/contract';
import { createStorage } from '@caruso/storage-manager';
import { afterAll, describe, expect, it } from 'vitest';
import { openHouse } from './house.test.support.js';

const server = process.env.CARUSO_TEST_POSTGRES ?? 'postgres://root@127.0.0.1:5432/test';
const schema = `communication_${process.pid}_${randomBytes(3).toString('hex')}`;
const database = `${server}?schema=${schema}`;

async function available(): Promise<boolean> {
  try {
    const open = await createStorage({ databases: { main: database }, clock: new VirtualClock(), ids: systemIds });
    await open.close();
    return true;
  } catch (error) {
    const down = error instanceof CarusoError && error.code === 'DATABASE_UNREACHABLE';
    if (!down || process.env.CARUSO_REQUIRE_ALL) throw error;
    process.stderr.write(`skipped: no PostgreSQL at ${server}; start one, or set CARUSO_TEST_POSTGRES\n`);
    return false;
  }
}

describe.skipIf(!(await available()))('on PostgreSQL', () => {
  afterAll(async () => {
    const open = await createStorage({ databases: { main: database }, clock: new VirtualClock(), ids: systemIds });
    await open.storage.query('main', (knex) => knex.raw(`drop schema if exists "${schema}" cascade`));
    await open.close();
  });

  it('what happens at once happens once: arrivals, answers, messages', { timeout: 60_000 }, async () => {
    const house = await openHouse({ database });
    try {
      const arrivals = await Promise.all(
        Array.from({ length: 12 }, (_, n) =>
          house.arrive({ messageId: `m${n % 4}`, contact: { address: `v${n % 4}` } }),
        ),
      );
      expect(new Set(arrivals.map((each) => each.id)).size).toBe(4);
      for (const agent of ['anna', 'bert']) await house.agent(agent);
      const offers = await Promise.all(['anna', 'bert'].map((agent) => house.offerTo(agent)));
      expect(new Set(offers.map(({ offer }) => offer.interaction)).size).toBe(2);
      const [mine] = offers;
      const { interaction, token } = mine?.offer ?? { interaction: '', token: 0 };
      const answers = await Promise.allSettled(
        Array.from({ length: 5 }, () => house.as('anna', () => house.communication.accept({ interaction, token }))),
      );
      expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1);
      const said = await Promise.all(
        Array.from({ length: 6 }, (_, n) =>
          house.as('anna', () => house.communication.send({ interaction, text: 'x', messageId: `s${n % 2}` })),
        ),
      );
      expect(new Set(said.map((message) => message.id)).size).toBe(2);
      const { messages } = await house.communication.conversation({ interaction });
      expect(messages).toHaveLength(4);
      const answered = await house.journal.read({ types: ['Interaction.answered'] });
      expect(answered).toHaveLength(1);
    } finally {
      await house.stop();
    }
  });

  it('is there again after a restart', { timeout: 60_000 }, async () => {
    const house = await openHouse({ database });
    try {
      const { interactions, agents } = await house.communication.snapshot({});
      expect(interactions.map((each) => each.state)).toContain('active');
      expect(interactions).toHaveLength(4);
      expect(agents.map((agent) => agent.agent)).toEqual(['anna', 'bert']);
    } finally {
      await house.stop();
    }
  });
});
