import type { Schema, ValueType } from '@caruso/expressions';
import { type Renaming, renameInExpression } from './rename-in-expression.js';
import { mapping, membersOf, type WrittenObject } from './written-model.js';

/** A value that has to be said elsewhere in the model because of an edit. */
interface Following {
  object: string;
  path: string[];
  value: unknown;
}

type Types = NonNullable<Schema['objects']>;

/** What has to follow when an object is renamed: who leads to it. Pure. */
export function followObject(objects: readonly WrittenObject[], name: string, to: string): Following[] {
  return objects.flatMap((object) => [
    ...(object.own['extends'] === name ? [{ object: object.name, path: ['extends'], value: to }] : []),
    ...[...membersOf(object, 'attributes')].flatMap(([attribute, body]): Following[] =>
      body['to'] === name ? [{ object: object.name, path: ['attributes', attribute, 'to'], value: to }] : [],
    ),
    ...[...membersOf(object, 'relations')].flatMap(([relation, body]): Following[] =>
      ['many', 'through'].flatMap((key) =>
        body[key] === name ? [{ object: object.name, path: ['relations', relation, key], value: to }] : [],
      ),
    ),
  ]);
}

/**
 * What has to follow when an attribute or relation is renamed: rights, relations that go by it, figures over it, rules of duplicates, and
 * every expression of the model. Screens, policies and scripts are not of the model: what names it there is found by the check.
 *
 * @param objects as they were before
 */
export function followMember(
  objects: readonly WrittenObject[],
  { object, name, to }: { object: string; name: string; to: string },
): Following[] {
  // What extends the object has it too.
  const targets = new Set(
    objects.filter((each) => each.name === object || each.bases.includes(object)).map((each) => each.name),
  );
  const renaming: Renaming = { objects: targets, name, to };
  const types = typesOf(objects);
  return objects.flatMap((object) => {
    const own = targets.has(object.name);
    const renamed = (each: string) => (own && each === name ? to : each);
    const found: Following[] = [];
    const say = (path: string[], before: unknown, value: unknown) => {
      const same = JSON.stringify(before) === JSON.stringify(value);
      if (!same) found.push({ object: object.name, path, value });
    };
    const expression = (path: string[], text: unknown, scope: string, variables: Record<string, ValueType>) => {
      if (typeof text === 'string') say(path, text, renameInExpression(text, scope, variables, types, renaming));
    };
    const leadsTo = (relation: string) => membersOf(object, 'relations').get(relation)?.['many'];
    for (const [relation, body] of membersOf(object, 'relations')) {
      // `by` and `inverse` are of the other object, `from` and `to` of the junction; of a table they are columns.
      for (const [key, of] of [
        ['by', 'many'],
        ['inverse', 'many'],
        ['from', 'through'],
        ['to', 'through'],
      ] as const) {
        const said = body[key];
        if (said === undefined || !targets.has(String(body[of]))) continue;
        const each = (one: unknown) => (one === name ? to : one);
        say(['relations', renamed(relation), key], said, Array.isArray(said) ? said.map(each) : each(said));
      }
    }
    for (const [attribute, body] of membersOf(object, 'attributes')) {
      const path = ['attributes', renamed(attribute)];
      const { by, count, sum, formula, where } = body;
      const [over = '', of = ''] = String(count ?? sum ?? '').split('.');
      const related = leadsTo(over);
      if (typeof by === 'string') say([...path, 'by'], by, renamed(by));
      if (typeof count === 'string') say([...path, 'count'], count, renamed(count));
      if (typeof sum === 'string')
        say([...path, 'sum'], sum, `${renamed(over)}.${targets.has(String(related)) && of === name ? to : of}`);
      expression([...path, 'formula'], formula, object.name, {});
      if (typeof related === 'string' && typeof where === 'string') {
        const condition = renameInExpression(where, related, { [over]: { object: related } }, types, renaming);
        // A condition speaks of the other object by the relation's name.
        const spoken = new RegExp(`\\b${name}\\.`, 'g');
        say([...path, 'where'], where, own && over === name ? condition.replaceAll(spoken, `${to}.`) : condition);
      }
    }
    for (const [role, right] of Object.entries(mapping(object.value['rights']))) {
      const { read, write, hide, reveal } = mapping(right);
      const path = ['rights', role];
      const itself = { [variableOf(object.name)]: { object: object.name }, user: 'any' as const };
      if (typeof read === 'string' && !['all', 'none'].includes(read))
        expression([...path, 'read'], read, object.name, itself);
      for (const [key, list] of [
        ['write', write],
        ['hide', hide],
        ['reveal', reveal],
      ] as const)
        if (own && Array.isArray(list))
          say(
            [...path, key],
            list,
            list.map((each) => (each === name ? to : each)),
          );
    }
    const rules = object.value['duplicates'];
    if (own && Array.isArray(rules))
      say(
        ['duplicates'],
        rules,
        rules.map((rule) => renamedRule(rule, name, to)),
      );
    const indexes = object.value['indexes'];
    if (own && Array.isArray(indexes))
      say(
        ['indexes'],
        indexes,
        indexes.map((index) => renamedIndex(index, name, to)),
      );
    return found;
  });
}

/** What has to be said when an attribute goes: rights that name it. */
export function withoutMember(object: WrittenObject, name: string): Omit<Following, 'object'>[] {
  return Object.entries(mapping(object.value['rights'])).flatMap(([role, right]) =>
    (['write', 'hide', 'reveal'] as const).flatMap((key) => {
      const list = mapping(right)[key];
      if (!Array.isArray(list) || !list.includes(name)) return [];
      const rest = list.filter((each) => each !== name);
      return [{ path: ['rights', role, key], value: rest.length === 0 ? undefined : rest }];
    }),
  );
}

/** `name ~ 0.92` and the keys of `weigh:`; everything else of a rule stays. */
function renamedRule(rule: unknown, name: string, to: string): unknown {
  const renamed = (text: unknown) =>
    typeof text === 'string' ? text.replace(/^\s*[A-Za-z_]\w*/, (each) => (each.trim() === name ? to : each)) : text;
  return Object.fromEntries(
    Object.entries(mapping(rule)).map(([key, value]) => {
      if (Array.isArray(value)) return [key, value.map(renamed)];
      if (key !== 'weigh') return [key, value];
      return [key, Object.fromEntries(Object.entries(mapping(value)).map(([each, points]) => [renamed(each), points]))];
    }),
  );
}

/** `[segment, -since]`, or the same under `on:`. */
function renamedIndex(index: unknown, name: string, to: string): unknown {
  const renamed = (list: readonly unknown[]) =>
    list.map((each) => (each === name ? to : each === `-${name}` ? `-${to}` : each));
  if (Array.isArray(index)) return renamed(index);
  const { on } = mapping(index);
  return Array.isArray(on) ? { ...mapping(index), on: renamed(on) } : index;
}

/** Enough of the types to follow a path from object to object. */
function typesOf(objects: readonly WrittenObject[]): Types {
  return Object.fromEntries(
    objects.map((object) => [
      object.name,
      Object.fromEntries([
        ...[...membersOf(object, 'attributes')].map(([name, { to }]) => [
          name,
          typeof to === 'string' ? { object: to } : 'any',
        ]),
        ...[...membersOf(object, 'relations')].map(([name, { many }]) => [name, { list: { object: String(many) } }]),
      ]),
    ]),
  ) as Types;
}

/** The name under which an expression speaks of an object. */
function variableOf(object: string): string {
  return (object[0] ?? '').toLowerCase() + object.slice(1);
}
