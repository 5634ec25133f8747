import { type Clock, currentCall } from '@caruso/service-manager/contract';
import type { z } from 'zod';
import { type AgentRow, toAgentState } from './agent-row.js';
import type { Communication, Interaction, Offer } from './contract.js';
import { lineUp } from './decide.js';
import { errors } from './errors.js';
import type { Floor } from './floor.js';
import { type InteractionRow, toInteraction } from './interaction-row.js';
import { type MessageRow, toMessage } from './message-row.js';
import type { QueuePlan } from './queue-plan.js';
import type { Records } from './records.js';

type Output<K extends keyof (typeof Communication)['methods']> = z.output<
  (typeof Communication)['methods'][K]['output']
>;

export interface ViewsOptions {
  records: Records;
  floor: Floor;
  plan: () => QueuePlan;
  clock: Clock;
  campaigns: () => Promise<Output<'snapshot'>['campaigns']>;
}

/** What people see: an agent's desk, the supervisor's floor, a conversation. */
export class Views {
  readonly #options: ViewsOptions;

  constructor(options: ViewsOptions) {
    this.#options = options;
  }

  desktop(): Output<'desktop'> {
    const { floor, plan } = this.#options;
    const { id, name } = currentCall().principal;
    const agent = floor.agent(id) ?? this.#visitor(id, name);
    const work = floor.workOf(id);
    const ends = work.flatMap((row) => (row.state === 'wrap-up' && row.wrapUpUntil !== null ? [row.wrapUpUntil] : []));
    return {
      agent: toAgentState(agent, work),
      interactions: work.filter((row) => row.state !== 'offered').map(toInteraction),
      offers: work
        .filter((row) => row.state === 'offered')
        .map((row) => ({ offer: toOffer(row), interaction: toInteraction(row) })),
      waiting: agent.queues.map((queue) => ({
        queue,
        label: plan().queues.get(queue)?.label ?? queue,
        ...floor.lengthOf(queue),
      })),
      presenceReasons: [...plan().presence],
      dispositions: [...plan().dispositions],
      wrapUpUntil: ends.sort()[0] ?? null,
    };
  }

  async snapshot(): Promise<Output<'snapshot'>> {
    const { floor, plan, clock, campaigns } = this.#options;
    const agents = floor.agents().map((row) => toAgentState(row, floor.workOf(row.agent)));
    // As the figures count them: somebody in a chat may have room for another, but is busy.
    const ready = agents.filter((agent) => agent.activity === 'ready');
    return {
      at: new Date(clock.now()).toISOString(),
      agents,
      queues: [...plan().queues.values()].map(({ name, label, target }) => {
        const { count, oldest } = floor.lengthOf(name);
        const readyAgents = ready.filter((agent) => agent.queues.includes(name)).length;
        return { queue: name, label, waiting: count, oldest, readyAgents, target };
      }),
      interactions: floor.interactions().map(toInteraction),
      campaigns: await campaigns(),
    };
  }

  async get(id: string): Promise<Interaction | null> {
    const row = await this.#options.records.interaction(id);
    return row === null ? null : toInteraction(row);
  }

  async conversation(id: string, after: string | undefined): Promise<Output<'conversation'>> {
    const { row, messages } = await this.#conversation(id, after);
    return { interaction: toInteraction(row), messages: messages.map(toMessage) };
  }

  /** A conversation as the customer may see it. */
  async read(id: string, after: string | undefined): Promise<Output<'read'>> {
    const { row, messages } = await this.#conversation(id, after);
    const { floor, plan, clock } = this.#options;
    const line = row.queue === null ? [] : lineUp(floor.waitingIn(row.queue), plan().ageingMs, clock.now());
    const place = line.findIndex((contact) => contact.id === id);
    const agent = row.agent === null ? null : await this.#options.records.agent(row.agent);
    return {
      interaction: { ...toInteraction(row), note: null, disposition: null },
      agentName: agent?.name ?? null,
      messages: messages.filter((message) => message.from !== 'note').map(toMessage),
      // Whoever is being offered is next.
      position: row.state === 'offered' ? 1 : place < 0 ? null : place + 1,
    };
  }

  async ongoing(channel: string, address: string, concludedSince: string | undefined): Promise<Interaction | null> {
    const { floor, records } = this.#options;
    const rows = floor.interactions().filter((row) => row.channel === channel && row.contactAddress === address);
    const found = rows.pop() ?? (concludedSince === undefined ? null : await records.concluded(channel, address));
    if (found === null) return null;
    return concludedSince === undefined || found.endedAt === null || found.endedAt >= concludedSince
      ? toInteraction(found)
      : null;
  }

  led(channel: string): Interaction[] {
    const rows = this.#options.floor.interactions();
    return rows.filter((row) => row.channel === channel && row.state === 'ivr').map(toInteraction);
  }

  async kept(): Promise<Output<'kept'>> {
    const rows = await this.#options.records.load('KeptItem', "id <> ''");
    const items = rows.map((row) => ({
      id: String(row.id),
      channel: String(row.channel),
      at: String(row.at),
      from: typeof row.from === 'string' ? row.from : null,
      error: String(row.error),
      raw: String(row.raw ?? ''),
    }));
    return { items: items.sort((a, b) => (a.at < b.at ? 1 : -1)) };
  }

  async #conversation(id: string, after: string | undefined): Promise<{ row: InteractionRow; messages: MessageRow[] }> {
    const { records } = this.#options;
    const row = await records.interaction(id);
    if (row === null) throw errors.interactionUnknown(id);
    const messages = await records.messages(id);
    const from = after === undefined ? -1 : messages.findIndex((message) => message.id === after);
    return { row, messages: messages.slice(from + 1) };
  }

  /** Somebody who may look but was never defined as an agent, such as a supervisor: offline, without queues. */
  #visitor(agent: string, name: string): AgentRow {
    const since = new Date(this.#options.clock.now()).toISOString();
    const state = { presence: 'offline', activity: 'offline', reason: null, availableSince: null } as const;
    return { agent, name, ...state, since, skills: {}, queues: [], capacity: {}, missed: 0, version: 0 };
  }
}

function toOffer(row: InteractionRow): Offer {
  return {
    interaction: row.id,
    agent: row.leaseAgent ?? '',
    token: row.leaseToken,
    expiresAt: row.leaseExpiresAt ?? row.since,
    reason: row.leaseReason ?? '',
  };
}
