import { z } from 'zod';

/** Environment variables arrive as text; an empty one is an absent one. */
const Port = z.preprocess(
  (value) => (typeof value === 'string' ? (value.trim() === '' ? undefined : Number(value)) : value),
  z.int().min(0).max(65_535).optional(),
);

/** Configuration of a mail channel. */
export const MailSettings = z.strictObject({
  /** Port of the SMTP listener; 0 takes any free one, absent: no mail comes in. */
  listen: Port,
  host: z.string().min(1).default('127.0.0.1'),
  /** `smtp://user:password@host:587`, `smtps://...`; absent: mail that goes out fails and is shown so. */
  smtp: z.preprocess((value) => (value === '' ? undefined : value), z.url({ protocol: /^smtps?$/ }).optional()),
  /** Address in From; mail to it is taken in. */
  from: z.email(),
  name: z.string().default(''),
  label: z.string().default('Mail'),
  /** Further addresses, and domains such as `@lumen.example`, that mail is taken in for. */
  accept: z
    .array(z.string().regex(/^[^\s@]*@[^\s@]+$/, 'write an address, or a domain such as @lumen.example'))
    .default([]),
  /** Largest mail, bytes. */
  maxBytes: z.int().min(1000).max(100_000_000).default(10_000_000),
});
export type MailSettings = z.output<typeof MailSettings>;

/** Whether mail to this address is ours. */
export function isOurs(settings: Pick<MailSettings, 'from' | 'accept'>, address: string): boolean {
  const wanted = address.toLowerCase();
  return [settings.from, ...settings.accept].some((own) =>
    own.startsWith('@') ? wanted.endsWith(own.toLowerCase()) : wanted === own.toLowerCase(),
  );
}
