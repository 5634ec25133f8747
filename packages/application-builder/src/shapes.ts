import type { ObjectDescription } from '@caruso/business-objects/contract';
import type { ValueType } from '@caruso/expressions';

/** Attributes and relations of each object as expression types: what a declaration may name. */
export type Shapes = Readonly<Record<string, Readonly<Record<string, ValueType>>>>;

/** Whether the model lets people write notes on the records of an object, and attach files to them. */
export type Additions = ReadonlyMap<string, Readonly<Record<'notes' | 'attachments', boolean>>>;

export function additionsOf(
  objects: Iterable<{ name: string; notes?: boolean | undefined; attachments?: unknown }>,
): Additions {
  return new Map(
    [...objects].map(({ name, notes, attachments }) => [
      name,
      { notes: notes === true, attachments: attachments !== undefined },
    ]),
  );
}

/** Adds the to-many relations, which the model gives beside the types of attributes. */
export function shapesOf(types: Readonly<Record<string, unknown>>, objects: readonly ObjectDescription[]): Shapes {
  const shapes: Record<string, Record<string, ValueType>> = {};
  for (const { name, relations } of objects) {
    const own: Record<string, ValueType> = { ...(types[name] as Record<string, ValueType> | undefined) };
    for (const relation of relations) {
      if (relation.kind === 'many') own[relation.name] = { list: { object: relation.to } };
    }
    shapes[name] = own;
  }
  return shapes;
}

/** The object a to-one relation leads to. */
export function toOne(type: ValueType | undefined): string | undefined {
  return typeof type === 'object' && 'object' in type ? type.object : undefined;
}

/** The object a to-many relation leads to. */
export function toMany(type: ValueType | undefined): string | undefined {
  return typeof type === 'object' && 'list' in type ? toOne(type.list) : undefined;
}
