import type { ValueType } from '@caruso/expressions';
import { z } from 'zod';

/** The part of a compiled model that tells the to-many relations. */
const Related = z.object({
  objects: z.map(
    z.string(),
    z.looseObject({ relations: z.map(z.string(), z.looseObject({ name: z.string(), to: z.string() })) }),
  ),
});

/**
 * The to-many relations of each object as expression types, which the schema of expressions leaves out; none where the model did not
 * compile.
 *
 * @param model as `CheckContext` carries it
 * @example
 * relationTypes(context.model)['Customer']; // { cases: { list: { object: 'Case' } } }
 */
export function relationTypes(model: unknown): Record<string, Record<string, ValueType>> {
  const { data } = Related.safeParse(model);
  return Object.fromEntries(
    [...(data?.objects ?? [])].map(([name, { relations }]) => [
      name,
      Object.fromEntries([...relations.values()].map((each) => [each.name, { list: { object: each.to } }])),
    ]),
  );
}
