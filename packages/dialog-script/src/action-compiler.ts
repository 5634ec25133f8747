import { didYouMean, nearest, typeName, type ValueType } from '@caruso/expressions';
import { countOf, durationOf } from './attribute-value.js';
import type { CompilerContext, MethodShape } from './compiler-context.js';
import { accepts, shapeAt, typeOfShape } from './method-shape.js';
import type { Action, Argument, Fail, Undo } from './program.js';
import { recordShape } from './record-shape.js';
import { compileSays } from './wording-compiler.js';
import { elementsOf, spanOf, type XmlElement } from './xml-tree.js';

const defaultTimeout = 15_000;
const longestTimeout = 120_000;
const LITERAL = /^\s*(['"])(\w+)\1\s*$/;
const reading = ['objects.create', 'objects.get', 'objects.update'];

/** The type an action's result has in expressions, before anything is compiled: names come first. */
export function actionResult(context: CompilerContext, element: XmlElement): ValueType {
  const object = literalObject(element);
  if (object !== undefined && Object.hasOwn(context.objects, object)) return { object };
  const method = findMethod(context, element);
  if (method === undefined) return 'any';
  const name = `result of ${element.attributes.get('id')?.value ?? 'action'}`;
  return typeOfShape(method.output, name, context.objects);
}

export function compileAction(context: CompilerContext, element: XmlElement): Action {
  const method = checkMethod(context, element);
  const object = literalObject(element);
  const into = element.attributes.get('into')?.value;
  return {
    id: element.attributes.get('id')?.value ?? '',
    method: element.attributes.get('do')?.value ?? '',
    idempotent: method?.idempotent ?? false,
    arguments: compileArguments(context, element, method),
    into,
    timeout: durationOf(context, element, longestTimeout) ?? defaultTimeout,
    condition: context.condition(element),
    async: checkMode(context, element),
    retry: retryOf(context, element, method),
    barrier: element.attributes.get('barrier')?.value === 'yes',
    undo: compileUndo(context, element),
    fail: compileFail(context, element) ?? { to: -1, says: [] },
    span: spanOf(element),
    record: object === undefined ? undefined : recordShape(context, object, []),
  };
}

export function compileFail(context: CompilerContext, parent: XmlElement): Fail | undefined {
  const element = elementsOf(parent, 'fail')[0];
  if (element === undefined) return undefined;
  return { to: context.target(element), says: compileSays(context, element) };
}

/** What an action that nobody waits for cannot have, and one that is waited for must. */
function checkMode(context: CompilerContext, element: XmlElement): boolean {
  const async = element.attributes.get('mode')?.value === 'async';
  if (!async && elementsOf(element, 'fail').length === 0) {
    const message = `the action '${element.attributes.get('id')?.value}' does not say where to go when it fails`;
    context.faults.add(element.offset, 'SCRIPT_FAIL_MISSING', message, 'add <fail to="..."/>');
  }
  const into = element.attributes.get('into');
  const misplaced = async ? [...elementsOf(element, 'fail', 'undo').map(({ offset }) => offset), into?.offset] : [];
  for (const offset of misplaced) {
    if (offset === undefined) continue;
    const message = 'an action of mode async has no into, undo and fail: the dialog does not wait for it';
    context.faults.add(offset, 'SCRIPT_ASYNC', message, 'remove it, or the mode');
  }
  return async;
}

/** A method that is not idempotent would be done twice where only its answer was lost. */
function retryOf(context: CompilerContext, element: XmlElement, method: MethodShape | undefined): number {
  const retry = countOf(context, element, 'retry', { least: 0, most: 10, otherwise: 0 });
  if (retry > 0 && method?.idempotent === false) {
    const message = `'${method.contract}.${method.method}' cannot be tried again: it is not declared idempotent`;
    const at = element.attributes.get('retry')?.valueOffset ?? element.offset;
    context.faults.add(at, 'SCRIPT_RETRY', message, 'remove retry, or declare the method idempotent');
  }
  return retry;
}

function compileUndo(context: CompilerContext, parent: XmlElement): Undo | undefined {
  const element = elementsOf(parent, 'undo')[0];
  if (element === undefined) return undefined;
  const method = checkMethod(context, element);
  return {
    method: element.attributes.get('do')?.value ?? '',
    idempotent: method?.idempotent ?? false,
    arguments: compileArguments(context, element, method),
  };
}

/** `arg name="object" expr="'Case'"` of the methods that give a business object back. */
function literalObject(element: XmlElement): string | undefined {
  if (!reading.includes(element.attributes.get('do')?.value ?? '')) return undefined;
  const argument = elementsOf(element, 'arg').find((arg) => arg.attributes.get('name')?.value === 'object');
  return LITERAL.exec(argument?.attributes.get('expr')?.value ?? '')?.[2];
}

/** An object that is written out for a method of `objects` must be one of the model. */
function checkObjectWritten(context: CompilerContext, element: XmlElement, arg: XmlElement): void {
  const expr = arg.attributes.get('expr');
  const [, , object] = LITERAL.exec(expr?.value ?? '') ?? [];
  const isOfObjects = element.attributes.get('do')?.value.startsWith('objects.') === true;
  if (!isOfObjects || arg.attributes.get('name')?.value !== 'object') return;
  if (expr === undefined || object === undefined || Object.hasOwn(context.objects, object)) return;
  // What a script's own results are made of is no object of the model.
  const known = Object.keys(context.objects).filter((name) => /^\w+$/.test(name));
  const remedy = didYouMean(object, known, `the model has ${known.join(', ') || 'none'}`);
  const at = expr.offsets[expr.value.indexOf(object)] ?? expr.valueOffset;
  context.faults.add(at, 'SCRIPT_OBJECT_UNKNOWN', `the model has no object '${object}'`, remedy);
}

function findMethod(context: CompilerContext, element: XmlElement): MethodShape | undefined {
  const name = element.attributes.get('do')?.value;
  return context.methods?.find(({ contract, method }) => `${contract}.${method}` === name);
}

function checkMethod(context: CompilerContext, element: XmlElement): MethodShape | undefined {
  const attribute = element.attributes.get('do');
  const method = findMethod(context, element);
  if (attribute === undefined || method !== undefined || context.methods === undefined) return method;
  const names = context.methods.map((known) => `${known.contract}.${known.method}`);
  const contract = attribute.value.split('.')[0] ?? '';
  const siblings = names.filter((name) => name.startsWith(`${contract}.`));
  const message = `there is no method '${attribute.value}'`;
  const list = siblings.length > 0 ? `'${contract}' has ${siblings.join(', ')}` : 'write contract.method';
  context.faults.add(attribute.valueOffset, 'SCRIPT_METHOD_UNKNOWN', message, didYouMean(attribute.value, names, list));
  return undefined;
}

function compileArguments(context: CompilerContext, element: XmlElement, method: MethodShape | undefined): Argument[] {
  const input = method === undefined ? {} : method.input;
  const object = literalObject(element);
  const attributes = object === undefined ? undefined : context.objects[object];
  const given = new Set<string>();
  const compiled: Argument[] = [];
  for (const arg of elementsOf(element, 'arg')) {
    const name = arg.attributes.get('name');
    const expr = arg.attributes.get('expr');
    if (name === undefined || expr === undefined) continue;
    checkObjectWritten(context, element, arg);
    const path = name.value.split('.');
    if (given.has(name.value)) {
      const message = `the argument '${name.value}' is given twice`;
      context.faults.add(name.valueOffset, 'SCRIPT_ARGUMENT_DUPLICATE', message, 'keep one of them');
    }
    given.add(name.value);
    given.add(path[0] ?? '');
    const place = shapeAt(input, path);
    if (place === undefined || path.some((part) => part === '' || part === '__proto__')) {
      const known = Object.keys(input.properties ?? {});
      const near = nearest(path[0] ?? '', known);
      const remedy =
        near !== undefined && near !== path[0] ? `did you mean '${near}'?` : `it takes ${known.join(', ')}`;
      const message = `'${method?.contract}.${method?.method}' takes no '${name.value}'`;
      context.faults.add(name.valueOffset, 'SCRIPT_ARGUMENT_UNKNOWN', message, remedy);
      continue;
    }
    const value = path[0] === 'values' && path.length === 2 ? attributes : undefined;
    const wanted = value?.[path[1] ?? ''];
    if (value !== undefined && wanted === undefined) {
      const known = Object.keys(value);
      const message = `${object} has no attribute '${path[1]}'`;
      const remedy = didYouMean(path[1] ?? '', known, `it has ${known.join(', ')}`);
      context.faults.add(name.valueOffset + 'values.'.length, 'SCRIPT_ATTRIBUTE_OF_MODEL', message, remedy);
      continue;
    }
    const scalar = typeof wanted === 'string' ? wanted : undefined;
    const expression = context.expression(expr, scalar);
    if (expression === undefined) continue;
    if (!accepts(place, expression.type)) {
      const message = `'${name.value}' of ${method?.contract}.${method?.method} is given ${typeName(expression.type)}`;
      context.faults.add(expr.valueOffset, 'SCRIPT_ARGUMENT_TYPE', message, `it takes ${String(place.type)}`);
    }
    compiled.push({ path, expression });
  }
  for (const name of input.required ?? []) {
    if (given.has(name)) continue;
    const message = `'${method?.contract}.${method?.method}' needs '${name}'`;
    const at = element.attributes.get('do')?.valueOffset ?? element.offset;
    context.faults.add(at, 'SCRIPT_ARGUMENT_MISSING', message, `add <arg name="${name}" expr="..."/>`);
  }
  return compiled;
}
