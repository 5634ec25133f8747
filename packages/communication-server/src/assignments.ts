import { CarusoError } from '@caruso/service-manager/contract';
import { isRoutable } from './agent-row.js';
import { changePresence, notAnswering } from './agents.js';
import { passOverMs } from './desk.js';
import type { Floor } from './floor.js';
import { isLive } from './interaction-row.js';
import type { QueuePlan } from './queue-plan.js';
import type { Records } from './records.js';
import type { RouterOptions } from './router.js';
import type { Routes } from './routes.js';
import type { Decision } from './routing-snapshot.js';
import type { Work } from './work.js';

type Offer = Decision['offers'][number];

export interface AssignmentsOptions {
  records: Records;
  floor: Floor;
  routes: Routes;
  plan: () => QueuePlan;
}

/** Takes the router's decisions into the database, each checked against what is stored: the floor may have moved on. */
export class Assignments {
  readonly #options: AssignmentsOptions;

  constructor(options: AssignmentsOptions) {
    this.#options = options;
  }

  get take(): RouterOptions['take'] {
    return {
      offer: (offer) => this.#checked(offer.interaction, (work) => this.#offer(work, offer)),
      expiry: (expiry) => this.#checked(expiry.interaction, (work) => this.#expire(work, expiry)),
      overflow: (overflow) => this.#checked(overflow.interaction, (work) => this.#overflow(work, overflow)),
      completion: (completion) =>
        this.#checked(completion.interaction, async (work) => {
          const row = await work.interaction(completion.interaction);
          const event = { kind: 'wrapUp', disposition: 'none', note: null } as const;
          await work.advance(row, event, 'Interaction.wrappedUp', { disposition: 'none', by: 'time' });
        }),
    };
  }

  async #offer(work: Work, offer: Offer): Promise<void> {
    const row = await work.interaction(offer.interaction);
    const agent = await work.agent(offer.agent);
    if (!isRoutable(agent, await work.workOf(offer.agent))) throw new FloorMoved();
    const expiresAt = new Date(offer.expiresAt).toISOString();
    const event = { kind: 'offer', agent: offer.agent, expiresAt, reason: offer.reason } as const;
    await work.advance(row, event, 'Interaction.offered', { agent: offer.agent, reason: offer.reason, expiresAt });
  }

  /** An offer nobody answered: back to its place, and an agent who does that again and again is not there. */
  async #expire(work: Work, expiry: Decision['expiries'][number]): Promise<void> {
    const row = await work.interaction(expiry.interaction);
    const passUntil = new Date(Date.parse(work.now()) + passOverMs).toISOString();
    const event = { kind: 'expire', token: expiry.token, passUntil } as const;
    await work.advance(row, event, 'Interaction.offerExpired', { agent: expiry.agent });
    const agent = await work.findAgent(expiry.agent);
    if (agent === null) return;
    const missed = agent.missed + 1;
    const data = { agent: agent.agent, missed };
    const counted = await work.changeAgent(agent, { ...agent, missed });
    await work.journal('Agent.offerMissed', { object: 'Agent', key: agent.agent }, data);
    if (missed >= this.#options.plan().missedOffers && counted.presence === 'ready') {
      await changePresence(work, counted, 'away', notAnswering);
    }
  }

  async #overflow(work: Work, overflow: Decision['overflows'][number]): Promise<void> {
    const row = await work.interaction(overflow.interaction);
    if (row.queue !== overflow.from) throw new FloorMoved();
    const route = await this.#options.routes.onward(row, overflow.to);
    await work.advance(row, { kind: 'overflow', route }, 'Interaction.overflowed', {
      from: overflow.from,
      to: overflow.to,
    });
  }

  /** A refusal means that the copy was behind: it is brought up to date, and the next decision is made on what is so. */
  async #checked(interaction: string, take: (work: Work) => Promise<void>): Promise<boolean> {
    try {
      await this.#options.records.work(take);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await this.#refresh();
    }
    return this.#options.floor.interaction(interaction) !== undefined;
  }

  async #refresh(): Promise<void> {
    const { floor, records } = this.#options;
    const { interactions, agents } = await records.live();
    const stored = new Set(interactions.filter(isLive).map((row) => row.id));
    for (const row of floor.interactions()) if (!stored.has(row.id)) floor.forget(row.id);
    for (const row of interactions) floor.putInteraction(row);
    for (const row of agents) floor.putAgent(row);
  }
}

/** What was decided no longer holds. */
class FloorMoved extends Error {}

function isRefusal(error: unknown): boolean {
  if (error instanceof FloorMoved) return true;
  return error instanceof CarusoError && error.status >= 400 && error.status < 500;
}
