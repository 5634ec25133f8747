import { defineContract } from '@caruso/service-manager/contract';
import { z } from 'zod';

export const DeliveryState = z.enum(['waiting', 'delivered', 'dead', 'withheld']);
export type DeliveryState = z.infer<typeof DeliveryState>;

export const WebhookState = z.object({
  webhook: z.string(),
  /** Without what may be secret in it. */
  url: z.string(),
  on: z.array(z.string()),
  role: z.string(),
  /** Deliveries in each state, as far as they are kept. */
  counts: z.record(DeliveryState, z.number()),
});
export type WebhookState = z.infer<typeof WebhookState>;

export const Webhooks = defineContract({
  id: 'webhooks',
  version: '1.0.0',
  methods: {
    list: {
      summary: 'Every webhook, and how its deliveries stand',
      input: z.object({}),
      output: z.object({ webhooks: z.array(WebhookState) }),
      idempotent: true,
      allow: ['administrator'],
    },
    retry: {
      summary: 'Sends what could not be delivered again, under the same key',
      input: z.object({ delivery: z.string() }),
      output: z.object({ state: DeliveryState }),
      idempotent: true,
      allow: ['administrator'],
    },
    retryAll: {
      summary: 'Sends everything again that a webhook could not deliver',
      input: z.object({ webhook: z.string() }),
      output: z.object({ retried: z.number() }),
      idempotent: true,
      allow: ['administrator'],
    },
  },
});

/** The body of a request to another system. */
export const WebhookMessage = z.object({
  /** The same in each attempt; also `webhook-id` and `idempotency-key`. */
  id: z.string(),
  webhook: z.string(),
  /** `Customer.updated` */
  type: z.string(),
  /** ISO UTC. */
  at: z.string(),
  /** Grows with what happens: a receiver can put messages in order. */
  seq: z.number(),
  subject: z.object({ object: z.string(), key: z.string() }),
  /** Attributes that the role sees and that the event changed. */
  changed: z.array(z.string()),
  /** As the role sees it when it is sent first; null where it is gone or out of the role's sight. */
  record: z
    .object({
      object: z.string(),
      key: z.string(),
      version: z.string(),
      display: z.string(),
      values: z.record(z.string(), z.unknown()),
    })
    .nullable(),
});
export type WebhookMessage = z.infer<typeof WebhookMessage>;
