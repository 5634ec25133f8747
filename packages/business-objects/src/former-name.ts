import type { ModelObject } from './model.js';

/** The name under which an object was known before it was renamed; undefined where another has that name now. */
export function formerNameOf(objects: ReadonlyMap<string, ModelObject>, object: ModelObject): string | undefined {
  return object.formerName === undefined || objects.has(object.formerName) ? undefined : object.formerName;
}

/** What an object is called now, by a name that may be from before it was renamed. */
export function objectNow(objects: ReadonlyMap<string, ModelObject>, name: string): ModelObject | undefined {
  return objects.get(name) ?? [...objects.values()].find((object) => object.formerName === name);
}

/** What an attribute is called now, by a name that may be from before it was renamed. */
export function attributeNow({ attributes }: ModelObject, name: string): string {
  if (attributes.has(name)) return name;
  return [...attributes.values()].find(({ was }) => was === name)?.name ?? name;
}
