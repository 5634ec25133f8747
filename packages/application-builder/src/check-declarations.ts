import type { Fault } from '@caruso/declarations';
import type { CheckContext } from '@caruso/declarations/contract';
import { z } from 'zod';
import { compileScreens } from './compile-screens.js';
import { additionsOf, type Shapes } from './shapes.js';

/** What is wrong in screens/*.yaml, for `caruso check`. */
export function checkDeclarations({ folder, schema, model, methods, scripts }: CheckContext): Fault[] {
  // Without a model every name would seem wrong.
  if (schema === undefined) return [];
  const { data } = Related.safeParse(model);
  const objects = [...(data?.objects ?? [])].map(([name, object]) => ({ ...object, name }));
  const shapes = withLists(schema.objects ?? {}, data);
  const context = { shapes, additions: additionsOf(objects), methods, scripts };
  return compileScreens(folder.sources('screens'), context).faults;
}

/** The part of the compiled model that tells the to-many relations and what people may add, which the schema of expressions leaves out. */
const Related = z.object({
  objects: z.map(
    z.string(),
    z.looseObject({
      relations: z.map(z.string(), z.looseObject({ name: z.string(), to: z.string() })),
      notes: z.boolean(),
      attachments: z.unknown().optional(),
    }),
  ),
});

function withLists(objects: Shapes, data: z.infer<typeof Related> | undefined): Shapes {
  return Object.fromEntries(
    Object.entries(objects).map(([name, attributes]) => {
      const relations = [...(data?.objects.get(name)?.relations.values() ?? [])];
      const lists = relations.map((relation) => [relation.name, { list: { object: relation.to } }] as const);
      return [name, { ...attributes, ...Object.fromEntries(lists) }];
    }),
  );
}
