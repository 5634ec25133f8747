import { messageOf } from './errors.js';
import { needFact, type Registration } from './registration.js';
import type { Use } from './restart-order.js';
import type { Routing } from './routing.js';
import type { ChangeReport } from './services.js';

/** Who uses whom now, in this process. */
export function usesAmong(registrations: readonly Registration[], routing: Routing): Use[] {
  return registrations
    .filter((r) => r.generation !== undefined)
    .flatMap((consumer) =>
      Object.values(consumer.allNeeds).flatMap((need) => {
        const provider = routing.answering(needFact(need), consumer.name);
        if (provider === undefined || provider.node !== undefined) return [];
        return [{ consumer: consumer.name, provider: provider.name, restart: need.onReplace === 'restart' }];
      }),
    );
}

/** Restarts one after the other; one that cannot be does not keep the next from it. */
export async function inTurn(
  order: readonly string[],
  restart: (name: string) => Promise<unknown>,
): Promise<ChangeReport['restarted']> {
  const restarted: ChangeReport['restarted'] = [];
  for (const name of order) {
    try {
      await restart(name);
      restarted.push({ name });
    } catch (error) {
      restarted.push({ name, error: messageOf(error) });
    }
  }
  return restarted;
}
