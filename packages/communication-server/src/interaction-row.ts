import { z } from 'zod';
import { Interaction, InteractionState } from './contract.js';

/** A skill an interaction needs, with the least level. */
export const SkillNeed = z.object({ skill: z.string(), level: z.number() });
export type SkillNeed = z.infer<typeof SkillNeed>;

const Text = z.string().nullable().default(null);

/** An interaction as it is stored: what everybody sees, and what routing needs besides. Times are ISO UTC. */
export const InteractionRow = z.object({
  id: z.string(),
  channel: z.string(),
  direction: z.enum(['inbound', 'outbound']),
  contactAddress: z.string(),
  contactName: Text,
  customerObject: Text,
  customerKey: Text,
  subject: z
    .string()
    .nullable()
    .transform((text) => text ?? ''),
  queue: Text,
  needs: z
    .array(SkillNeed)
    .nullable()
    .transform((needs) => needs ?? []),
  priority: z.number(),
  due: Text,
  state: InteractionState,
  agent: Text,
  createdAt: z.string(),
  /** Since when it waits for an agent; kept over overflow, new after a transfer. */
  queuedAt: Text,
  /** When it entered its present queue; the steps of `relax` count from here. */
  enteredQueueAt: Text,
  answeredAt: Text,
  endedAt: Text,
  since: z.string(),
  disposition: Text,
  note: Text,
  script: Text,
  scriptSession: Text,
  unread: z.number(),
  /** Agent who last spoke with this customer. */
  preferredAgent: Text,
  /** Set by a supervisor: nobody else is offered it. */
  reservedFor: Text,
  /** The lease: an interaction has one or none, by construction. */
  leaseAgent: Text,
  leaseToken: z.number(),
  leaseExpiresAt: Text,
  leaseReason: Text,
  /** Agents who let an offer go by, and until when they are not asked again. */
  passedOver: z
    .record(z.string(), z.string())
    .nullable()
    .transform((agents) => agents ?? {}),
  wrapUpUntil: Text,
  /** The running segment. */
  segment: Text,
  /** How many messages it has; numbers them. */
  messageCount: z.number(),
  /** Address the customer used. */
  calledAddress: Text,
  /** The closed interaction this one goes on from. */
  continues: Text,
  campaign: Text,
  version: z.number(),
});
export type InteractionRow = z.infer<typeof InteractionRow>;

/** States in which a customer's further message belongs to the same interaction. */
const openStates: ReadonlySet<InteractionState> = new Set(['new', 'ivr', 'queued', 'offered', 'active', 'held']);

export function isOpen(row: InteractionRow): boolean {
  return openStates.has(row.state);
}

/** Still on the floor: waiting, with an agent, or in wrap-up. */
export function isLive(row: InteractionRow): boolean {
  return isOpen(row) || row.state === 'wrap-up';
}

export function isWaiting(row: InteractionRow): boolean {
  return row.state === 'queued' || row.state === 'offered';
}

/** The agent whose capacity it takes: by lease while it is offered, by ownership afterwards. */
export function holder(row: InteractionRow): string | null {
  return row.state === 'offered' ? row.leaseAgent : row.agent;
}

export function toInteraction(row: InteractionRow): Interaction {
  return {
    id: row.id,
    channel: row.channel,
    direction: row.direction,
    contact: { address: row.contactAddress, name: row.contactName },
    customer:
      row.customerObject === null || row.customerKey === null
        ? null
        : { object: row.customerObject, key: row.customerKey },
    subject: row.subject,
    queue: row.queue,
    skills: row.needs,
    priority: row.priority,
    due: row.due,
    state: row.state,
    agent: row.agent,
    createdAt: row.createdAt,
    queuedAt: row.queuedAt,
    answeredAt: row.answeredAt,
    endedAt: row.endedAt,
    since: row.since,
    disposition: row.disposition,
    note: row.note,
    script: row.script,
    scriptSession: row.scriptSession,
    unread: row.unread,
    version: row.version,
  };
}
