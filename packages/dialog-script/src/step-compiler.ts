import type { ValueType } from '@caruso/expressions';
import { compileAction } from './action-compiler.js';
import type { CompilerContext } from './compiler-context.js';
import { compileLookup } from './lookup-compiler.js';
import type { Check, Next, Option, Question, QuestionType, Step } from './program.js';
import { compileWordings, requireWording } from './wording-compiler.js';
import { elementsOf, type XmlElement } from './xml-tree.js';

export const stepNames = ['info', 'question', 'form', 'choose', 'set', 'lookup', 'action', 'end'];

/** The type an answer has in expressions; a choice is the option's value. */
export function answerType(type: string): ValueType {
  switch (type) {
    case 'integer':
    case 'decimal':
    case 'money':
    case 'date':
    case 'boolean':
      return type;
    case 'many':
      return { list: 'text' };
    default:
      return 'text';
  }
}

const questionTypes = ['text', 'integer', 'decimal', 'money', 'date', 'boolean', 'one', 'many', 'email', 'phone'];

/** Compiles the step an element declares. */
export function compileStep(context: CompilerContext, element: XmlElement, index: number, section: number): Step {
  const id = element.attributes.get('id')?.value ?? `step-${index + 1}`;
  const base = { id, section, condition: context.condition(element) };
  switch (element.name) {
    case 'question': {
      const question = compileQuestion(context, element);
      return {
        ...base,
        kind: 'question',
        // Its wordings, notes and checks are the question's own.
        says: [],
        notes: [],
        checks: [],
        questions: [{ ...question, condition: undefined }],
        next: compileNexts(context, element),
      };
    }
    case 'form': {
      const says = compileSays(context, element);
      for (const question of elementsOf(element, 'question')) {
        for (const next of elementsOf(question, 'next')) {
          const remedy = "move it behind the form's last question";
          context.faults.add(next.offset, 'SCRIPT_NEXT_IN_FORM', 'a question of a form leads nowhere itself', remedy);
        }
      }
      return {
        ...base,
        kind: 'form',
        says,
        notes: compileWordings(context, element, 'note'),
        questions: elementsOf(element, 'question').map((question) => compileQuestion(context, question)),
        checks: compileChecks(context, element),
        next: compileNexts(context, element),
      };
    }
    case 'choose':
      return { ...base, kind: 'choose', next: compileNexts(context, element) };
    case 'set':
      return compileSet(context, element, base);
    case 'lookup':
      return compileLookup(context, element, base);
    case 'action':
      // The condition belongs to the step, so that it is looked at once.
      return { ...base, kind: 'action', action: { ...compileAction(context, element), condition: undefined } };
    case 'end': {
      const outcome = element.attributes.get('outcome')?.value ?? '';
      return { ...base, kind: 'end', outcome, says: compileSays(context, element) };
    }
    default:
      return {
        ...base,
        kind: 'info',
        says: compileSays(context, element),
        notes: compileWordings(context, element, 'note'),
        questions: [],
        checks: [],
        next: compileNexts(context, element),
      };
  }
}

function compileSays(context: CompilerContext, element: XmlElement) {
  const says = compileWordings(context, element, 'say');
  requireWording(context, element, says);
  return says;
}

function compileNexts(context: CompilerContext, element: XmlElement): Next[] {
  return elementsOf(element, 'next').map((next) => ({
    to: context.target(next),
    condition: context.condition(next),
    actions: elementsOf(next, 'action').map((action) => compileAction(context, action)),
  }));
}

function compileQuestion(context: CompilerContext, element: XmlElement): Question {
  const { attributes } = element;
  const type = questionType(attributes.get('type')?.value);
  const optionsFrom = context.expression(attributes.get('options'));
  const options = elementsOf(element, 'option').map((option) => compileOption(context, option));
  checkOptions(context, element, type, options, optionsFrom?.type);
  return {
    id: attributes.get('id')?.value ?? '',
    name: attributes.get('name')?.value ?? '',
    type,
    required: attributes.get('required')?.value === 'yes',
    sensitive: attributes.get('sensitive')?.value === 'yes',
    condition: context.condition(element),
    default: context.expression(attributes.get('default'), answerType(type)),
    options,
    optionsFrom,
    says: compileSays(context, element),
    notes: compileWordings(context, element, 'note'),
    checks: compileChecks(context, element),
  };
}

function questionType(word: string | undefined): QuestionType {
  return word !== undefined && questionTypes.includes(word) ? (word as QuestionType) : 'text';
}

function compileOption(context: CompilerContext, element: XmlElement): Option {
  const value = element.attributes.get('value')?.value ?? '';
  return { value, condition: context.condition(element), says: compileSays(context, element) };
}

function checkOptions(
  context: CompilerContext,
  element: XmlElement,
  type: QuestionType,
  options: readonly Option[],
  from: ValueType | undefined,
): void {
  const choice = type === 'one' || type === 'many';
  const source = element.attributes.get('options');
  if (!choice && (options.length > 0 || source !== undefined)) {
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
  for (const option of elementsOf(element, 'option')) {
    const value = option.attributes.get('value');
    if (value === undefined) continue;
    if (values.has(value.value)) {
      const message = `the option '${value.value}' is given twice`;
      context.faults.add(value.valueOffset, 'SCRIPT_OPTION_DUPLICATE', message, 'give each option its own value');
    }
    values.add(value.value);
  }
}

function compileChecks(context: CompilerContext, element: XmlElement): Check[] {
  return elementsOf(element, 'check').flatMap((check) => {
    const expression = context.expression(check.attributes.get('expr'), 'boolean');
    const says = compileSays(context, check);
    const level = check.attributes.get('level')?.value === 'warn' ? 'warn' : 'error';
    return expression === undefined ? [] : [{ expression, level, says } as const];
  });
}

function compileSet(
  context: CompilerContext,
  element: XmlElement,
  base: Pick<Step, 'id' | 'section' | 'condition'>,
): Step {
  const name = element.attributes.get('name');
  const target = name === undefined ? undefined : context.names.get(name.value);
  if (name !== undefined && target?.kind !== 'var') {
    const found = target === undefined ? 'is not declared' : `is a ${target.kind}, not a var`;
    const message = `'${name.value}' ${found}`;
    context.faults.add(name.valueOffset, 'SCRIPT_VAR_UNKNOWN', message, 'declare <var name="..." type="..."/>');
  }
  const attribute = element.attributes.get('expr');
  const expression = context.expression(attribute, target?.kind === 'var' ? target.type : undefined);
  if (expression === undefined) return { ...base, kind: 'choose', next: [] };
  return { ...base, kind: 'set', name: name?.value ?? '', expression };
}
