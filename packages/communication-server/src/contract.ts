import { defineContract } from '@caruso/service-manager/contract';
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

const Reference = z.object({ object: z.string(), key: z.string() });

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
  /** Dialog script that the channel suggests to the agent. */
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

const Id = z.object({ interaction: z.string() });
const desk = ['agent', 'supervisor', 'administrator'] as const;
const floor = ['supervisor', 'administrator'] as const;

/** Interactions, agents and queues. Who acts is the caller: an agent can only touch what is with that agent. */
export const Communication = defineContract({
  id: 'communication',
  version: '1.0.0',
  methods: {
    desktop: {
      summary: 'What the calling agent has on the desk: own state, contacts, offers, what can be pulled',
      input: z.object({}),
      output: z.object({
        agent: AgentState,
        interactions: z.array(Interaction),
        offers: z.array(z.object({ offer: Offer, interaction: Interaction })),
        /** Waiting interactions of the agent's queues, by queue. */
        waiting: z.array(
          z.object({ queue: z.string(), label: z.string(), count: z.number(), oldest: z.string().nullable() }),
        ),
        presenceReasons: z.array(z.string()),
        dispositions: z.array(z.string()),
        /** End of the running wrap-up time, when wrap-up is limited. */
        wrapUpUntil: z.string().nullable(),
      }),
      idempotent: true,
      allow: desk,
    },
    setPresence: {
      summary: 'Sets the calling agent ready, away with a reason, or offline',
      input: z.object({ presence: Presence, reason: z.string().max(100).optional() }),
      output: AgentState,
      idempotent: true,
      allow: desk,
    },
    accept: {
      summary: 'Accepts an offer; refused with OFFER_GONE where the token is stale',
      input: Id.extend({ token: z.number() }),
      output: Interaction,
      allow: desk,
    },
    decline: {
      summary: 'Declines an offer; the interaction goes back to its place in the queue',
      input: Id.extend({ token: z.number() }),
      output: Interaction,
      allow: desk,
    },
    pull: {
      summary: 'Takes the next waiting interaction of a queue, or one named; null where nothing waits',
      input: z.object({ queue: z.string().optional(), interaction: z.string().optional() }),
      output: Interaction.nullable(),
      allow: desk,
    },
    send: {
      summary: 'Says something to the customer, or leaves a note for colleagues',
      input: Id.extend({
        text: z.string().min(1).max(20_000),
        note: z.boolean().default(false),
        /** The same id sent twice gives one message. */
        messageId: z.string().max(100).optional(),
      }),
      output: Message,
      allow: desk,
    },
    hold: { summary: 'Holds a call or conversation', input: Id, output: Interaction, allow: desk },
    resume: { summary: 'Takes a held one up again', input: Id, output: Interaction, allow: desk },
    transfer: {
      summary: 'Gives an interaction to another queue',
      input: Id.extend({ queue: z.string(), note: z.string().max(2000).optional() }),
      output: Interaction,
      allow: desk,
    },
    link: {
      summary: 'Says which business object the contact is',
      input: Id.extend({ customer: Reference }),
      output: Interaction,
      allow: desk,
    },
    attachScript: {
      summary: 'Notes the dialog session that runs with an interaction',
      input: Id.extend({ session: z.string() }),
      output: Interaction,
      allow: desk,
    },
    finish: {
      summary: 'Ends the conversation; the agent is in wrap-up',
      input: Id,
      output: Interaction,
      allow: desk,
    },
    wrapUp: {
      summary: 'Completes the wrap-up with a disposition and a note',
      input: Id.extend({ disposition: z.string(), note: z.string().max(10_000).optional() }),
      output: Interaction,
      allow: desk,
    },
    get: { summary: 'One interaction', input: Id, output: Interaction.nullable(), idempotent: true, allow: desk },
    conversation: {
      summary: 'The messages of an interaction, oldest first',
      input: Id.extend({ after: z.string().optional() }),
      output: z.object({ interaction: Interaction, messages: z.array(Message) }),
      idempotent: true,
      allow: desk,
    },
    markRead: {
      summary: 'Sets the unread count to nought',
      input: Id,
      output: Interaction,
      idempotent: true,
      allow: desk,
    },
    snapshot: {
      summary: 'Everything the supervisor sees: agents, queues, waiting and running interactions, campaigns',
      input: z.object({}),
      output: z.object({
        at: z.string(),
        agents: z.array(AgentState),
        queues: z.array(
          z.object({
            queue: z.string(),
            label: z.string(),
            waiting: z.number(),
            oldest: z.string().nullable(),
            readyAgents: z.number(),
            target: z.object({ withinMs: z.number(), share: z.number() }).nullable(),
          }),
        ),
        interactions: z.array(Interaction),
        campaigns: z.array(
          z.object({
            campaign: z.string(),
            label: z.string(),
            state: z.enum(['idle', 'running', 'paused', 'finished']),
            total: z.number(),
            sent: z.number(),
            failed: z.number(),
            answered: z.number(),
          }),
        ),
      }),
      idempotent: true,
      allow: floor,
    },
    move: {
      summary: 'Supervisor: moves a waiting interaction to another queue or to one agent',
      input: Id.extend({ queue: z.string().optional(), agent: z.string().optional() }),
      output: Interaction,
      allow: floor,
    },
    kept: {
      summary: 'What came in and could not be processed, kept whole',
      input: z.object({}),
      output: z.object({
        items: z.array(
          z.object({
            id: z.string(),
            channel: z.string(),
            at: z.string(),
            from: z.string().nullable(),
            error: z.string(),
            raw: z.string(),
          }),
        ),
      }),
      idempotent: true,
      allow: desk,
    },
    startCampaign: {
      summary: 'Starts or resumes a campaign',
      input: z.object({ campaign: z.string() }),
      output: z.object({ campaign: z.string(), total: z.number() }),
      allow: floor,
    },
    pauseCampaign: {
      summary: 'Pauses a campaign; what is under way is finished',
      input: z.object({ campaign: z.string() }),
      output: z.object({ campaign: z.string() }),
      allow: floor,
    },
    defineAgent: {
      summary: 'Creates or changes an agent: skills, queues, capacity',
      input: z.object({
        agent: z.string(),
        name: z.string(),
        skills: z.record(z.string(), z.number()).default({}),
        queues: z.array(z.string()).default([]),
        capacity: z.record(z.string(), z.number()).default({ voice: 1, chat: 2, mail: 3 }),
      }),
      output: AgentState,
      idempotent: true,
      allow: floor,
    },

    // What channels call; not open to the outside.
    receive: {
      summary: 'A contact or a further message of one arrived on a channel',
      input: z.object({
        channel: z.string(),
        /** The same id delivered twice is taken once. */
        messageId: z.string(),
        contact: z.object({ address: z.string(), name: z.string().nullable().default(null) }),
        /** Address the customer used, for routing expressions. */
        to: z.string().optional(),
        subject: z.string().default(''),
        text: z.string(),
        details: z.record(z.string(), z.unknown()).default({}),
        /** Continues this interaction while it is open; else a new one begins. */
        interaction: z.string().optional(),
        /** A known customer (a signed-in or identified one). */
        customer: Reference.optional(),
        queue: z.string().optional(),
      }),
      output: Interaction,
      idempotent: true,
    },
    ongoing: {
      summary: 'The latest interaction with an address that is not at its end, or null',
      input: z.object({ channel: z.string(), address: z.string() }),
      output: Interaction.nullable(),
      idempotent: true,
    },
    leave: {
      summary: 'The customer hung up or left: abandoned while waiting, wrap-up while talking',
      input: Id,
      output: Interaction,
      idempotent: true,
    },
    read: {
      summary: 'A conversation as the customer may see it: no notes',
      input: Id.extend({ after: z.string().optional() }),
      output: z.object({
        interaction: Interaction,
        /** The agent's display name, for the customer. */
        agentName: z.string().nullable(),
        messages: z.array(Message),
        position: z.number().nullable(),
      }),
      idempotent: true,
    },
    keep: {
      summary: 'Keeps what could not be processed, whole, and shows it to the staff',
      input: z.object({ channel: z.string(), from: z.string().nullable(), error: z.string(), raw: z.string() }),
      output: z.object({ id: z.string() }),
    },
  },
});

/** What each channel component provides; found by the name of its registration. */
export const Channel = defineContract({
  id: 'channel',
  version: '1.0.0',
  methods: {
    describe: {
      summary: 'What the channel can do',
      input: z.object({}),
      output: z.object({
        channel: z.string(),
        label: z.string(),
        /** True for a channel that stands in for a real one; screens say so. */
        simulated: z.boolean(),
        /** The customer is on the line: abandon, hold and wrap-up apply at once. */
        live: z.boolean(),
        /** Where customers reach it: an address, a number. */
        address: z.string().nullable(),
      }),
      idempotent: true,
      allow: ['agent', 'supervisor', 'administrator'],
    },
    send: {
      summary: 'Delivers one outbound message to the customer; idempotent by message id',
      input: z.object({
        interaction: Interaction,
        message: Message,
        /** Earlier messages of the thread, for references. */
        thread: z.array(Message),
      }),
      output: z.object({ details: z.record(z.string(), z.unknown()) }),
      idempotent: true,
    },
    end: {
      summary: 'The agent ended the conversation; tells the customer where the channel can',
      input: z.object({ interaction: Interaction }),
      output: z.object({}),
      idempotent: true,
    },
  },
});
