import { nearest } from '@caruso/declarations';
import { compile, type Schema } from '@caruso/expressions';
import { type Draft, expressionFaults, fault } from './draft.js';
import type { RoleRight } from './model.js';
import { variableName } from './name.js';

/** What a condition over one object may name: its attributes and relations, and the object itself by name. */
function conditionSchema(object: string, objects: NonNullable<Schema['objects']>): Schema {
  return { variables: { [variableName(object)]: { object }, ...objects[object] }, objects };
}

/** Compiles the rights of each role; a fault leaves the role without any. */
export function compileRights(draft: Draft, objects: NonNullable<Schema['objects']>): void {
  const declared = draft.file.rights;
  if (declared === undefined) return;
  const rights = new Map<string, RoleRight>();
  const base = conditionSchema(draft.name, objects);
  const schema = { ...base, variables: { ...base.variables, user: 'any' as const } };
  for (const [role, body] of Object.entries(declared)) {
    const path = ['rights', role];
    let read: RoleRight['read'] = body.read === 'all';
    if (body.read !== 'all' && body.read !== 'none') {
      const compiled = compile(body.read, schema, { expects: 'boolean' });
      if (compiled.ok) read = compiled.expression;
      else expressionFaults(draft, [...path, 'read'], compiled.faults);
    }
    const write = body.write === 'all' ? 'all' : new Set(body.write === 'none' ? [] : body.write);
    const reveal = body.reveal === 'all' ? 'all' : new Set(body.reveal === 'none' ? [] : body.reveal);
    for (const [list, names] of [
      ['write', write === 'all' ? [] : [...write]],
      ['reveal', reveal === 'all' ? [] : [...reveal]],
      ['hide', body.hide],
    ] as const) {
      for (const [index, name] of names.entries()) checkName(draft, [...path, list, index], name, list);
    }
    const create = body.create ?? write === 'all';
    rights.set(role, { read, write, create, delete: body.delete, hide: new Set(body.hide), reveal });
  }
  draft.rights = rights;
}

function checkName(
  draft: Draft,
  path: readonly (string | number)[],
  name: string,
  list: 'write' | 'reveal' | 'hide',
): void {
  const attribute = draft.attributes.get(name);
  const relation = draft.relations.get(name);
  const hide = list === 'hide' && relation !== undefined;
  // Links are written where the relation is; what other records refer with is written there.
  const link = list === 'write' && relation?.through !== undefined;
  if (attribute === undefined && !hide && !link) {
    const near = nearest(name, draft.attributes.keys());
    const remedy =
      near === undefined ? `attributes: ${[...draft.attributes.keys()].join(', ')}` : `did you mean '${near}'?`;
    fault(draft, path, 'MODEL_ATTRIBUTE_UNKNOWN', `${draft.name} has no attribute '${name}'`, remedy);
  } else if (list === 'hide' && attribute?.key === true) {
    const remedy = 'leave it visible, or give no right to read';
    fault(draft, path, 'MODEL_RIGHT', `'${name}' is part of the key, which cannot be hidden`, remedy);
  }
}
