import type { Schema, ValueType } from '@caruso/expressions';
import { mayUse } from './access.js';
import type { Caller } from './engine.js';
import { type ModelObject, storedObjects } from './model.js';
import { variableName } from './name.js';

const schemas = new WeakMap<object, Map<string, Schema>>();

/** What a caller's condition over an object may name: nothing that is hidden from the caller exists for it. */
export function compileConditionSchema(caller: Caller, object: ModelObject): Schema {
  let known = schemas.get(caller.access);
  if (known === undefined) {
    known = new Map();
    schemas.set(caller.access, known);
  }
  let schema = known.get(object.name);
  if (schema === undefined) {
    const objects = visibleTypes(caller);
    schema = { variables: { [variableName(object.name)]: { object: object.name }, ...objects[object.name] }, objects };
    known.set(object.name, schema);
  }
  return schema;
}

function visibleTypes(caller: Caller): Record<string, Record<string, ValueType>> {
  const { model } = caller.state;
  const types: Record<string, Record<string, ValueType>> = {};
  const readable = (name: string) => {
    const object = model.objects.get(name);
    return object !== undefined && caller.access.of(object).read;
  };
  // Tables of links are known to the house alone.
  for (const object of storedObjects(model)) {
    if (model.junctions.has(object.name) && !caller.access.of(object).clear) continue;
    const access = caller.access.of(object);
    if (!access.read) continue;
    const own: Record<string, ValueType> = {};
    for (const attribute of object.attributes.values()) {
      if (!access.visible.has(attribute.name) || !mayUse(attribute, access)) continue;
      // A reference to what may not be read is still a value of its own, as its key is.
      own[attribute.name] = attribute.to !== undefined && !readable(attribute.to) ? 'any' : attribute.valueType;
    }
    for (const relation of object.relations.values()) {
      if (caller.access.follows(object, relation)) own[relation.name] = { list: { object: relation.to } };
    }
    types[object.name] = own;
  }
  return types;
}
