import { currentCall } from '@caruso/service-manager/contract';
import { type AgentRow, toAgentState, withWork } from './agent-row.js';
import type { AgentState, Presence } from './contract.js';
import { errors } from './errors.js';
import type { QueuePlan } from './queue-plan.js';
import type { Records } from './records.js';
import type { Work } from './work.js';

/** Reason of an agent that was set away for not answering. */
export const notAnswering = 'Not answering';

export interface AgentDefinition {
  agent: string;
  name: string;
  skills: Record<string, number>;
  queues: string[];
  capacity: Record<string, number>;
}

/** Who answers: presence, skills, queues, capacity. */
export class Agents {
  readonly #records: Records;
  readonly #plan: () => QueuePlan;

  constructor(records: Records, plan: () => QueuePlan) {
    this.#records = records;
    this.#plan = plan;
  }

  /** Sets the caller's presence. Who is no longer ready loses the offer on the screen; the contact goes back to its place. */
  async setPresence(presence: Presence, reason: string | undefined): Promise<AgentState> {
    const reasons = this.#plan().presence;
    if (presence === 'away' && reason !== undefined && reasons.length > 0 && !reasons.includes(reason)) {
      throw errors.reasonUnknown(reason, reasons);
    }
    const agent = currentCall().principal.id;
    return this.#records.work(async (work) => {
      const row = await work.agent(agent);
      const after = await changePresence(work, row, presence, presence === 'away' ? (reason ?? null) : null);
      return toAgentState(after, await work.workOf(agent));
    });
  }

  async define(definition: AgentDefinition): Promise<AgentState> {
    const { queues, skills } = this.#plan();
    for (const queue of definition.queues) if (!queues.has(queue)) throw errors.queueUnknown(queue, [...queues.keys()]);
    for (const skill of Object.keys(definition.skills)) {
      if (!skills.has(skill)) throw errors.skillUnknown(skill, [...skills.keys()]);
    }
    return this.#records.work(async (work) => {
      const known = await work.findAgent(definition.agent);
      const after = known === null ? await this.#create(work, definition) : await this.#change(work, known, definition);
      return toAgentState(after, await work.workOf(definition.agent));
    });
  }

  async #create(work: Work, definition: AgentDefinition): Promise<AgentRow> {
    const state = { presence: 'offline', activity: 'offline', reason: null, availableSince: null } as const;
    const row: AgentRow = { ...definition, ...state, since: work.now(), missed: 0, version: 1 };
    await work.createAgent(row);
    await work.journal('Agent.defined', { object: 'Agent', key: row.agent }, { agent: row.agent });
    return row;
  }

  async #change(work: Work, known: AgentRow, definition: AgentDefinition): Promise<AgentRow> {
    const changed = { ...known, ...definition };
    const after = await work.changeAgent(known, withWork(changed, await work.workOf(known.agent), work.now()));
    if (after !== known)
      await work.journal('Agent.defined', { object: 'Agent', key: after.agent }, { agent: after.agent });
    return after;
  }
}

/** Sets a presence and takes back what was offered to an agent that is no longer ready. */
export async function changePresence(
  work: Work,
  row: AgentRow,
  presence: Presence,
  reason: string | null,
): Promise<AgentRow> {
  if (row.presence === presence && row.reason === reason) return row;
  const now = work.now();
  // The time of a reason runs anew, also where the agent stays away.
  const since = row.presence === 'away' && presence === 'away' ? now : row.since;
  const before = { ...row, presence, reason, since, missed: presence === 'ready' ? 0 : row.missed };
  let after = await work.changeAgent(row, withWork(before, await work.workOf(row.agent), now));
  await work.journal(
    'Agent.presenceSet',
    { object: 'Agent', key: row.agent },
    { agent: row.agent, presence, reason, was: row.presence },
    [`user:${row.agent}`],
  );
  if (presence === 'ready') return after;
  for (const offered of (await work.workOf(row.agent)).filter((each) => each.state === 'offered')) {
    const data = { agent: row.agent };
    await work.advance(offered, { kind: 'revoke', agent: row.agent }, 'Interaction.offerRevoked', data);
    after = await work.agent(row.agent);
  }
  return after;
}
