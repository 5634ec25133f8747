import type { ModelApi } from '@caruso/business-objects/contract';
import { CarusoError, type Clock, type Ids } from '@caruso/service-manager/contract';
import type { Change, JournalApi, JournalEvent } from '@caruso/storage-manager/contract';
import { type AgentRow, withWork } from './agent-row.js';
import { errors } from './errors.js';
import { holder, type InteractionRow } from './interaction-row.js';
import { type MessageRow, outboundOrigin } from './message-row.js';
import { owner, type Records } from './records.js';
import { stageChange } from './stage.js';
import { type InteractionEvent, transition } from './transition.js';

export interface WorkOptions {
  journal: JournalApi;
  model: ModelApi;
  clock: Clock;
  ids: Ids;
  records: Records;
}

/** A message about to be stored. */
export type NewMessage = Pick<MessageRow, 'from' | 'author' | 'text' | 'delivery'> & {
  messageId?: string | undefined;
  /** Of a customer's message, see `inboundOrigin`. */
  origin?: string;
  details?: Record<string, unknown>;
};

/** One unit of work: reads what it needs, writes objects, and journals each step with the changes it made. */
export class Work {
  readonly #options: WorkOptions;
  readonly #interactions = new Map<string, InteractionRow>();
  readonly #agents = new Map<string, AgentRow>();
  #changes: Change[] = [];

  constructor(options: WorkOptions) {
    this.#options = options;
  }

  get interactions(): Iterable<InteractionRow> {
    return this.#interactions.values();
  }

  get agents(): Iterable<AgentRow> {
    return this.#agents.values();
  }

  /** The present moment, ISO UTC. */
  now(): string {
    return new Date(this.#options.clock.now()).toISOString();
  }

  id(): string {
    return this.#options.ids.next();
  }

  async interaction(id: string): Promise<InteractionRow> {
    const row = this.#interactions.get(id) ?? (await this.#options.records.interaction(id));
    if (row === null) throw errors.interactionUnknown(id);
    return row;
  }

  async agent(agent: string): Promise<AgentRow> {
    const row = await this.findAgent(agent);
    if (row === null) throw errors.agentUnknown(agent);
    return row;
  }

  async findAgent(agent: string): Promise<AgentRow | null> {
    return this.#agents.get(agent) ?? (await this.#options.records.agent(agent));
  }

  async workOf(agent: string): Promise<InteractionRow[]> {
    return this.#options.records.workOf(agent);
  }

  async load(object: string, where: string, params: Record<string, unknown>): Promise<Record<string, unknown>[]> {
    return this.#options.records.load(object, where, params);
  }

  /** Writes an object of ours; the change goes into the next event. */
  async write(operation: 'create' | 'update', object: string, values: Record<string, unknown>): Promise<void> {
    this.#changes.push(await this.#options.model.write(owner, operation, object, values));
  }

  /** Journals what was written since the event before. */
  async journal(
    type: string,
    subject: { object: string; key: string },
    data: Record<string, unknown> = {},
    audience: string[] = [],
  ): Promise<JournalEvent> {
    const changes = this.#changes;
    this.#changes = [];
    return this.#options.journal.append({ type, subject, data, changes, audience });
  }

  /** No change of state without an event. */
  assertJournaled(): void {
    if (this.#changes.length === 0) return;
    throw new CarusoError({
      code: 'CHANGE_NOT_JOURNALED',
      message: `a change of ${this.#changes.map((change) => change.object).join(', ')} has no event`,
      remedy: 'journal it in the same unit of work',
    });
  }

  async create(row: InteractionRow): Promise<void> {
    await this.write('create', 'Interaction', { ...row });
    this.#interactions.set(row.id, row);
  }

  /** Stores what differs; the version grows unless the state machine has already made it grow. */
  async change(before: InteractionRow, changes: Partial<InteractionRow>): Promise<InteractionRow> {
    const after = { version: before.version + 1, ...changes };
    const merged: InteractionRow = { ...before, ...after };
    await this.write('update', 'Interaction', { id: before.id, ...difference(before, merged) });
    this.#interactions.set(before.id, merged);
    return merged;
  }

  /**
   * Takes an interaction one step on: the state machine, the segments, the agents it concerns, and the event `type`. Throws what the
   * state machine refuses.
   */
  async advance(
    before: InteractionRow,
    event: InteractionEvent,
    type: string,
    data: Record<string, unknown> = {},
    besides: Partial<InteractionRow> = {},
  ): Promise<InteractionRow> {
    const now = this.now();
    const step = transition(before, event, now);
    if (!step.ok) throw step.error;
    const { close, open } = stageChange(before, step.interaction, now);
    let segment = before.segment;
    if (close !== null) {
      await this.write('update', 'Segment', { ...close });
      segment = null;
    }
    if (open !== null) {
      segment = this.id();
      await this.write('create', 'Segment', { id: segment, ...open });
    }
    const after = await this.change(before, { ...step.interaction, ...besides, segment });
    const took = event.kind === 'accept' || event.kind === 'pull';
    for (const agent of new Set([holder(before), holder(after)])) {
      if (agent !== null) await this.settle(agent, took);
    }
    await this.journal(type, about(after), { channel: after.channel, queue: after.queue, ...data }, audienceOf(after));
    return after;
  }

  /** Brings an agent's activity in line with its work. */
  async settle(agent: string, took: boolean): Promise<void> {
    const row = await this.findAgent(agent);
    if (row === null) return;
    const settled = withWork(row, await this.workOf(agent), this.now(), took);
    await this.changeAgent(row, took ? { ...settled, missed: 0 } : settled);
  }

  async createAgent(row: AgentRow): Promise<void> {
    await this.write('create', 'Agent', { ...row });
    this.#agents.set(row.agent, row);
  }

  async changeAgent(before: AgentRow, after: AgentRow): Promise<AgentRow> {
    const changed = difference(before, after);
    if (Object.keys(changed).length === 0) return before;
    const merged = { ...after, version: before.version + 1 };
    await this.write('update', 'Agent', { agent: before.agent, ...difference(before, merged) });
    this.#agents.set(before.agent, merged);
    return merged;
  }

  /** Stores a message and counts it; the caller journals. */
  async say(before: InteractionRow, message: NewMessage): Promise<{ row: InteractionRow; message: MessageRow }> {
    const given = message.messageId;
    const free = given !== undefined && (await this.#options.records.message(given)) === null;
    const id = free ? given : this.id();
    const inbound = message.from === 'customer';
    const stored: MessageRow = {
      id,
      interaction: before.id,
      number: before.messageCount + 1,
      origin: message.origin ?? outboundOrigin(before.id, given ?? id),
      from: message.from,
      author: message.author,
      text: message.text,
      details: message.details ?? {},
      at: this.now(),
      delivery: message.delivery,
    };
    await this.write('create', 'Message', { ...stored });
    const row = await this.change(before, {
      messageCount: stored.number,
      ...(inbound ? { unread: before.unread + 1 } : {}),
    });
    return { row, message: stored };
  }
}

export function about(row: InteractionRow): { object: string; key: string } {
  return { object: 'Interaction', key: row.id };
}

/** The customer's own browser is told of its conversation; other contacts have no browser that bears their address. */
export function audienceOf(row: InteractionRow): string[] {
  return [`visitor:${row.contactAddress}`];
}

function difference<T extends object>(before: T, after: T): Partial<T> {
  const changed: Partial<T> = {};
  for (const key of Object.keys(after) as (keyof T)[]) {
    if (before[key] === after[key]) continue;
    if (JSON.stringify(before[key]) !== JSON.stringify(after[key])) changed[key] = after[key];
  }
  return changed;
}
