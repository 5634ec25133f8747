import { childrenOf, didYouMean, type Expression, type Node, type ValueType } from '@caruso/expressions';
import { compileFail } from './action-compiler.js';
import { type CompilerContext, roots } from './compiler-context.js';
import type { LookupStep, Where } from './program.js';
import { isObject, recordShape } from './record-shape.js';
import { wordsOf } from './wording-compiler.js';
import type { XmlAttribute, XmlElement } from './xml-tree.js';

/** Name and type of what a look-up finds. */
export function lookupResult(element: XmlElement): ValueType {
  const object = element.attributes.get('object')?.value ?? '';
  return element.attributes.get('many')?.value === 'yes' ? { list: { object } } : { object };
}

export function compileLookup(
  context: CompilerContext,
  element: XmlElement,
  base: Pick<LookupStep, 'id' | 'section' | 'condition' | 'span'>,
): LookupStep {
  const object = checkObject(context, element);
  const where = compileWhere(context, element.attributes.get('where'), object);
  const many = element.attributes.get('many')?.value === 'yes';
  return {
    ...base,
    kind: 'lookup',
    where,
    many,
    sort: checkSort(context, element, object),
    limit: many ? limitOf(context, element) : 1,
    into: element.attributes.get('into')?.value ?? '',
    fail: compileFail(context, element),
    record: recordShape(context, object, []),
  };
}

/** The business object that an element names; a fault where the model has none of that name. */
export function checkObject(context: CompilerContext, element: XmlElement): string {
  const attribute = element.attributes.get('object');
  if (attribute === undefined) return '';
  if (Object.hasOwn(context.objects, attribute.value)) return attribute.value;
  const known = Object.keys(context.objects);
  const remedy = didYouMean(attribute.value, known, `the model has ${known.join(', ') || 'none'}`);
  const message = `the model has no object '${attribute.value}'`;
  context.faults.add(attribute.valueOffset, 'SCRIPT_OBJECT_UNKNOWN', message, remedy);
  return attribute.value;
}

/**
 * Checks a condition over an object's attributes, and takes the script's values out of it: each part that speaks only of
 * params, vars, answers, results and session becomes a parameter that is bound, never spliced, when it runs.
 */
export function compileWhere(context: CompilerContext, attribute: XmlAttribute | undefined, object: string): Where {
  const bindings: { name: string; expression: Expression }[] = [];
  if (attribute === undefined) return { text: 'true', bindings };
  if (context.objects[object] === undefined) return { text: 'true', bindings };
  const expression = context.expression(attribute, 'boolean', object);
  if (expression === undefined) return { text: 'true', bindings };

  let where = attribute.value;
  // From the last to the first, so that earlier offsets stay right.
  for (const part of scriptParts(expression.tree).sort((a, b) => b.offset - a.offset)) {
    const source = attribute.value.slice(part.offset, part.offset + part.length);
    const offsets = attribute.offsets.slice(part.offset);
    const value = context.expression({ ...attribute, value: source, offsets });
    if (value === undefined) continue;
    const name = `script_value_${bindings.length + 1}`;
    bindings.push({ name, expression: value });
    where = `${where.slice(0, part.offset)}${name}${where.slice(part.offset + part.length)}`;
  }
  return { text: where, bindings };
}

/** The largest parts of a condition that speak of the script's values alone: they are computed here, not by the database. */
function scriptParts(node: Node): Node[] {
  const { ours, theirs } = speaksOf(node);
  if (ours && !theirs) return [node];
  return ours ? childrenOf(node).flatMap(scriptParts) : [];
}

function speaksOf(node: Node): { ours: boolean; theirs: boolean } {
  if (node.kind === 'path') {
    const ours = !node.local && (roots as readonly string[]).includes(node.root);
    return { ours, theirs: !ours };
  }
  const parts = childrenOf(node).map(speaksOf);
  return { ours: parts.some(({ ours }) => ours), theirs: parts.some(({ theirs }) => theirs) };
}

function checkSort(context: CompilerContext, element: XmlElement, object: string): string[] {
  const sort = wordsOf(element, 'sort');
  const attributes = context.objects[object];
  for (const word of sort) {
    const name = word.replace(/^-/, '');
    if (attributes === undefined || Object.hasOwn(attributes, name)) continue;
    const at = element.attributes.get('sort');
    const offset = at?.offsets[at.value.indexOf(word) + word.length - name.length] ?? element.offset;
    const known = Object.keys(attributes);
    const remedy = didYouMean(name, known, `it has ${known.join(', ')}`);
    context.faults.add(offset, 'SCRIPT_ATTRIBUTE_OF_MODEL', `${object} has no attribute '${name}'`, remedy);
  }
  return sort;
}

function limitOf(context: CompilerContext, element: XmlElement): number {
  const attribute = element.attributes.get('limit');
  if (attribute === undefined) return 20;
  const limit = Number(attribute.value);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 100) return limit;
  const message = `'${attribute.value}' is no number of objects`;
  context.faults.add(attribute.valueOffset, 'SCRIPT_ATTRIBUTE_VALUE', message, 'write a number from 1 to 100');
  return 20;
}

/** Attributes that lead to another object whose own attributes some expression reads: they are loaded along. */
export function relationsUsed(
  expressions: readonly Expression[],
  name: string,
  object: string,
  objects: Record<string, Record<string, ValueType>>,
): { include: string[]; tooDeep: string[] } {
  const include = new Set<string>();
  const tooDeep = new Set<string>();
  for (const dependency of expressions.flatMap(({ dependencies }) => dependencies)) {
    const parts = dependency.split('.');
    const rest = parts[0] === 'results' && parts[1] === name ? parts.slice(2) : parts[0] === name ? parts.slice(1) : [];
    const [relation = '', attribute = ''] = rest;
    const type = objects[object]?.[relation];
    if (rest.length < 2 || !isObject(type)) continue;
    include.add(relation);
    if (rest.length > 2 && isObject(objects[type.object]?.[attribute])) tooDeep.add(dependency);
  }
  return { include: [...include], tooDeep: [...tooDeep] };
}
