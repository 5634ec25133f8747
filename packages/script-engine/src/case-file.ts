import { z } from 'zod';

const Answers = z.record(z.string(), z.unknown());

const CaseMove = z.union([
  z.strictObject({ answer: Answers, at: z.string().optional(), refused: z.boolean().optional() }),
  z.strictObject({ back: z.union([z.string(), z.literal(true)]) }),
  z.strictObject({ signal: z.string() }),
  z.strictObject({
    resume: z.strictObject({
      channel: z.string().optional(),
      language: z.string().optional(),
      by: z.string().optional(),
    }),
  }),
]);

/** A dialog as it should go. */
export const RecordedCase = z.strictObject({
  name: z.string().min(1).max(200),
  channel: z.enum(['agent', 'web', 'chat', 'voice']).optional(),
  language: z.string().optional(),
  params: Answers.optional(),
  now: z.iso.datetime().optional(),
  found: z.record(z.string(), z.array(z.unknown())).optional(),
  acted: Answers.optional(),
  moves: z.array(CaseMove).min(1),
  outcome: z.string().optional(),
  path: z.array(z.string()).optional(),
});

/** Ways that no answers can take, with why. */
export const Infeasible = z.array(z.strictObject({ way: z.string(), why: z.string().min(1) }));

/** `tests/scripts/*.yaml`: recorded cases of one script. */
export const CaseFile = z.strictObject({
  script: z.string(),
  cases: z.array(RecordedCase),
  infeasible: Infeasible.default([]),
});
export type CaseFile = z.output<typeof CaseFile>;
