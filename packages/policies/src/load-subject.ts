import type { ObjectDescription, ObjectRecord } from '@caruso/business-objects/contract';

/** Reads a business object by its encoded key; null where there is none. */
export type Load = (object: string, key: string) => Promise<ObjectRecord | null>;

/**
 * The subject of an event as expressions see it: its own values as the event left them, and what its references lead to, as far as
 * `dependencies` (`case.customer.segment`) ask for it.
 */
export async function loadSubject(
  object: string,
  values: Record<string, unknown>,
  dependencies: readonly string[][],
  objects: ReadonlyMap<string, ObjectDescription>,
  load: Load,
): Promise<Record<string, unknown>> {
  const loaded: Record<string, unknown> = { ...values };
  const attributes = objects.get(object)?.attributes ?? [];
  const wanted = new Map<string, string[][]>();
  for (const [first, ...rest] of dependencies) {
    if (first !== undefined) wanted.set(first, [...(wanted.get(first) ?? []), rest]);
  }
  for (const [name, rest] of wanted) {
    const attribute = attributes.find((each) => each.name === name);
    const key = values[name];
    if (attribute?.type !== 'reference' || attribute.to === undefined || typeof key !== 'string') continue;
    const record = await load(attribute.to, key);
    const deeper = rest.filter((path) => path.length > 0);
    loaded[name] = record === null ? null : await loadSubject(attribute.to, record.values, deeper, objects, load);
  }
  return loaded;
}
