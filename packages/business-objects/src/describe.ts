import type { ValueType } from '@caruso/expressions';
import type { Access } from './access.js';
import type { AttributeDescription, ObjectDescription, RelationDescription } from './contract.js';
import { readOnlyReason } from './editor.js';
import type { Attribute, CompiledModel, ModelObject } from './model.js';
import { humanName } from './name.js';

/** An object as a caller sees it; without `access`, as it is. */
export function describeObject(object: ModelObject, access: Access | undefined): ObjectDescription {
  const rights = access?.of(object);
  const fixed = readOnlyReason(object) !== undefined;
  const visible = (name: string) => rights === undefined || rights.visible.has(name);
  const attributes = [...object.attributes.values()]
    .filter((attribute) => visible(attribute.name))
    .map((attribute) => ({
      ...describeAttribute(attribute, fixed || (rights !== undefined && !mayWrite(attribute, rights))),
      ...dependence(attribute, visible),
      ...(attribute.sensitive && (rights === undefined || rights.clear || rights.revealed.has(attribute.name))
        ? { mayReveal: true }
        : {}),
    }));
  return {
    name: object.name,
    label: object.label,
    labelPlural: object.labelPlural,
    ...(object.extends === undefined ? {} : { extends: object.extends }),
    database: object.database,
    table: object.table,
    managed: object.managed,
    key: object.key.map((attribute) => attribute.name),
    readOnly: fixed,
    attributes,
    relations: relationsOf(object).filter((relation) => visible(relation.name)),
    // A rule over what the caller does not see would tell of it.
    duplicates: object.duplicates.filter((rule) =>
      (rule.kind === 'all' ? rule.conditions : rule.weights).every(({ attribute }) => visible(attribute)),
    ),
    ...(object.notes ? { notes: true } : {}),
    ...(object.attachments === undefined
      ? {}
      : { attachments: { largest: object.attachments.largest, types: [...object.attachments.types] } }),
    ...(object.deletedColumn === undefined ? {} : { keepsDeleted: true }),
    may: {
      read: rights?.read ?? true,
      create: !fixed && (rights?.create ?? true),
      update: !fixed && (rights === undefined || rights.writable.size > 0),
      delete: !fixed && (rights?.delete ?? true),
      everyRow: rights?.rules === undefined,
    },
  };
}

/** Which values depend on what; nothing where the caller does not see what they depend on. */
function dependence({ dependsOn }: Attribute, visible: (name: string) => boolean): Partial<AttributeDescription> {
  if (dependsOn === undefined || !visible(dependsOn.attribute)) return {};
  const values = Object.fromEntries([...dependsOn.values].map(([value, list]) => [value, [...list]]));
  return { dependsOn: { attribute: dependsOn.attribute, values } };
}

/** Keys are given when a record is created, by whoever may. */
function mayWrite(attribute: Attribute, rights: { create: boolean; writable: ReadonlyMap<string, unknown> }): boolean {
  return rights.writable.has(attribute.name) || (attribute.key && rights.create);
}

function describeAttribute(attribute: Attribute, fixed: boolean): AttributeDescription {
  const { values, pattern, maxLength, scale, currency, to, help, normalise, survivor } = attribute;
  return {
    name: attribute.name,
    label: attribute.label,
    type: attribute.type,
    key: attribute.key,
    required: attribute.required,
    readOnly: attribute.readOnly || fixed,
    search: attribute.search,
    ...(attribute.kind === 'stored' ? {} : { computed: true }),
    ...(attribute.unique ? { unique: true } : {}),
    ...(values === undefined ? {} : { values: [...values] }),
    ...(pattern === undefined ? {} : { pattern: pattern.source }),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(scale === undefined ? {} : { scale }),
    ...(currency === undefined ? {} : { currency }),
    ...(to === undefined ? {} : { to }),
    ...(help === undefined ? {} : { help }),
    ...(attribute.sensitive ? { sensitive: true } : {}),
    ...(normalise === undefined ? {} : { normalise }),
    ...(survivor === undefined ? {} : { survivor }),
    ...(attribute.formulaSource === undefined ? {} : { formula: attribute.formulaSource }),
  };
}

/** To-one relations are the references; to-many ones are declared. */
function relationsOf(object: ModelObject): RelationDescription[] {
  const ones = [...object.attributes.values()].flatMap((attribute): RelationDescription[] =>
    attribute.to === undefined
      ? []
      : [{ name: attribute.name, label: attribute.label, kind: 'one', to: attribute.to, by: [] }],
  );
  const many = [...object.relations.values()].map(
    ({ name, label, to, by }): RelationDescription => ({
      name,
      label: label === name ? humanName(name) : label,
      kind: 'many',
      to,
      by: [...by],
    }),
  );
  return [...ones, ...many];
}

/** Attributes and to-one relations of each object as types of the expression language. */
export function expressionTypesOf(model: CompiledModel): Record<string, Record<string, ValueType>> {
  const types: Record<string, Record<string, ValueType>> = {};
  for (const object of model.objects.values()) {
    types[object.name] = Object.fromEntries(
      [...object.attributes.values()].map(({ name, valueType }) => [name, valueType]),
    );
  }
  return types;
}
