import { actingAs, systemClock } from '@caruso/service-manager/contract';
import { startFrontOffice, user } from './front-office.test.support.js';

/**
 * What dies in crash.test.ts: `<database> <declarations> <seed>`. Customers arrive and agents work as fast as they can; each message id
 * is told to the parent once it was taken in.
 */
const [database = '', declarations = '', seed = ''] = process.argv.slice(2);
const { communication } = await startFrontOffice({ clock: systemClock, database, declarations });

const agents = ['anna', 'bert', 'cees'];
for (const agent of agents) {
  await communication.defineAgent({ agent, name: agent, queues: ['general'], capacity: { chat: 3 } });
  await actingAs(user(agent, 'agent'), () => communication.setPresence({ presence: 'ready' }));
}
process.send?.({ started: true });

let state = [...seed].reduce((sum, char) => sum * 31 + char.charCodeAt(0), 7) >>> 0;
/** A repeatable number from 0 below `below`. */
function dice(below: number): number {
  state = (state * 1_664_525 + 1_013_904_223) >>> 0;
  return state % below;
}

async function customer(number: number): Promise<void> {
  const contact = { address: `visitor-${dice(30)}` };
  for (let count = 0; ; count += 1) {
    const messageId = `${seed}-${number}-${count}`;
    const ongoing = await communication.ongoing({ channel: 'chat', address: contact.address });
    const more = ongoing === null ? {} : { interaction: ongoing.id };
    const { id } = await communication.receive({ channel: 'chat', messageId, contact, text: 'Hello', ...more });
    process.send?.({ received: messageId, interaction: id });
    if (dice(6) === 0) await communication.leave({ interaction: id });
  }
}

/** What an agent may do next with a conversation. */
const next = [
  (interaction: string) => communication.finish({ interaction }),
  (interaction: string) => communication.hold({ interaction }),
  (interaction: string) => communication.send({ interaction, text: 'Yes' }),
];

async function work(agent: string): Promise<void> {
  for (;;) {
    await actingAs(user(agent, 'agent'), async () => {
      const { offers, interactions } = await communication.desktop({});
      const [offered] = offers;
      if (offered !== undefined) {
        const answer = { interaction: offered.offer.interaction, token: offered.offer.token };
        await (dice(4) === 0 ? communication.decline(answer) : communication.accept(answer)).catch(() => undefined);
      }
      for (const { id: interaction, state: stage } of interactions) {
        if (stage === 'wrap-up') await communication.wrapUp({ interaction, disposition: 'Solved' });
        else if (stage === 'held') await communication.resume({ interaction });
        else await next[dice(next.length)]?.(interaction);
      }
    }).catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

void Promise.all([customer(0), customer(1), ...agents.map(work)]);
