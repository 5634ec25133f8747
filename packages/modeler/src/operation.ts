import { z } from 'zod';

/** A name that expressions can speak of. */
const Name = z
  .string()
  .max(60)
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a name has letters, digits and underscores, and begins with a letter');
const Members = z.enum(['attributes', 'relations']);
/** As YAML says it: texts, numbers, lists, mappings. */
const Written = z.json();

/** One edit of the model, as a person means it. */
export const Operation = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('add object'),
    name: Name,
    /** What is written of it; without, it has a key of its own, and administrators may do everything. */
    declaration: z.record(z.string(), Written).optional(),
  }),
  /** Takes the object's file away; its table and records stay in the database. */
  z.strictObject({ do: z.literal('remove object'), object: Name }),
  z.strictObject({ do: z.literal('rename object'), object: Name, to: Name }),
  /** Sets a property of the object: its label, the rights of a role (`['rights', 'agent']`); null takes it away. */
  z.strictObject({
    do: z.literal('set'),
    object: Name,
    path: z.array(z.string().min(1).max(100)).min(1).max(4),
    value: Written,
  }),
  z.strictObject({
    do: z.literal('add'),
    object: Name,
    in: Members,
    name: Name,
    value: Written,
    before: z.string().optional(),
  }),
  z.strictObject({ do: z.literal('rename'), object: Name, in: Members, name: Name, to: Name }),
  z.strictObject({
    do: z.literal('remove'),
    object: Name,
    in: Members,
    name: Name,
    /** Declares that the attribute's column goes too, with all it holds. */
    data: z.enum(['keep', 'remove']).default('keep'),
  }),
  z.strictObject({
    do: z.literal('move'),
    object: Name,
    in: Members,
    name: Name,
    /** The one that follows it then; null: it comes last. */
    before: z.string().nullable(),
  }),
]);
export type Operation = z.infer<typeof Operation>;

/** That an object, attribute or relation is called otherwise; of an object, `object` and `name` are the same. */
export const Rename = z.strictObject({
  object: Name,
  in: z.enum(['objects', 'attributes', 'relations']),
  name: Name,
  to: Name,
});
export type Rename = z.infer<typeof Rename>;

/** The rename that an edit is, if it is one. */
export function renameOf(operation: Operation): Rename | undefined {
  if (operation.do === 'rename object')
    return { object: operation.object, in: 'objects', name: operation.object, to: operation.to };
  if (operation.do !== 'rename') return undefined;
  const { object, in: kind, name, to } = operation;
  return { object, in: kind, name, to };
}
