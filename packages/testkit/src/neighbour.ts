import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceManager } from '@caruso/service-manager';
import { type AnyComponent, type Client, defineContract } from '@caruso/service-manager/contract';
import { z } from 'zod';
import { standIn } from './start-wrapper.js';

const Echo = defineContract({
  id: 'testkit-neighbour',
  version: '1.0.0',
  methods: {
    echo: { summary: 'Says what it was told', input: z.object({ n: z.number() }), output: z.object({ n: z.number() }) },
  },
});

/** A component that has nothing to do with the wrapper, and must not notice what happens to it. */
export class Neighbour {
  readonly component: AnyComponent = standIn(Echo, { echo: async ({ n }) => ({ n }) });
  #client: Client<typeof Echo> | undefined;

  joined(manager: ServiceManager): void {
    this.#client = manager.use(Echo, '^1.0');
  }

  /** Calls the neighbour all the while `work` is done. Throws when one call fails, or none could be made. */
  async beside(work: () => Promise<void>): Promise<void> {
    const client = this.#client;
    assert.ok(client !== undefined);
    const progress = { done: false };
    let answered = 0;
    const failed: string[] = [];
    const calling = (async () => {
      do {
        const { n } = await client.echo({ n: answered }).catch((error: unknown) => {
          failed.push(String(error));
          return { n: answered };
        });
        answered = n + 1;
        await sleep(2);
      } while (!progress.done);
    })();
    try {
      await work();
    } finally {
      progress.done = true;
      await calling;
    }
    assert.deepEqual(failed, [], 'a neighbour in the same service manager was harmed');
    assert.ok(answered > 0, 'a neighbour in the same service manager got no answer');
  }
}
