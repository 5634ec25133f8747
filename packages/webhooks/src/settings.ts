import { z } from 'zod';

const Event = z
  .string()
  .regex(/^[A-Za-z_]\w*\.(?:\*|[a-z][A-Za-z]*)$/, 'write Object.created, Object.updated, Object.deleted or Object.*');

const Hook = z.strictObject({
  /** Where the messages go. */
  url: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }),
  /** Signs them; from the environment. `whsec_` and base64, or any text of 24 characters or more. */
  secret: z.string().min(24, 'must have 24 characters or more'),
  /** Events it is told of. */
  on: z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(Event).min(1)),
  /** With whose rights records are read for it. */
  role: z.string().min(1),
  /** Facts that row rights may name as `user.<attribute>`. */
  user: z.record(z.string(), z.unknown()).default({}),
});

/** The part of caruso.yaml that declares webhooks. */
export const WebhookSettings = z.strictObject({
  hooks: z
    .record(
      z.string().regex(/^[a-z][a-z0-9-]{0,59}$/, 'a webhook is named in lower-case letters, digits and hyphens'),
      Hook,
    )
    .default({}),
  /** Addresses (`10.1.2.3`) and networks (`10.1.0.0/16`) of the inside that may be called; without, only public ones may. */
  private: z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])).default([]),
  /** Seconds that an answer is waited for. */
  timeout: z.number().min(0.1).max(60).default(15),
  /** Attempts before a delivery is given up. */
  attempts: z.int().min(1).max(20).default(12),
  /** Days that what was delivered or withheld is kept. What could not be delivered is kept until it is. */
  keepDays: z.number().min(1).max(3650).default(30),
});
export type WebhookSettings = z.output<typeof WebhookSettings>;

/** A webhook, by its name. */
export interface Webhook {
  readonly name: string;
  readonly url: string;
  readonly secret: string;
  readonly on: readonly string[];
  readonly role: string;
  readonly user: Readonly<Record<string, unknown>>;
}

export function webhooksOf({ hooks }: WebhookSettings): Webhook[] {
  return Object.entries(hooks).map(([name, hook]) => ({ name, ...hook }));
}

/** An address as it may be shown: what stands for a secret in it is left out. */
export function shownAddress(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
