import type { Expression, ValueType } from '@caruso/expressions';
import { countOf, durationOf } from './attribute-value.js';
import { answerObjects, type CompilerContext } from './compiler-context.js';
import { checkObject, compileWhere } from './lookup-compiler.js';
import type { Check, Option, Question, QuestionType, Reference } from './program.js';
import { recordShape } from './record-shape.js';
import { compileSays, compileWordings, wordsOf } from './wording-compiler.js';
import { elementsOf, spanOf, type XmlElement } from './xml-tree.js';

const questionTypes: readonly QuestionType[] = [
  'text',
  'integer',
  'decimal',
  'money',
  'date',
  'time',
  'boolean',
  'one',
  'many',
  'scale',
  'address',
  'phone',
  'email',
  'file',
  'signature',
  'reference',
];
const longestWait = 60 * 60_000;

/** The type an answer has in expressions; a choice is the option's value, a reference the found object. */
export function answerType(element: XmlElement): ValueType {
  const type = questionType(element);
  switch (type) {
    case 'integer':
    case 'decimal':
    case 'money':
    case 'date':
    case 'boolean':
      return type;
    case 'scale':
      return 'integer';
    case 'many':
      return { list: 'text' };
    case 'address':
    case 'file':
    case 'signature':
      return { object: answerObjects[type] };
    case 'reference':
      return { object: element.attributes.get('object')?.value ?? '' };
    default:
      return 'text';
  }
}

/** @param condition of a question of a form; that of a step is the step's */
export function compileQuestion(
  context: CompilerContext,
  element: XmlElement,
  customers: boolean,
  condition: Expression | undefined,
): Question {
  const { attributes } = element;
  const type = questionType(element);
  const optionsFrom = context.expression(attributes.get('options'));
  const options = elementsOf(element, 'option').map((option) => compileOption(context, option));
  checkOptions(context, element, type, optionsFrom?.type);
  const reference = compileReference(context, element, type, customers);
  checkPlaces(context, element, type);
  const { min, max } = ends(context, element, type);
  return {
    id: attributes.get('id')?.value ?? '',
    name: attributes.get('name')?.value ?? '',
    type,
    required: attributes.get('required')?.value === 'yes',
    sensitive: attributes.get('sensitive')?.value === 'yes',
    condition,
    default: context.expression(attributes.get('default'), type === 'reference' ? 'text' : answerType(element)),
    options,
    optionsFrom,
    says: compileSays(context, element),
    notes: compileWordings(context, element, 'note'),
    checks: compileChecks(context, element),
    min,
    max,
    accept: wordsOf(element, 'accept'),
    reference,
    timeout: durationOf(context, element, longestWait),
    span: spanOf(element),
  };
}

/** The longest time a step may wait, in milliseconds. */
export function waitOf(context: CompilerContext, element: XmlElement): number | undefined {
  return durationOf(context, element, longestWait);
}

function questionType(element: XmlElement): QuestionType {
  const word = element.attributes.get('type')?.value;
  return questionTypes.find((type) => type === word) ?? 'text';
}

function compileOption(context: CompilerContext, element: XmlElement): Option {
  const value = element.attributes.get('value')?.value ?? '';
  return { value, condition: context.condition(element), says: compileSays(context, element), span: spanOf(element) };
}

export function compileChecks(context: CompilerContext, element: XmlElement): Check[] {
  return elementsOf(element, 'check').flatMap((check) => {
    const expression = context.expression(check.attributes.get('expr'), 'boolean');
    const says = compileSays(context, check);
    const level = check.attributes.get('level')?.value === 'warn' ? 'warn' : 'error';
    return expression === undefined ? [] : [{ expression, level, says, span: spanOf(check) } as const];
  });
}

function compileReference(
  context: CompilerContext,
  element: XmlElement,
  type: QuestionType,
  customers: boolean,
): Reference | undefined {
  if (type !== 'reference') return undefined;
  if (element.attributes.get('object') === undefined) {
    const message = 'a question of type reference needs the object that is searched';
    context.faults.add(element.offset, 'SCRIPT_REFERENCE', message, 'add object="..."');
    return undefined;
  }
  const object = checkObject(context, element);
  const where = element.attributes.get('where');
  if (where === undefined && customers) {
    const message = `customers could search every ${object}`;
    const remedy = "say in where which of them are the customer's own, or let only agents start the script";
    context.faults.add(element.offset, 'SCRIPT_REFERENCE_OPEN', message, remedy);
  }
  return { record: recordShape(context, object, []), where: compileWhere(context, where, object) };
}

/** Attributes that mean something for some types alone. */
function checkPlaces(context: CompilerContext, element: XmlElement, type: QuestionType): void {
  const only: Record<string, QuestionType> = {
    min: 'scale',
    max: 'scale',
    accept: 'file',
    object: 'reference',
    where: 'reference',
  };
  for (const [name, needed] of Object.entries(only)) {
    const attribute = element.attributes.get(name);
    if (attribute === undefined || type === needed) continue;
    const message = `'${name}' is for a question of type ${needed}, this one is ${type}`;
    context.faults.add(attribute.offset, 'SCRIPT_ATTRIBUTE_PLACE', message, `remove it, or write type="${needed}"`);
  }
}

function ends(context: CompilerContext, element: XmlElement, type: QuestionType): { min: number; max: number } {
  if (type !== 'scale') return { min: 1, max: 5 };
  const min = countOf(context, element, 'min', { least: -1000, most: 1000, otherwise: 1 });
  const max = countOf(context, element, 'max', { least: -1000, most: 1000, otherwise: Math.max(5, min + 1) });
  if (max > min) return { min, max };
  const at = element.attributes.get('max')?.valueOffset ?? element.offset;
  context.faults.add(
    at,
    'SCRIPT_ATTRIBUTE_VALUE',
    `a scale from ${min} to ${max} has no points`,
    'let max be above min',
  );
  return { min, max: min + 1 };
}

function checkOptions(
  context: CompilerContext,
  element: XmlElement,
  type: QuestionType,
  from: ValueType | undefined,
): void {
  const choice = type === 'one' || type === 'many';
  const source = element.attributes.get('options');
  const options = elementsOf(element, 'option');
  if (!choice && type !== 'scale' && (options.length > 0 || source !== undefined)) {
    const at = element.attributes.get('type')?.valueOffset ?? element.offset;
    const message = `a question of type '${type}' has no options`;
    context.faults.add(at, 'SCRIPT_OPTIONS', message, 'make its type one or many, or remove the options');
  }
  if (choice && options.length === 0 && source === undefined) {
    const message = `a question of type '${type}' needs options`;
    context.faults.add(element.offset, 'SCRIPT_OPTIONS', message, 'add option elements or an options expression');
  }
  if (from !== undefined && from !== 'any' && !(typeof from === 'object' && 'list' in from)) {
    const at = source?.valueOffset ?? element.offset;
    const message = 'options must be a list of texts or of found objects';
    context.faults.add(at, 'SCRIPT_OPTIONS', message, "name the result of a lookup with many, or write ['a', 'b']");
  }
  const values = new Set<string>();
  for (const option of options) {
    const value = option.attributes.get('value');
    if (value === undefined) continue;
    if (values.has(value.value)) {
      const message = `the option '${value.value}' is given twice`;
      context.faults.add(value.valueOffset, 'SCRIPT_OPTION_DUPLICATE', message, 'give each option its own value');
    }
    values.add(value.value);
  }
}
