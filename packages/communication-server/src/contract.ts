import { defineContract } from '@caruso/service-manager/contract';
import { z } from 'zod';

import { AgentState, Interaction, Message, Offer, Presence, Reference } from './shapes.js';

export { Channel } from './channel.js';
export { AgentActivity, AgentState, Interaction, InteractionState, Message, Offer, Presence } from './shapes.js';

const Id = z.object({ interaction: z.string() });
const desk = ['agent', 'supervisor', 'administrator'] as const;
const floor = ['supervisor', 'administrator'] as const;

/** Interactions, agents and queues. Who acts is the caller: an agent can only touch what is with that agent. */
export const Communication = defineContract({
  id: 'communication',
  version: '1.1.0',
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
        /** Scripts the channel can lead the customer through. Where the one declared for it is among them, it comes before the queue. */
        dialogs: z.array(z.string()).default([]),
        /** A dialog session that a person is to go on with. */
        session: z.string().optional(),
      }),
      output: Interaction,
      idempotent: true,
    },
    tell: {
      summary: 'What the dialog that leads a customer says; an answer to the same message twice is one',
      input: Id.extend({
        /** Under which name. */
        author: z.string().max(200),
        text: z.string().min(1).max(20_000),
        /** The customer's message it answers, or the channel's own word for what it is said about. */
        inReplyTo: z.string().max(100),
        /** The dialog session, noted with the interaction. */
        session: z.string().optional(),
      }),
      output: Message,
      idempotent: true,
    },
    enqueue: {
      summary: 'The dialog hands the customer over to a person, with everything said so far',
      input: Id.extend({ queue: z.string().optional() }),
      output: Interaction,
      idempotent: true,
    },
    conclude: {
      summary: 'The dialog came to its end without a person',
      input: Id.extend({ outcome: z.string().max(100) }),
      output: Interaction,
      idempotent: true,
    },
    led: {
      summary: 'The interactions of a channel that a dialog leads',
      input: z.object({ channel: z.string() }),
      output: z.object({ interactions: z.array(Interaction) }),
      idempotent: true,
    },
    ongoing: {
      summary:
        'The latest interaction with an address that is not at its end, or that a dialog concluded since; or null',
      input: z.object({ channel: z.string(), address: z.string(), concludedSince: z.iso.datetime().optional() }),
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
