import { didYouMean, nearest, typeName, type ValueType } from '@caruso/expressions';
import type { CompilerContext, MethodShape } from './compiler-context.js';
import { accepts, shapeAt, typeOfShape } from './method-shape.js';
import type { Action, Argument, Fail } from './program.js';
import { recordShape } from './record-shape.js';
import { compileWordings, requireWording } from './wording-compiler.js';
import { elementsOf, type XmlElement } from './xml-tree.js';

const defaultTimeout = 15_000;
const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };
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
    timeout: timeoutOf(context, element),
    condition: context.condition(element),
    fail: compileFail(context, element) ?? { to: 0, says: [] },
    record: object === undefined ? undefined : recordShape(context, object, []),
  };
}

export function compileFail(context: CompilerContext, parent: XmlElement): Fail | undefined {
  const element = elementsOf(parent, 'fail')[0];
  if (element === undefined) return undefined;
  const says = compileWordings(context, element, 'say');
  requireWording(context, element, says);
  return { to: context.target(element), says };
}

/** `arg name="object" expr="'Case'"` of the methods that give a business object back. */
function literalObject(element: XmlElement): string | undefined {
  if (!reading.includes(element.attributes.get('do')?.value ?? '')) return undefined;
  const argument = elementsOf(element, 'arg').find((arg) => arg.attributes.get('name')?.value === 'object');
  return /^\s*(['"])(\w+)\1\s*$/.exec(argument?.attributes.get('expr')?.value ?? '')?.[2];
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

function timeoutOf(context: CompilerContext, element: XmlElement): number {
  const attribute = element.attributes.get('timeout');
  if (attribute === undefined) return defaultTimeout;
  const match = /^(\d{1,6})(ms|s|m)$/.exec(attribute.value);
  const value = Number(match?.[1]) * (units[match?.[2] ?? ''] ?? Number.NaN);
  if (value > 0 && value <= 120_000) return value;
  const message = `'${attribute.value}' is no time to wait`;
  context.faults.add(attribute.valueOffset, 'SCRIPT_ATTRIBUTE_VALUE', message, 'write 500ms, 10s or at most 2m');
  return defaultTimeout;
}
