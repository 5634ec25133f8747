import { actingAs, VirtualClock } from '@caruso/service-manager/contract';
import { vi } from 'vitest';
import { type FrontOfficeOptions, startFrontOffice, user } from './front-office.test.support.js';

/** A front office with the time in the test's hands, and what tests do with it again and again. */
export async function openHouse(options: Partial<FrontOfficeOptions> & { clock?: VirtualClock } = {}) {
  const clock = options.clock ?? new VirtualClock();
  const office = await startFrontOffice({ ...options, clock });
  const { communication: client, manager, journal } = office;
  return {
    ...office,
    clock,
    as: <T>(who: string, work: () => Promise<T>, role = 'agent'): Promise<T> => actingAs(user(who, role), work),
    async agent(agent: string, more: Partial<Parameters<typeof client.defineAgent>[0]> = {}): Promise<void> {
      await client.defineAgent({
        agent,
        name: agent.toUpperCase(),
        queues: ['general', 'billing', 'outages'],
        ...more,
      });
      await actingAs(user(agent, 'agent'), () => client.setPresence({ presence: 'ready' }));
    },
    arrive: (more: Partial<Parameters<typeof client.receive>[0]> = {}) =>
      client.receive({
        channel: 'chat',
        messageId: `m${Math.round(clock.now())}-${serial++}`,
        contact: { address: 'v1', name: 'Vera' },
        text: 'Hello',
        ...more,
      }),
    desktop: (agent: string) => actingAs(user(agent, 'agent'), () => client.desktop({})),
    /** The offer on an agent's screen, once there is one. */
    offerTo: (agent: string) =>
      vi.waitFor(async () => {
        const { offers } = await actingAs(user(agent, 'agent'), () => client.desktop({}));
        const [first] = offers;
        if (first === undefined) throw new Error(`nothing is offered to ${agent}`);
        return first;
      }, 5000),
    /** Waits until a condition holds. */
    until: <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, 5000),
    types: async () => (await journal.read({ limit: 500 })).map((event) => event.type),
    stop: () => manager.stop(),
  };
}
export type House = Awaited<ReturnType<typeof openHouse>>;

let serial = 0;
