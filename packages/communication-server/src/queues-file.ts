import { duration } from '@caruso/declarations';
import { z } from 'zod';
import { type Hours, parseHours } from './hours.js';
import type { SkillNeed } from './interaction-row.js';

/** Refuses a text and says what would be right. */
function refuse(context: z.RefinementCtx, message: string, remedy: string): never {
  context.addIssue({ code: 'custom', message, params: { remedy } });
  return z.NEVER;
}

/** A duration on the clock, in milliseconds: people wait in minutes, not in workdays. */
const Span = duration.transform((span, context) =>
  'ms' in span ? span.ms : refuse(context, 'workdays are not of use here', 'write a duration such as 20s or 15m'),
);

/** `0..5`: from the lowest to the highest level. */
const Range = z.string().transform((text, context): { from: number; to: number } => {
  const found = /^(\d+)\.\.(\d+)$/.exec(text.trim());
  if (found === null) return refuse(context, `'${text}' is not a range of levels`, 'write two numbers, such as 0..5');
  return { from: Number(found[1]), to: Number(found[2]) };
});

/** `outage >= 3`, or `english` for any level above nought. */
const Need = z.string().transform((text, context): SkillNeed => {
  const found = /^([A-Za-z][\w-]*)(?:\s*>=\s*(\d+(?:\.\d+)?))?$/.exec(text.trim());
  if (found === null)
    return refuse(context, `'${text}' is not a need`, "write a skill and its least level, such as 'outage >= 3'");
  return { skill: found[1] ?? '', level: found[2] === undefined ? 1 : Number(found[2]) };
});

const Opening = z.string().transform((text, context): Hours => {
  const hours = parseHours(text);
  return hours ?? refuse(context, `'${text}' are no hours`, "write 'always' or 'mo-fr 08:00-18:00, sa 09:00-13:00'");
});

const Relax = z.union([
  z.strictObject({ after: Span, needs: z.array(Need) }),
  z.strictObject({ after: Span, to: z.string() }),
]);

const WrapUp = z.union([
  Span.transform((limit) => ({ limit, complete: false })),
  z.strictObject({ limit: Span, complete: z.boolean().default(false) }),
]);

const Offer = z.union([
  Span.transform((expires) => ({ expires, missed: 2 })),
  z.strictObject({ expires: Span, missed: z.int().min(1).max(100).default(2) }),
]);

/** A number is written as it is; everything else is an expression. */
const Formula = z.union([z.string(), z.number().transform(String)]);

const QueueFile = z.strictObject({
  label: z.string().optional(),
  hours: Opening.default('always'),
  needs: z.array(Need).default([]),
  relax: z.array(Relax).default([]),
  priority: Formula.optional(),
  target: z.strictObject({ 'answered within': Span, share: z.number().min(0).max(1) }).optional(),
  wrapUp: WrapUp.optional(),
  offer: Span.optional(),
});

const ChannelFile = z.strictObject({
  /** A queue, or an expression that gives one. */
  queue: z.string().min(1),
  /** Said to a customer who begins a conversation. */
  greeting: z.string().min(1).optional(),
  /** Said instead outside the queue's hours. */
  closed: z.string().min(1).optional(),
  /** Leads the customer before the queue where the channel can, else it is suggested to the agent. */
  script: z.string().min(1).optional(),
});

/** The file `queues.yaml`. */
export const QueuesFile = z.strictObject({
  skills: z.record(z.string(), Range).default({}),
  queues: z.record(z.string(), QueueFile).default({}),
  channels: z.record(z.string(), ChannelFile).default({}),
  /** The business object that contacts are recognised as, and by which attribute on each channel. */
  contacts: z.strictObject({ object: z.string(), match: z.record(z.string(), z.string()).default({}) }).optional(),
  /** How long an offer rings, and after how many an agent is set away. */
  offer: Offer.default({ expires: 30_000, missed: 2 }),
  /** So much waiting is worth one point of priority. */
  ageing: Span.default(60_000),
  /** Reasons for being away. */
  presence: z.array(z.string()).default([]),
  dispositions: z.array(z.string()).default([]),
});
export type QueuesFile = z.output<typeof QueuesFile>;
