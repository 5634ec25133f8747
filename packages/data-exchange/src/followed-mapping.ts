import type { ObjectDescription } from '@caruso/business-objects/contract';
import type { ImportOptions, Mapping } from './contract.js';

interface Saved {
  mapping: Mapping;
  options: ImportOptions;
}

/**
 * A saved mapping with the names that attributes have now: one that is gone is followed to the one that was called so. Pure.
 *
 * @param objects what the user may see
 */
export function followedMapping(
  objects: ReadonlyMap<string, ObjectDescription>,
  object: ObjectDescription,
  { mapping, options }: Saved,
): Saved {
  const now = (owner: ObjectDescription | undefined, name: string): string => {
    if (owner === undefined || owner.attributes.some((each) => each.name === name)) return name;
    return owner.attributes.find(({ was }) => was === name)?.name ?? name;
  };
  const entries = Object.entries(mapping).map(([column, part]) => {
    const attribute = now(object, part.attribute);
    const to = object.attributes.find(({ name }) => name === attribute)?.to;
    const by = part.by === undefined || to === undefined ? part.by : now(objects.get(to), part.by);
    return [column, { ...part, attribute, ...(by === undefined ? {} : { by }) }];
  });
  return {
    mapping: Object.fromEntries(entries) as Mapping,
    options: { ...options, match: options.match.map((name) => now(object, name)) },
  };
}
