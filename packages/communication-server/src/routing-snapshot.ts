import type { Hours } from './hours.js';
import type { SkillNeed } from './interaction-row.js';

/** A step in which a queue asks for less, or gives its contact away. `after` in ms since the contact entered the queue. */
export type RelaxStep = { after: number; needs: readonly SkillNeed[] } | { after: number; to: string };

/** What routing must know of a queue. */
export interface QueueRule {
  queue: string;
  hours: Hours;
  relax: readonly RelaxStep[];
  /** How long an offer of this queue rings, ms. */
  offerMs: number;
}

/** A contact that waits. Times ms UTC. */
export interface WaitingContact {
  id: string;
  queue: string;
  channel: string;
  needs: readonly SkillNeed[];
  priority: number;
  queuedAt: number;
  enteredQueueAt: number;
  due: number | null;
  preferredAgent: string | null;
  reservedFor: string | null;
  /** Agents who let an offer of it go by: not asked again before this time. */
  passedOver: ReadonlyMap<string, number>;
}

/** An offer on somebody's screen. */
export interface RunningOffer {
  id: string;
  agent: string;
  token: number;
  expiresAt: number;
}

/** A wrap-up that ends by itself. */
export interface RunningWrapUp {
  id: string;
  until: number;
}

/** An agent with the room it has left. */
export interface AgentRoom {
  agent: string;
  /** May be offered something now, see `isRoutable`. */
  routable: boolean;
  queues: readonly string[];
  skills: Readonly<Record<string, number>>;
  capacity: Readonly<Record<string, number>>;
  /** Share of the agent that is taken, 0 to 1. */
  used: number;
  availableSince: number;
}

/** Everything a decision is made of: plain data, so that a decision can be repeated and explained. */
export interface Snapshot {
  queues: ReadonlyMap<string, QueueRule>;
  waiting: readonly WaitingContact[];
  offers: readonly RunningOffer[];
  wrapUps: readonly RunningWrapUp[];
  agents: readonly AgentRoom[];
  /** One point of priority is worth this much waiting, ms. */
  ageingMs: number;
  timezone: string;
}

export interface NewOffer {
  interaction: string;
  agent: string;
  expiresAt: number;
  reason: string;
}

export interface Decision {
  offers: NewOffer[];
  /** Offers nobody took in time. */
  expiries: { interaction: string; agent: string; token: number }[];
  /** Contacts that leave their queue for another. */
  overflows: { interaction: string; from: string; to: string }[];
  /** Wrap-ups whose time is over. */
  completions: { interaction: string }[];
  /** Time alone changes nothing before this; null: never. */
  wakeAt: number | null;
}
