import { Interaction } from '@caruso/communication-server/contract';
import { defineContract } from '@caruso/service-manager/contract';
import { z } from 'zod';

/** A telephone that does not ring anywhere: calls are made from a screen or a test. No media. */
export const SimulatedTelephone = defineContract({
  id: 'simulated-telephone',
  version: '1.0.0',
  methods: {
    call: {
      summary: 'A simulated customer calls',
      input: z.object({
        number: z.string().max(40),
        name: z.string().max(100).optional(),
        queue: z.string().optional(),
      }),
      output: Interaction,
      allow: ['agent', 'supervisor', 'administrator'],
    },
    hangUp: {
      summary: 'The simulated customer hangs up',
      input: z.object({ interaction: z.string() }),
      output: Interaction,
      idempotent: true,
      allow: ['agent', 'supervisor', 'administrator'],
    },
    calls: {
      summary: 'Simulated calls that are waiting or running',
      input: z.object({}),
      output: z.object({ calls: z.array(Interaction) }),
      idempotent: true,
      allow: ['agent', 'supervisor', 'administrator'],
    },
  },
});
