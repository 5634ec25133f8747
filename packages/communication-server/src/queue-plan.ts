import type { Expression } from '@caruso/expressions';
import type { SkillNeed } from './interaction-row.js';
import type { QueueRule } from './routing-snapshot.js';

/** A queue as declared. Spans in milliseconds. */
export interface Queue {
  name: string;
  label: string;
  rule: QueueRule;
  needs: readonly SkillNeed[];
  priority: Expression | null;
  target: { withinMs: number; share: number } | null;
  wrapUp: { limit: number; complete: boolean } | null;
}

/** Where the contacts of a channel go. */
export interface ChannelRoute {
  queue: { name: string } | { expression: Expression };
  greeting: string | null;
  closed: string | null;
  script: string | null;
}

/** Everything that queues.yaml says, compiled. */
export interface QueuePlan {
  skills: ReadonlyMap<string, { from: number; to: number }>;
  queues: ReadonlyMap<string, Queue>;
  channels: ReadonlyMap<string, ChannelRoute>;
  contacts: { object: string; match: Readonly<Record<string, string>> } | null;
  /** Offers let go by in a row after which an agent is set away. */
  missedOffers: number;
  ageingMs: number;
  presence: readonly string[];
  dispositions: readonly string[];
}

/** Takes in contacts while no queue is declared, so that none is lost. */
const general: Queue = {
  name: 'general',
  label: 'General',
  rule: { queue: 'general', hours: 'always', relax: [], offerMs: 30_000 },
  needs: [],
  priority: null,
  target: null,
  wrapUp: null,
};

export const emptyPlan: QueuePlan = {
  skills: new Map(),
  queues: new Map([['general', general]]),
  channels: new Map(),
  contacts: null,
  missedOffers: 2,
  ageingMs: 60_000,
  presence: [],
  dispositions: [],
};

/** Where a contact goes whose own queue cannot be told: the first one declared. */
export function fallbackQueue(plan: QueuePlan): Queue {
  return plan.queues.values().next().value ?? general;
}
