import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { ModelerObject } from './contract.js';

/** What one model says and another does not: an object, an attribute, a relation, the rights of a role, another property. */
export const Difference = z.object({
  object: z.string(),
  /** Of the object's declaration; empty for the object itself. */
  path: z.array(z.string()).max(3),
  kind: z.enum(['added', 'removed', 'changed', 'renamed']),
  /** What it was called, where it was renamed. */
  was: z.string().optional(),
  before: z.json().optional(),
  after: z.json().optional(),
});
export type Difference = z.infer<typeof Difference>;
type Json = Difference['after'];

/**
 * What has to change in a model so that it says what another does. Pure.
 *
 * @param wanted the model that is to be taken over
 * @param present the model that is to change
 * @example
 * differences(test, production); // [{ object: 'Customer', path: ['attributes', 'fax'], kind: 'added', after: { type: 'phone' } }]
 */
export function differences(wanted: readonly ModelerObject[], present: readonly ModelerObject[]): Difference[] {
  const found: Difference[] = [];
  const there = new Map(present.map((each) => [each.name, each]));
  const taken = new Set<string>();
  for (const object of wanted) {
    const was = object.rest['was'];
    const same = there.get(object.name);
    const former = same === undefined && typeof was === 'string' ? there.get(was) : undefined;
    const other = same ?? former;
    if (other === undefined) {
      found.push({ object: object.name, path: [], kind: 'added', after: declarationOf(object) });
      continue;
    }
    taken.add(other.name);
    if (former !== undefined) found.push({ object: object.name, path: [], kind: 'renamed', was: former.name });
    found.push(...within(object, other));
  }
  for (const object of present)
    if (!taken.has(object.name))
      found.push({ object: object.name, path: [], kind: 'removed', before: declarationOf(object) });
  return found;
}

/** How a person names a difference: `Visit`, `Customer.attributes.fax`. */
export function nameOf({ object, path }: Pick<Difference, 'object' | 'path'>): string {
  return [object, ...path].join('.');
}

/** An object's declaration as one value. */
function declarationOf({ name, attributes, relations, rights, rest }: ModelerObject): Json {
  const bodies = (members: typeof attributes) => Object.fromEntries(members.map((each) => [each.name, each.body]));
  return {
    object: name,
    ...rest,
    attributes: bodies(attributes),
    ...(relations.length === 0 ? {} : { relations: bodies(relations) }),
    ...(Object.keys(rights).length === 0 ? {} : { rights }),
  } as Json;
}

function within(wanted: ModelerObject, present: ModelerObject): Difference[] {
  const object = wanted.name;
  return [
    ...between(object, [], wanted.rest, present.rest),
    ...between(object, ['attributes'], bodiesOf(wanted.attributes), bodiesOf(present.attributes)),
    ...between(object, ['relations'], bodiesOf(wanted.relations), bodiesOf(present.relations)),
    ...between(object, ['rights'], wanted.rights, present.rights),
  ];
}

function bodiesOf(members: ModelerObject['attributes']): Record<string, unknown> {
  return Object.fromEntries(members.map(({ name, body }) => [name, body]));
}

function between(
  object: string,
  path: string[],
  wanted: Record<string, unknown>,
  present: Record<string, unknown>,
): Difference[] {
  const found: Difference[] = [];
  const taken = new Set<string>();
  for (const [key, after] of Object.entries(wanted)) {
    const was = path[0] === 'attributes' ? (after as { was?: unknown }).was : undefined;
    const before = present[key];
    if (before !== undefined) {
      // What something was called is no difference once it is called so no more.
      const other = typeof was === 'string' && present[was] === undefined ? withoutWas(after) : after;
      if (!isDeepStrictEqual(other, before) && !isDeepStrictEqual(withoutWas(after), withoutWas(before)))
        found.push({ object, path: [...path, key], kind: 'changed', before: before as Json, after: after as Json });
    } else if (typeof was === 'string' && present[was] !== undefined && wanted[was] === undefined) {
      taken.add(was);
      found.push({
        object,
        path: [...path, key],
        kind: 'renamed',
        was,
        before: present[was] as Json,
        after: after as Json,
      });
    } else found.push({ object, path: [...path, key], kind: 'added', after: after as Json });
  }
  for (const [key, before] of Object.entries(present))
    if (wanted[key] === undefined && !taken.has(key) && !(path.length === 0 && key === 'was'))
      found.push({ object, path: [...path, key], kind: 'removed', before: before as Json });
  return found.filter(({ path: [only, ...rest] }) => !(only === 'was' && rest.length === 0));
}

function withoutWas(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const { was: _, ...rest } = body as Record<string, unknown>;
  return rest;
}
