import { Interaction, Message } from '@caruso/communication-server/contract';
import { defineContract } from '@caruso/service-manager/contract';
import { z } from 'zod';

/** What a visitor sees of a conversation: never a note, never an agent's sign-in name. */
export const ChatView = z.object({
  interaction: z.string(),
  state: Interaction.shape.state,
  /** Agent's display name once one has answered. */
  agent: z.string().nullable(),
  /** Place in the queue, from 1; null when not waiting. */
  position: z.number().nullable(),
  messages: z.array(Message.pick({ id: true, from: true, author: true, text: true, at: true })),
});
export type ChatView = z.infer<typeof ChatView>;

/** Chat from the customer's browser. The conversation belongs to the visitor who opened it (the caller's principal). */
export const Chat = defineContract({
  id: 'chat',
  version: '1.1.0',
  methods: {
    open: {
      summary: 'Opens a conversation, or gives back the one that is open',
      input: z.object({
        name: z.string().trim().min(1).max(100),
        email: z.email().max(200).optional(),
        text: z.string().trim().min(1).max(4000),
        /** The visitor's language, for a dialog that leads the conversation. */
        language: z.string().max(35).optional(),
        /** A dialog of the visitor's own that a person is to go on with, seeing every answer. */
        session: z.string().max(60).optional(),
        messageId: z.string().max(100),
      }),
      output: ChatView,
      allow: ['public'],
    },
    current: {
      summary: 'The open conversation of this visitor, or one that a dialog concluded within the last hour; or null',
      input: z.object({}),
      output: ChatView.nullable(),
      idempotent: true,
      allow: ['public'],
    },
    say: {
      summary: 'Says something; the same message id twice is one message',
      input: z.object({
        interaction: z.string(),
        text: z.string().trim().min(1).max(4000),
        messageId: z.string().max(100),
      }),
      output: ChatView,
      idempotent: true,
      allow: ['public'],
    },
    leave: {
      summary: 'Leaves the conversation',
      input: z.object({ interaction: z.string() }),
      output: ChatView,
      idempotent: true,
      allow: ['public'],
    },
  },
});
