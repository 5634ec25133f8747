import type { Change } from '@caruso/storage-manager/contract';
import { AgentRow, isRoutable, load } from './agent-row.js';
import { holder, InteractionRow, isLive, isWaiting } from './interaction-row.js';
import type { QueuePlan } from './queue-plan.js';
import type { AgentRoom, Snapshot, WaitingContact } from './routing-snapshot.js';

/**
 * What goes on now, in memory: contacts that wait or run, and the agents. A copy of what is committed, filled at start and kept current
 * after each commit; the database remains the truth, and a decision made on this copy is checked against it before it is taken.
 */
export class Floor {
  readonly #interactions = new Map<string, InteractionRow>();
  readonly #agents = new Map<string, AgentRow>();
  readonly #waiting = new Map<string, WaitingContact>();
  /** Those that ended of late: news of them that comes behind does not bring them back. */
  readonly #ended = new Set<string>();

  putInteraction(row: InteractionRow): void {
    const known = this.#interactions.get(row.id);
    if (this.#ended.has(row.id) || (known !== undefined && known.version > row.version)) return;
    if (isLive(row)) this.#interactions.set(row.id, row);
    else this.#end(row.id);
    if (row.state === 'queued') this.#waiting.set(row.id, toWaiting(row));
    else this.#waiting.delete(row.id);
  }

  putAgent(row: AgentRow): void {
    const known = this.#agents.get(row.agent);
    if (known === undefined || known.version <= row.version) this.#agents.set(row.agent, row);
  }

  /** Changes out of the journal: those of another generation or process are learnt in this way. */
  follow(changes: readonly Change[]): void {
    for (const { object, after } of changes) {
      if (after === null) continue;
      if (object === 'Interaction') this.putInteraction(InteractionRow.parse(after));
      else if (object === 'Agent') this.putAgent(AgentRow.parse(after));
    }
  }

  #end(id: string): void {
    this.#interactions.delete(id);
    this.#ended.add(id);
    const [oldest] = this.#ended;
    if (this.#ended.size > 1000 && oldest !== undefined) this.#ended.delete(oldest);
  }

  /** The contact is not in the database, whatever this copy says. */
  forget(interaction: string): void {
    this.#interactions.delete(interaction);
    this.#waiting.delete(interaction);
  }

  interaction(id: string): InteractionRow | undefined {
    return this.#interactions.get(id);
  }

  agent(agent: string): AgentRow | undefined {
    return this.#agents.get(agent);
  }

  interactions(): InteractionRow[] {
    return [...this.#interactions.values()].sort((a, b) =>
      a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0,
    );
  }

  agents(): AgentRow[] {
    return [...this.#agents.values()].sort((a, b) => (a.agent < b.agent ? -1 : 1));
  }

  /** What is with an agent or offered to it. */
  workOf(agent: string): InteractionRow[] {
    return this.interactions().filter((row) => holder(row) === agent);
  }

  /** Contacts that wait in a queue and are on nobody's screen. */
  waitingIn(queue: string): WaitingContact[] {
    return [...this.#waiting.values()].filter((contact) => contact.queue === queue);
  }

  /** All that wait in a queue, also those that are being offered. */
  lengthOf(queue: string): { count: number; oldest: string | null } {
    const rows = this.interactions().filter((row) => isWaiting(row) && row.queue === queue);
    const times = rows.map((row) => row.queuedAt ?? row.createdAt).sort();
    return { count: rows.length, oldest: times[0] ?? null };
  }

  /** What routing decides on. */
  snapshot(plan: QueuePlan, timezone: string): Snapshot {
    const work = new Map<string, InteractionRow[]>();
    const snapshot = { offers: [] as Snapshot['offers'][number][], wrapUps: [] as Snapshot['wrapUps'][number][] };
    for (const row of this.#interactions.values()) {
      const agent = holder(row);
      if (agent !== null) {
        const held = work.get(agent);
        if (held === undefined) work.set(agent, [row]);
        else held.push(row);
      }
      if (row.state === 'offered' && agent !== null) {
        snapshot.offers.push({
          id: row.id,
          agent,
          token: row.leaseToken,
          expiresAt: Date.parse(row.leaseExpiresAt ?? row.since),
        });
      }
      if (
        row.state === 'wrap-up' &&
        row.wrapUpUntil !== null &&
        plan.queues.get(row.queue ?? '')?.wrapUp?.complete === true
      ) {
        snapshot.wrapUps.push({ id: row.id, until: Date.parse(row.wrapUpUntil) });
      }
    }
    const queues = new Map([...plan.queues].map(([name, queue]) => [name, queue.rule]));
    const agents = [...this.#agents.values()].map((row) => toRoom(row, work.get(row.agent) ?? []));
    return { ...snapshot, queues, agents, waiting: [...this.#waiting.values()], ageingMs: plan.ageingMs, timezone };
  }
}

function toWaiting(row: InteractionRow): WaitingContact {
  const queuedAt = Date.parse(row.queuedAt ?? row.createdAt);
  return {
    id: row.id,
    queue: row.queue ?? '',
    channel: row.channel,
    needs: row.needs,
    priority: row.priority,
    queuedAt,
    enteredQueueAt: row.enteredQueueAt === null ? queuedAt : Date.parse(row.enteredQueueAt),
    due: row.due === null ? null : Date.parse(row.due),
    preferredAgent: row.preferredAgent,
    reservedFor: row.reservedFor,
    passedOver: new Map(Object.entries(row.passedOver).map(([agent, until]) => [agent, Date.parse(until)])),
  };
}

function toRoom(row: AgentRow, work: readonly InteractionRow[]): AgentRoom {
  return {
    agent: row.agent,
    routable: isRoutable(row, work),
    queues: row.queues,
    skills: row.skills,
    capacity: row.capacity,
    used: load(
      row.capacity,
      work.map((each) => each.channel),
    ),
    availableSince: Date.parse(row.availableSince ?? row.since),
  };
}
