import { nearest } from '@caruso/declarations';
import { compile, type Expression, type Schema, type ValueType } from '@caruso/expressions';
import { attributeTypeOf } from './compile-attribute.js';
import { type Draft, expressionFaults, fault } from './draft.js';
import type { Attribute, RollUp } from './model.js';

type Types = Record<string, Record<string, ValueType>>;

/** Attributes and to-one relations of each object; with `many`, the to-many relations too. */
export function objectTypes(drafts: Iterable<Draft>, many: boolean): Types {
  const types: Types = {};
  for (const draft of drafts) {
    const own: Record<string, ValueType> = {};
    for (const attribute of draft.attributes.values()) own[attribute.name] = attribute.valueType;
    if (many) for (const relation of draft.relations.values()) own[relation.name] = { list: { object: relation.to } };
    types[draft.name] = own;
  }
  return types;
}

/** Compiles roll-ups, formulas and defaults that are expressions. */
export function compileComputed(drafts: ReadonlyMap<string, Draft>): void {
  for (const draft of drafts.values()) {
    for (const name of Object.keys(draft.file.attributes)) shapeOfRollUp(drafts, draft, name);
  }
  settleFormulas(drafts);
  const types = objectTypes(drafts.values(), true);
  for (const draft of drafts.values()) {
    for (const name of Object.keys(draft.file.attributes)) {
      conditionOfRollUp(drafts, draft, name, types);
      compileDefault(draft, name);
    }
  }
  refuseCircles(drafts);
}

/** The kind and type of a roll-up; its condition comes later, since it may name formulas. */
function shapeOfRollUp(drafts: ReadonlyMap<string, Draft>, draft: Draft, name: string): void {
  const body = draft.file.attributes[name];
  const attribute = draft.attributes.get(name);
  if (body === undefined || attribute?.kind !== 'roll-up') return;
  const key = body.count === undefined ? 'sum' : 'count';
  const [relationName = '', of] = (body.count ?? body.sum ?? '').split('.');
  const path = ['attributes', name, key];
  const relation = draft.relations.get(relationName);
  if (relation === undefined) {
    const near = nearest(relationName, draft.relations.keys());
    const known = [...draft.relations.keys()].join(', ') || 'none';
    const remedy = near === undefined ? `to-many relations of ${draft.name}: ${known}` : `did you mean '${near}'?`;
    if (draft.file.relations[relationName] === undefined) {
      fault(draft, path, 'MODEL_RELATION_UNKNOWN', `${draft.name} has no to-many relation '${relationName}'`, remedy);
    }
    return;
  }
  const summed = of === undefined ? undefined : drafts.get(relation.to)?.attributes.get(of);
  if (
    of !== undefined &&
    (summed?.kind !== 'stored' || !['integer', 'decimal', 'number', 'money'].includes(summed.type))
  ) {
    const near = nearest(of, drafts.get(relation.to)?.attributes.keys() ?? []);
    const remedy = near === undefined ? 'sum a stored number or money' : `did you mean '${near}'?`;
    fault(draft, path, 'MODEL_ATTRIBUTE_UNKNOWN', `${relation.to} has no stored number '${of}' to sum`, remedy);
    return;
  }
  if (summed?.type === 'money' && summed.currency === undefined) {
    const message = `${relation.to}.${of} may be in different currencies, which cannot be added`;
    fault(draft, path, 'MODEL_ATTRIBUTE', message, `give ${relation.to}.${of} one currency`);
    return;
  }
  attribute.type = summed?.type ?? 'integer';
  attribute.valueType = summed?.valueType ?? 'integer';
  attribute.scale = summed?.scale;
  attribute.currency = summed?.currency;
  attribute.rollUp = { kind: summed === undefined ? 'count' : 'sum', relation: relationName, of, where: undefined };
}

function conditionOfRollUp(drafts: ReadonlyMap<string, Draft>, draft: Draft, name: string, objects: Types): void {
  const where = draft.file.attributes[name]?.where;
  const attribute = draft.attributes.get(name);
  const rollUp: RollUp | undefined = attribute?.rollUp;
  if (where === undefined || attribute === undefined || rollUp === undefined) return;
  const to = draft.relations.get(rollUp.relation)?.to ?? '';
  const variables = { [rollUp.relation]: { object: to }, ...objects[to] };
  const compiled = compile(where, { variables, objects }, { expects: 'boolean' });
  if (compiled.ok) attribute.rollUp = { ...rollUp, where: compiled.expression };
  else expressionFaults(draft, ['attributes', name, 'where'], compiled.faults);
  if (!drafts.has(to)) attribute.rollUp = undefined;
}

/** Formulas may use one another, so their types are found by going round until nothing changes. */
function settleFormulas(drafts: ReadonlyMap<string, Draft>): void {
  const formulas = [...drafts.values()].flatMap((draft) =>
    [...draft.attributes.values()]
      .filter((attribute) => attribute.kind === 'formula')
      .map((attribute) => ({ draft, attribute })),
  );
  for (const { draft, attribute } of formulas) {
    if (draft.file.attributes[attribute.name]?.type === undefined) attribute.valueType = 'any';
  }
  for (let round = 0, changed = true; changed && round <= formulas.length; round++) {
    changed = false;
    const objects = objectTypes(drafts.values(), false);
    for (const { draft, attribute } of formulas) {
      const expression = compileFormula(draft, attribute.name, objects);
      if (expression === undefined) continue;
      attribute.formula = expression;
      const type = attributeTypeOf(expression.type);
      if (JSON.stringify(expression.type) === JSON.stringify(attribute.valueType) || type === undefined) continue;
      attribute.valueType = expression.type;
      attribute.type = draft.file.attributes[attribute.name]?.type ?? type;
      changed = true;
    }
  }
  const objects = objectTypes(drafts.values(), false);
  for (const { draft, attribute } of formulas) compileFormula(draft, attribute.name, objects, true);
}

function compileFormula(draft: Draft, name: string, objects: Types, report = false): Expression | undefined {
  const body = draft.file.attributes[name];
  const path = ['attributes', name, 'formula'];
  if (body?.formula === undefined) return undefined;
  const declared = draft.attributes.get(name);
  const expects = body.type === undefined ? undefined : declared?.valueType;
  const schema: Schema = { variables: objects[draft.name] ?? {}, objects };
  const compiled = compile(body.formula, schema, expects === undefined ? {} : { expects });
  if (!compiled.ok) {
    if (report) expressionFaults(draft, path, compiled.faults);
    return undefined;
  }
  if (attributeTypeOf(compiled.expression.type) === undefined) {
    const remedy = 'name one attribute of it, as in customer.name; count a list with count:';
    if (report) fault(draft, path, 'MODEL_FORMULA', `'${name}' is not one value`, remedy);
    return undefined;
  }
  return compiled.expression;
}

/** `default: "= today()"` is computed when a record is created. */
function compileDefault(draft: Draft, name: string): void {
  const text = draft.file.attributes[name]?.default;
  const attribute = draft.attributes.get(name);
  if (attribute === undefined || typeof text !== 'string' || !text.startsWith('= ')) return;
  const expects = attribute.to === undefined ? attribute.valueType : 'text';
  // the '= ' is replaced by blanks, so that positions stay those of the file
  const compiled = compile(`  ${text.slice(2)}`, { variables: { user: 'any' } }, { expects });
  if (compiled.ok) attribute.default = { expression: compiled.expression };
  else expressionFaults(draft, ['attributes', name, 'default'], compiled.faults);
}

/** Refuses computed attributes that need themselves, over however many steps. */
function refuseCircles(drafts: ReadonlyMap<string, Draft>): void {
  const edges = new Map<string, string[]>();
  for (const draft of drafts.values()) {
    for (const { name, formula, rollUp } of draft.attributes.values()) {
      const to = rollUp === undefined ? undefined : draft.relations.get(rollUp.relation)?.to;
      const target = to === undefined ? undefined : drafts.get(to);
      const used = [
        ...(formula?.dependencies ?? []).flatMap((path) => computedOn(drafts, draft, path.split('.'))),
        ...(rollUp?.where?.dependencies ?? []).flatMap((path) => {
          const parts = path.split('.');
          const [root = ''] = parts;
          const own = root === rollUp?.relation && target?.attributes.has(root) === false;
          return target === undefined ? [] : computedOn(drafts, target, own ? parts.slice(1) : parts);
        }),
      ];
      if (formula !== undefined || rollUp !== undefined) edges.set(`${draft.name}.${name}`, used);
    }
  }
  const done = new Set<string>();
  const visit = (node: string, path: readonly string[]): void => {
    if (path.includes(node)) {
      const circle = [...path.slice(path.indexOf(node)), node];
      const [object = '', name = ''] = node.split('.');
      const draft = drafts.get(object);
      if (draft !== undefined) {
        const message = `computed attributes need one another: ${circle.join(' -> ')}`;
        fault(
          draft,
          ['attributes', name],
          'MODEL_FORMULA_CYCLE',
          message,
          'let one of them use stored attributes only',
        );
      }
      return;
    }
    if (done.has(node)) return;
    for (const next of edges.get(node) ?? []) visit(next, [...path, node]);
    done.add(node);
  };
  for (const node of edges.keys()) visit(node, []);
}

/** The computed attributes that a path reads. */
function computedOn(drafts: ReadonlyMap<string, Draft>, from: Draft, path: readonly string[]): string[] {
  const found: string[] = [];
  let draft: Draft | undefined = from;
  for (const part of path) {
    const attribute: Attribute | undefined = draft?.attributes.get(part);
    if (draft !== undefined && attribute !== undefined && attribute.kind !== 'stored')
      found.push(`${draft.name}.${part}`);
    const to: string | undefined = attribute?.to ?? draft?.relations.get(part)?.to;
    draft = to === undefined ? undefined : drafts.get(to);
  }
  return found;
}
