import type { Interaction } from './contract.js';
import { errors } from './errors.js';
import { toInteraction } from './interaction-row.js';
import type { Records } from './records.js';
import type { Routes } from './routes.js';

/** What a supervisor does to contacts that wait. */
export class Supervision {
  readonly #records: Records;
  readonly #routes: Routes;

  constructor(records: Records, routes: Routes) {
    this.#records = records;
    this.#routes = routes;
  }

  async move(id: string, to: { queue?: string | undefined; agent?: string | undefined }): Promise<Interaction> {
    const { queue, agent } = to;
    if (queue === undefined && agent === undefined) throw errors.moveWhere();
    if (queue !== undefined) this.#routes.queue(queue);
    return this.#records.work(async (work) => {
      const row = await work.interaction(id);
      if (agent !== undefined) await work.agent(agent);
      const route = queue === undefined ? null : await this.#routes.onward(row, queue);
      const event = { kind: 'move', route, reservedFor: agent ?? null } as const;
      const data = { from: row.queue, to: queue ?? row.queue, agent: agent ?? null };
      return toInteraction(await work.advance(row, event, 'Interaction.moved', data));
    });
  }
}
