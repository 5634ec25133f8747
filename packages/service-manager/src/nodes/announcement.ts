import { z } from 'zod';
import type { OfferedProvider } from '../links.js';
import { ServiceState } from '../services.js';
import { nodeNotTrusted } from './errors.js';
import { sameSignature, sign } from './principal-token.js';

/** Of what nodes say to each other; nodes that speak another one do not work together. */
export const PROTOCOL = 2;

const Offered = z.object({
  name: z.string(),
  version: z.string(),
  generation: z.number(),
  state: ServiceState,
  reason: z.string().optional(),
  since: z.number(),
  ranking: z.number(),
  order: z.number(),
  offers: z.array(z.object({ contract: z.string(), version: z.string() })),
  calls: z.object({
    total: z.number(),
    failed: z.number(),
    inFlight: z.number(),
    p50: z.number().nullable(),
    p95: z.number().nullable(),
  }),
});

/** What a node says of itself, each second and at each change. */
export const Announcement = z.object({
  protocol: z.number(),
  node: z.string().min(1).max(100),
  /** Another at each start. */
  run: z.string().min(1).max(100),
  /** Rises with each announcement of a run: an old one that is sent again counts for nothing. */
  sequence: z.number(),
  /** Rises when the node has lost its NATS and found it again: what was under way then is lost. */
  connection: z.number(),
  /** When it started, milliseconds UTC. */
  started: z.number(),
  /** For people: machine and process. */
  where: z.string().max(200),
  /** `leaving`: takes no new calls, finishes those it has. `gone`: will not be heard again. */
  phase: z.enum(['here', 'leaving', 'gone']),
  /** Others are asked to announce themselves too. */
  ask: z.boolean(),
  providers: z.array(Offered),
});
export type Announcement = Omit<z.infer<typeof Announcement>, 'providers'> & { providers: OfferedProvider[] };

/** The signature on one line, the announcement on the next. */
export function encodeAnnouncement(announcement: Announcement, secret: string): string {
  const text = JSON.stringify(announcement);
  return `${sign(secret, text)}\n${text}`;
}

/** Throws NODE_NOT_TRUSTED, naming the node as it names itself. */
export function decodeAnnouncement(message: string, secret: string): Announcement {
  const end = message.indexOf('\n');
  const text = message.slice(end + 1);
  const trusted = sameSignature(sign(secret, text), message.slice(0, Math.max(end, 0)));
  const value = parse(text);
  const { protocol, node, where } = (value ?? {}) as Partial<Announcement>;
  const who = `Node '${String(node).slice(0, 100)}' (${String(where).slice(0, 200)})`;
  if (!trusted) throw nodeNotTrusted(who, 'it does not have the secret of this cluster');
  if (protocol !== PROTOCOL)
    throw nodeNotTrusted(who, `it speaks version ${String(protocol)} of the protocol, not ${PROTOCOL}`);
  const read = Announcement.safeParse(value);
  if (!read.success) throw nodeNotTrusted(who, 'its announcement cannot be read');
  return read.data;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
