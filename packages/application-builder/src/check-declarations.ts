import { relationTypes } from '@caruso/business-objects/contract';
import type { Fault } from '@caruso/declarations';
import type { CheckContext } from '@caruso/declarations/contract';
import { z } from 'zod';
import { compileScreens } from './compile-screens.js';
import { additionsOf, type Shapes } from './shapes.js';

/** What is wrong in screens/*.yaml, for `caruso check`. */
export function checkDeclarations({ folder, schema, model, methods, scripts }: CheckContext): Fault[] {
  // Without a model every name would seem wrong.
  if (schema === undefined) return [];
  const { data } = Added.safeParse(model);
  const objects = [...(data?.objects ?? [])].map(([name, object]) => ({ ...object, name }));
  const shapes = withRelations(schema.objects ?? {}, relationTypes(model));
  const context = { shapes, additions: additionsOf(objects), methods, scripts };
  return compileScreens(folder.sources('screens'), context).faults;
}

/** The part of the compiled model that tells what people may add. */
const Added = z.object({
  objects: z.map(z.string(), z.looseObject({ notes: z.boolean(), attachments: z.unknown().optional() })),
});

function withRelations(objects: Shapes, relations: Shapes): Shapes {
  return Object.fromEntries(
    Object.entries(objects).map(([name, attributes]) => [name, { ...attributes, ...relations[name] }]),
  );
}
