import { defineContract } from '@caruso/service-manager/contract';
import { z } from 'zod';

/** How spans are faring on their way to the collector. */
export const Delivery = z.object({
  url: z.string(),
  /** Spans since the component began. */
  ended: z.number(),
  sent: z.number(),
  lost: z.number(),
  /** Why the last delivery failed; null when it did not. */
  trouble: z.string().nullable(),
});
export type Delivery = z.infer<typeof Delivery>;

/** Where this process can be watched. */
export const Telemetry = defineContract({
  id: 'telemetry',
  version: '1.0.0',
  methods: {
    describe: {
      summary: 'Where metrics can be read and traces go, and how the delivery fares',
      input: z.object({}),
      output: z.object({
        metrics: z.object({ url: z.string() }).nullable(),
        traces: Delivery.nullable(),
      }),
      idempotent: true,
      allow: ['administrator'],
    },
    flush: {
      summary: 'Delivers the spans that wait now, instead of with the next delivery',
      input: z.object({}),
      output: z.object({ sent: z.number() }),
      idempotent: true,
      allow: ['administrator'],
    },
  },
});
