import { z } from 'zod';

/** The one form an attribute's values are brought into when they are written, by `normalise:`. */
export const Normalisation = z.enum(['text', 'name', 'company', 'address', 'postcode', 'email', 'phone']);
export type Normalisation = z.infer<typeof Normalisation>;

/** Whose value a merged record has, by `survivor:`; whatever it says, a value wins over none. */
export const Survivor = z.enum(['kept', 'other', 'longest', 'largest', 'smallest']);
export type Survivor = z.infer<typeof Survivor>;

/** Two records agree in an attribute: exactly, or with at least this similarity (0 to 1). */
export const MatchCondition = z.object({ attribute: z.string(), like: z.number().optional() });
export type MatchCondition = z.infer<typeof MatchCondition>;

/**
 * When two records are about the same thing, as `duplicates:` of a model file says: `all` conditions hold, or what agrees and disagrees
 * comes to enough points. A point is a bit of evidence: ten say that one pair of strangers in about a thousand agrees by chance.
 */
export const MatchRule = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all'), band: z.enum(['same', 'perhaps']), conditions: z.array(MatchCondition) }),
  z.object({
    kind: z.literal('weigh'),
    weights: z.array(MatchCondition.extend({ points: z.number() })),
    /** Points from which on two records are the same, and perhaps the same. */
    same: z.number(),
    perhaps: z.number(),
  }),
]);
export type MatchRule = z.infer<typeof MatchRule>;
