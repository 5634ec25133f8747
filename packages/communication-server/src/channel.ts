import { defineContract } from '@caruso/service-manager/contract';
import { z } from 'zod';
import { Interaction, Message } from './shapes.js';

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
