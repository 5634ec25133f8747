import { z } from 'zod';
import { AgentActivity, type AgentState, Presence } from './contract.js';
import { holder, type InteractionRow } from './interaction-row.js';

const Levels = z
  .record(z.string(), z.number())
  .nullable()
  .transform((levels) => levels ?? {});

/** An agent as stored. */
export const AgentRow = z.object({
  agent: z.string(),
  name: z.string(),
  presence: Presence,
  reason: z.string().nullable().default(null),
  activity: AgentActivity,
  since: z.string(),
  availableSince: z.string().nullable().default(null),
  skills: Levels,
  queues: z
    .array(z.string())
    .nullable()
    .transform((queues) => queues ?? []),
  capacity: Levels,
  /** Offers let go by in a row. */
  missed: z.number(),
  version: z.number(),
});
export type AgentRow = z.infer<typeof AgentRow>;

/** How much of an agent one contact of a channel takes; capacity 2 is one half. A channel without an entry takes all, 0 is never. */
export function weight(capacity: Readonly<Record<string, number>>, channel: string): number {
  const atOnce = capacity[channel] ?? 1;
  return atOnce <= 0 ? Number.POSITIVE_INFINITY : 1 / atOnce;
}

/** What the work on an agent's desk takes of it: 1 is full. */
export function load(capacity: Readonly<Record<string, number>>, channels: readonly string[]): number {
  let sum = 0;
  for (const channel of channels) {
    const part = weight(capacity, channel);
    sum += part === Number.POSITIVE_INFINITY ? 1 : part;
  }
  return sum;
}

/** Thirds and sevenths do not add up to 1 exactly. */
const rounding = 1e-9;

export function fits(used: number, part: number): boolean {
  return used + part <= 1 + rounding;
}

/** What an agent is doing, out of presence and of the interactions it holds. */
function activityOf(presence: Presence, work: readonly InteractionRow[]): AgentActivity {
  if (work.some((row) => row.state === 'active' || row.state === 'held')) return 'busy';
  if (work.some((row) => row.state === 'wrap-up')) return 'wrap-up';
  if (work.some((row) => row.state === 'offered')) return 'offered';
  return presence;
}

/** May be offered something: ready, no wrap-up to finish, no other offer on the screen, room for more. */
export function isRoutable(agent: Pick<AgentRow, 'presence' | 'capacity'>, work: readonly InteractionRow[]): boolean {
  if (agent.presence !== 'ready') return false;
  if (work.some((row) => row.state === 'wrap-up' || row.state === 'offered')) return false;
  return (
    load(
      agent.capacity,
      work.map((row) => row.channel),
    ) <
    1 - rounding
  );
}

/**
 * The agent after its work changed. `availableSince` begins when it becomes routable, and again after each contact it took, so that it
 * goes to the end of the line; an offer that lapsed does not send it there.
 */
export function withWork(agent: AgentRow, work: readonly InteractionRow[], now: string, tookOne = false): AgentRow {
  const activity = activityOf(agent.presence, work);
  const routable = isRoutable(agent, work);
  const ringing = work.some((row) => row.state === 'offered') && agent.presence === 'ready';
  let availableSince = agent.availableSince;
  if (routable) availableSince = tookOne ? now : (availableSince ?? now);
  else if (!ringing) availableSince = null;
  return { ...agent, activity, availableSince, since: activity === agent.activity ? agent.since : now };
}

export function toAgentState(agent: AgentRow, work: readonly InteractionRow[]): AgentState {
  return {
    agent: agent.agent,
    name: agent.name,
    presence: agent.presence,
    reason: agent.reason,
    activity: agent.activity,
    since: agent.since,
    availableSince: isRoutable(agent, work) ? agent.availableSince : null,
    skills: agent.skills,
    queues: agent.queues,
    capacity: agent.capacity,
    work: work.filter((row) => holder(row) === agent.agent && row.state !== 'offered').map((row) => row.id),
  };
}
