import type { ValueType } from '@caruso/expressions';
import { z } from 'zod';

/** The part of a compiled model that tells what leads to other objects. */
const Related = z.object({
  objects: z.map(
    z.string(),
    z.looseObject({
      attributes: z.map(z.string(), z.looseObject({ to: z.string().optional() })),
      relations: z.map(z.string(), z.looseObject({ to: z.string() })),
    }),
  ),
});

/**
 * The relations of each object as expression types: its references, and the to-many relations, which the schema of expressions leaves
 * out. None where the model did not compile.
 *
 * @param model as `CheckContext` carries it
 * @example
 * relationTypes(context.model)['Customer']; // { region: { object: 'Region' }, cases: { list: { object: 'Case' } } }
 */
export function relationTypes(model: unknown): Record<string, Record<string, ValueType>> {
  const { data } = Related.safeParse(model);
  return Object.fromEntries(
    [...(data?.objects ?? [])].map(([object, { attributes, relations }]) => {
      const references = [...attributes].flatMap(([name, { to }]) =>
        to === undefined ? [] : [[name, { object: to }]],
      );
      const lists = [...relations].map(([name, { to }]) => [name, { list: { object: to } }]);
      return [object, Object.fromEntries([...references, ...lists])];
    }),
  );
}
