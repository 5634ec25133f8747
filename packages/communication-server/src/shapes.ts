import { z } from 'zod';

/** Stages of an interaction. */
export const InteractionState = z.enum([
  'new',
  'ivr',
  'queued',
  'offered',
  'active',
  'held',
  'wrap-up',
  'done',
  'abandoned',
  'failed',
]);
export type InteractionState = z.infer<typeof InteractionState>;

export const Presence = z.enum(['offline', 'away', 'ready']);
export type Presence = z.infer<typeof Presence>;

/** What an agent is doing, as the monitor counts it: derived from presence and work. */
export const AgentActivity = z.enum(['offline', 'away', 'ready', 'offered', 'busy', 'wrap-up']);
export type AgentActivity = z.infer<typeof AgentActivity>;

export const Reference = z.object({ object: z.string(), key: z.string() });

/** One contact on any channel. All times ISO UTC. */
export const Interaction = z.object({
  id: z.string(),
  channel: z.string(),
  direction: z.enum(['inbound', 'outbound']),
  /** Address on the channel: mail address, telephone number, visitor id. */
  contact: z.object({ address: z.string(), name: z.string().nullable() }),
  /** The business object the contact was recognised as. */
  customer: Reference.nullable(),
  subject: z.string(),
  queue: z.string().nullable(),
  skills: z.array(z.object({ skill: z.string(), level: z.number() })),
  priority: z.number(),
  due: z.string().nullable(),
  state: InteractionState,
  agent: z.string().nullable(),
  createdAt: z.string(),
  queuedAt: z.string().nullable(),
  answeredAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  /** When it entered its present state. */
  since: z.string(),
  disposition: z.string().nullable(),
  note: z.string().nullable(),
  /** Dialog script of the channel: it leads the customer where the channel can, else it is suggested to the agent. */
  script: z.string().nullable(),
  /** Dialog session that runs or ran with it. */
  scriptSession: z.string().nullable(),
  unread: z.number(),
  version: z.number(),
});
export type Interaction = z.infer<typeof Interaction>;

/** One utterance of a conversation. */
export const Message = z.object({
  id: z.string(),
  interaction: z.string(),
  /** Who said it; `note` is for colleagues alone and never reaches a customer. */
  from: z.enum(['customer', 'agent', 'machine', 'note']),
  author: z.string(),
  text: z.string(),
  /** Mail: subject, message id, attachments by name and size; delivery faults. */
  details: z.record(z.string(), z.unknown()),
  at: z.string(),
  /** Outbound: pending until the channel took it. */
  delivery: z.enum(['received', 'pending', 'sent', 'failed']),
});
export type Message = z.infer<typeof Message>;

/** A lease on an interaction for one agent, until it expires. */
export const Offer = z.object({
  interaction: z.string(),
  agent: z.string(),
  /** Fencing token: a stale one is refused. */
  token: z.number(),
  expiresAt: z.string(),
  /** Why this agent, in words. */
  reason: z.string(),
});
export type Offer = z.infer<typeof Offer>;

export const AgentState = z.object({
  agent: z.string(),
  name: z.string(),
  presence: Presence,
  reason: z.string().nullable(),
  activity: AgentActivity,
  /** Since when it has been in this activity. */
  since: z.string(),
  /** Set when the agent became routable; null while it is not. */
  availableSince: z.string().nullable(),
  skills: z.record(z.string(), z.number()),
  queues: z.array(z.string()),
  /** Weighted capacity by channel: how many at once. */
  capacity: z.record(z.string(), z.number()),
  work: z.array(z.string()),
});
export type AgentState = z.infer<typeof AgentState>;
