import { typeName, type ValueType } from '@caruso/expressions';
import { compileAction } from './action-compiler.js';
import { countOf } from './attribute-value.js';
import { compileCall } from './call-compiler.js';
import type { CompilerContext } from './compiler-context.js';
import { compileLookup } from './lookup-compiler.js';
import type { Handler, LoopStep, Next, Step, WaitingStep } from './program.js';
import { compileChecks, compileQuestion, waitOf } from './question-compiler.js';
import { compileSays, compileWordings } from './wording-compiler.js';
import { elementsOf, spanOf, type XmlElement } from './xml-tree.js';

/** Elements that are steps. */
export const stepNames = [
  'info',
  'question',
  'form',
  'choose',
  'set',
  'lookup',
  'action',
  'call',
  'loop',
  'escalate',
  'end',
];

/** A step's element in the flat order of the program; `again` marks where a loop leads back. */
export interface FlatStep {
  element: XmlElement;
  section: number;
  again: boolean;
}

/** Steps in the order in which they run; those of a loop stand behind it, closed by its `again`. */
export function flatten(elements: readonly XmlElement[], section: number): FlatStep[] {
  return elements.flatMap((element) => {
    const own = { element, section, again: false };
    if (element.name !== 'loop') return [own];
    return [own, ...flatten(elementsOf(element, ...stepNames), section), { element, section, again: true }];
  });
}

type Base = Pick<Step, 'id' | 'section' | 'condition' | 'span'>;

/** Compiles the step an element declares; `loop` and `again` are joined afterwards. */
export function compileStep(context: CompilerContext, { element, section, again }: FlatStep, index: number): Step {
  const id = element.attributes.get('id')?.value ?? `step-${index + 1}`;
  if (again) {
    return { id: `${id}-again`, section, condition: undefined, span: spanOf(element), kind: 'again', loop: 0 };
  }
  const base: Base = { id, section, condition: context.condition(element), span: spanOf(element) };
  const customers = context.channels.some((channel) => channel !== 'agent');
  switch (element.name) {
    case 'question': {
      // Its wordings, notes and checks are the question's own.
      const question = compileQuestion(context, element, customers, undefined);
      const { timeout } = question;
      return waiting(base, { kind: 'question', timeout, questions: [question], next: nexts(context, element) });
    }
    case 'form': {
      const says = compileSays(context, element);
      for (const question of elementsOf(element, 'question')) {
        for (const next of elementsOf(question, 'next')) {
          const remedy = "move it behind the form's last question";
          context.faults.add(next.offset, 'SCRIPT_NEXT_IN_FORM', 'a question of a form leads nowhere itself', remedy);
        }
      }
      return waiting(base, {
        kind: 'form',
        says,
        notes: compileWordings(context, element, 'note'),
        questions: elementsOf(element, 'question').map((question) => {
          return compileQuestion(context, question, customers, context.condition(question));
        }),
        checks: compileChecks(context, element),
        next: nexts(context, element),
        timeout: waitOf(context, element),
      });
    }
    case 'choose':
      return { ...base, kind: 'choose', next: nexts(context, element) };
    case 'set':
      return compileSet(context, element, base);
    case 'lookup':
      return compileLookup(context, element, base);
    case 'action':
      // The condition belongs to the step, so that it is looked at once.
      return { ...base, kind: 'action', action: { ...compileAction(context, element), condition: undefined } };
    case 'call':
      return { ...base, kind: 'call', ...compileCall(context, element), next: nexts(context, element) };
    case 'loop':
      return compileLoop(context, element, base, index);
    case 'end': {
      const outcome = element.attributes.get('outcome')?.value ?? '';
      return { ...base, kind: 'end', outcome, says: compileSays(context, element) };
    }
    default:
      return waiting(base, {
        kind: element.name === 'escalate' ? 'escalate' : 'info',
        says: compileSays(context, element),
        notes: compileWordings(context, element, 'note'),
        next: nexts(context, element),
        timeout: waitOf(context, element),
        queue: element.attributes.get('queue')?.value,
      });
  }
}

/** A step that waits. Written out: steps of one shape are made and read several times as fast as spread ones. */
function waiting(
  { id, section, condition, span }: Base,
  {
    kind,
    next,
    says = [],
    notes = [],
    questions = [],
    checks = [],
    timeout,
    queue,
  }: Partial<WaitingStep> & Pick<WaitingStep, 'kind' | 'next'>,
): WaitingStep {
  return { id, section, condition, span, kind, says, notes, questions, checks, next, timeout, queue };
}

export function compileHandlers(context: CompilerContext, root: XmlElement): Handler[] {
  return elementsOf(root, 'on').map((element) => ({
    event: element.attributes.get('event')?.value ?? '',
    ...nextOf(context, element),
  }));
}

function nexts(context: CompilerContext, element: XmlElement): Next[] {
  return elementsOf(element, 'next').map((next) => nextOf(context, next));
}

function nextOf(context: CompilerContext, element: XmlElement): Next {
  return {
    to: context.target(element),
    condition: context.condition(element),
    actions: elementsOf(element, 'action').map((action) => compileAction(context, action)),
    span: spanOf(element),
  };
}

function compileLoop(context: CompilerContext, element: XmlElement, base: Base, index: number): LoopStep {
  const over = context.expression(element.attributes.get('over'));
  const condition = context.expression(element.attributes.get('while'), 'boolean');
  const given = ['over', 'while'].filter((name) => element.attributes.has(name));
  if (given.length !== 1) {
    const message = given.length === 0 ? 'a loop needs over or while' : 'a loop has over or while, not both';
    context.faults.add(
      element.offset,
      'SCRIPT_LOOP',
      message,
      'write over="a list" as="a name", or while="a condition"',
    );
  }
  const as = element.attributes.get('as');
  if (as !== undefined && !element.attributes.has('over')) {
    context.faults.add(as.offset, 'SCRIPT_LOOP', "'as' names an item of over", 'remove it, or add over');
  }
  if (over !== undefined && itemType(over.type) === undefined) {
    const at = element.attributes.get('over')?.valueOffset ?? element.offset;
    const message = `a loop goes over a list, not over ${typeName(over.type)}`;
    context.faults.add(at, 'SCRIPT_LOOP', message, 'name a list, for instance the result of a lookup with many');
  }
  return {
    ...base,
    kind: 'loop',
    over,
    as: as?.value,
    while: condition,
    max: countOf(context, element, 'max', { least: 1, most: 1000, otherwise: 100 }),
    into: element.attributes.get('into')?.value,
    end: index,
    names: [],
  };
}

/** The type of the items of a list; undefined where it is none. */
export function itemType(type: ValueType): ValueType | undefined {
  if (type === 'any') return 'any';
  return typeof type === 'object' && 'list' in type ? type.list : undefined;
}

function compileSet(context: CompilerContext, element: XmlElement, base: Base): Step {
  const name = element.attributes.get('name');
  const target = name === undefined ? undefined : context.names.get(name.value);
  const settable = name !== undefined && (target?.kind === 'var' || context.results.has(name.value));
  if (name !== undefined && !settable) {
    const found = target === undefined ? 'is not declared' : `is a ${target.kind}, not a var`;
    const message = `'${name.value}' ${found}`;
    context.faults.add(name.valueOffset, 'SCRIPT_VAR_UNKNOWN', message, 'declare <var name="..." type="..."/>');
  }
  const attribute = element.attributes.get('expr');
  const expression = context.expression(attribute, settable ? target?.type : undefined);
  if (expression === undefined) return { ...base, kind: 'choose', next: [] };
  return { ...base, kind: 'set', name: name?.value ?? '', expression };
}
