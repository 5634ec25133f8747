import type { ValueType } from '@caruso/expressions';
import type { Access } from './access.js';
import type { AttributeDescription, ObjectDescription, RelationDescription } from './contract.js';
import { readOnlyReason } from './editor.js';
import { formerNameOf } from './former-name.js';
import { isLinked } from './links.js';
import type { Attribute, CompiledModel, ManyRelation, ModelObject, Through } from './model.js';
import { humanName } from './name.js';

/** An object as a caller sees it; without `access`, as it is. */
export function describeObject(
  object: ModelObject,
  access: Access | undefined,
  model: CompiledModel,
): ObjectDescription {
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
  const former = formerNameOf(model.objects, object);
  return {
    name: object.name,
    label: object.label,
    labelPlural: object.labelPlural,
    ...(former === undefined ? {} : { was: former }),
    ...(object.extends === undefined ? {} : { extends: object.extends }),
    database: object.database,
    table: object.table,
    managed: object.managed,
    key: object.key.map((attribute) => attribute.name),
    readOnly: fixed,
    attributes,
    relations: relationsOf(object, access, model).filter((relation) => visible(relation.name)),
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
  const { values, pattern, maxLength, scale, currency, to, help, normalise, survivor, was } = attribute;
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
    ...(was === undefined ? {} : { was }),
    ...(attribute.sensitive ? { sensitive: true } : {}),
    ...(normalise === undefined ? {} : { normalise }),
    ...(survivor === undefined ? {} : { survivor }),
    ...(attribute.formulaSource === undefined ? {} : { formula: attribute.formulaSource }),
  };
}

/** To-one relations are the references; to-many ones are declared. */
function relationsOf(object: ModelObject, access: Access | undefined, model: CompiledModel): RelationDescription[] {
  const ones = [...object.attributes.values()].flatMap((attribute): RelationDescription[] =>
    attribute.to === undefined
      ? []
      : [{ name: attribute.name, label: attribute.label, kind: 'one', to: attribute.to, by: [] }],
  );
  const many = [...object.relations.values()]
    // A relation over links that the caller may not read is none.
    .filter((each) => each.through === undefined || access === undefined || access.follows(object, each))
    .map((each): RelationDescription => {
      const { name, label, to, by } = each;
      const links = isLinked(each) ? { links: linksOf(object, each, access, model) } : {};
      return { name, label: label === name ? humanName(name) : label, kind: 'many', to, by: [...by], ...links };
    });
  return [...ones, ...many];
}

function linksOf(
  object: ModelObject,
  { name, to, through }: ManyRelation & { readonly through: Through },
  access: Access | undefined,
  model: CompiledModel,
): NonNullable<RelationDescription['links']> {
  const { junction, from, to: far, bare } = through;
  const back = [...(model.objects.get(to)?.relations.values() ?? [])].find(
    (each) => each.through?.junction === junction && each.through.from === far && each.through.to === from,
  );
  const target = model.objects.get(to);
  const seen = target !== undefined && back !== undefined && access?.of(target).visible.has(back.name) !== false;
  const fixed = readOnlyReason(junction) !== undefined;
  const may = !fixed && (access === undefined || access.of(object).linkable.has(name));
  // Links that have rights of their own are records: made and removed as such.
  const own = access === undefined || junction.rights === undefined ? undefined : access.of(junction);
  const known = !model.junctions.has(junction.name) && (access === undefined || access.of(junction).read);
  return {
    ...(known ? { through: { object: junction.name, from: from.name, to: far.name } } : {}),
    ...(seen ? { inverse: back.name } : {}),
    bare,
    may: { link: may && own?.create !== false, unlink: may && own?.delete !== false },
  };
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
