import type { Schema, ValueType } from '@caruso/expressions';
import { actionResult } from './action-compiler.js';
import { declaredType, typeOfWord } from './attribute-value.js';
import { callResult } from './call-compiler.js';
import { CompilerContext, type MethodShape, type Signature } from './compiler-context.js';
import { type Fault, Faults } from './fault.js';
import { inspectWays } from './graph.js';
import { inspectJumps } from './jumps.js';
import { lookupResult, relationsUsed } from './lookup-compiler.js';
import type { LoopStep, Name, Param, Program, Question, Section, Step } from './program.js';
import { waits } from './program.js';
import { answerType } from './question-compiler.js';
import type { ScriptDocument } from './read.js';
import { objectOf } from './record-shape.js';
import { compileHandlers, compileStep, type FlatStep, flatten, itemType, stepNames } from './step-compiler.js';
import { compileWordings, isLanguage, wordsOf } from './wording-compiler.js';
import { elementsOf, spanOf, type XmlElement } from './xml-tree.js';

export interface CompileOptions {
  /** The model's objects as expression types. Without it every object of a look-up is unknown. */
  schema?: Pick<Schema, 'objects'> | undefined;
  /** Methods an action may name; without the list, names of methods are not checked. */
  methods?: readonly MethodShape[] | undefined;
  /** Scripts a `call` may name, by id; without it, they are not checked. */
  scripts?: ReadonlyMap<string, Signature> | undefined;
}

/** More steps than any dialog has; what is found out about their ways grows with them. */
const mostSteps = 1000;
const noModel = {};
const channels = ['agent', 'web', 'chat', 'voice', 'none'];
const schemas = ['1.0', '1.1'];

/**
 * Turns a script that was read into a program. All faults come at once, those of reading included; a program is there
 * when none of them is an error. A program that calls others runs once it is linked with them ({@link compileScripts}).
 *
 * @example
 * const { program, faults } = compileScript(read(text, file), { schema, methods });
 */
export function compileScript(
  document: ScriptDocument,
  options: CompileOptions = {},
): { program: Program | undefined; faults: Fault[] } {
  const faults = new Faults(document.file, document.positions);
  const { root } = document;
  if (root === undefined) return { program: undefined, faults: document.faults };
  const program = compileRoot(root, faults, options);
  // A place the DTD finds fault with is not found fault with again.
  const known = new Set(document.faults.map(({ line, column }) => `${line}:${column}`));
  const own = faults.list().filter(({ line, column }) => !known.has(`${line}:${column}`));
  const all = [...document.faults, ...own].sort((a, b) => a.line - b.line || a.column - b.column);
  const failed = all.some(({ severity }) => severity === 'error');
  return { program: failed ? undefined : program, faults: all };
}

/** What a script is to those that call it, read without compiling it. */
export function signatureOf(root: XmlElement, objects: Record<string, unknown> = {}): Signature {
  const params = elementsOf(root, 'param').map(({ attributes }) => ({
    name: attributes.get('name')?.value ?? '',
    type: typeOfWord(attributes.get('type')?.value ?? 'text', objects) ?? ('any' as const),
    dir: dirOf(attributes.get('dir')?.value),
  }));
  const flat = elementsOf(root, 'section').flatMap((section) => flatten(elementsOf(section, ...stepNames), 0));
  const outcomes = flat.flatMap(({ element }) => element.attributes.get('outcome')?.value ?? []);
  return { params, outcomes: [...new Set(outcomes)] };
}

function compileRoot(root: XmlElement, faults: Faults, options: CompileOptions): Program | undefined {
  const language = scriptLanguage(root, faults);
  const objects: Record<string, Record<string, ValueType>> = { ...options.schema?.objects };
  const { scripts } = options;
  const find = scripts === undefined ? undefined : (id: string) => scripts.get(id);
  const model = options.schema?.objects ?? noModel;
  const known = [...(scripts?.keys() ?? [])];
  const context = new CompilerContext(faults, language, objects, model, options.methods, find, known);
  context.channels = scriptChannels(root, faults);
  checkSchema(root, faults);
  const sectionElements = elementsOf(root, 'section');
  const flat = sectionElements.map((section, index) => flatten(elementsOf(section, ...stepNames), index));
  const all = flat.flat();
  const handlers = elementsOf(root, 'on');

  const excess = all[mostSteps];
  if (excess !== undefined) {
    const message = `the script has ${all.length} steps, ${mostSteps} are allowed`;
    faults.add(excess.element.offset, 'SCRIPT_TOO_LARGE', message, 'divide it into several scripts');
    return undefined;
  }

  declareTargets(context, sectionElements, flat);
  declareNames(context, root, sectionElements, handlers);

  const sections: Section[] = sectionElements.map((element) => ({
    id: element.attributes.get('id')?.value ?? '',
    titles: compileWordings(context, element, 'title'),
    first: context.targets.get(element.attributes.get('id')?.value ?? '') ?? 0,
    span: spanOf(element),
  }));
  const steps = joinLoops(
    all.map((each, index) => compileStep(context, each, index)),
    all,
  );
  const compiledHandlers = compileHandlers(context, root);
  if (steps.length === 0) faults.add(root.offset, 'SCRIPT_EMPTY', 'the script has no steps', 'add an end at least');
  for (const { offset, message, remedy } of inspectJumps(steps, compiledHandlers)) {
    faults.add(offset, 'SCRIPT_INTO_LOOP', message, remedy);
  }
  for (const { step, code, message, remedy } of inspectWays(steps, compiledHandlers)) {
    // A round may be closed to every session by its conditions, which cannot be known here.
    const severity = code === 'SCRIPT_ENDLESS' ? 'warning' : 'error';
    faults.add(all[step]?.element.offset ?? 0, code, message, remedy, severity);
  }

  const meta = elementsOf(root, 'meta')[0];
  const vars = elementsOf(root, 'var').map((element) => ({
    name: element.attributes.get('name')?.value ?? '',
    type: declaredType(context, element),
    first: context.expression(element.attributes.get('expr'), declaredType(context, element)),
  }));
  const questions = new Map<string, Question>();
  for (const step of steps)
    if (waits(step)) for (const question of step.questions) questions.set(question.name, question);
  return {
    id: root.attributes.get('id')?.value ?? '',
    version: root.attributes.get('version')?.value ?? '',
    language,
    channels: context.channels,
    titles: meta === undefined ? [] : compileWordings(context, meta, 'title'),
    descriptions: meta === undefined ? [] : compileWordings(context, meta, 'say'),
    params: elementsOf(root, 'param').map((element) => compileParam(context, element)),
    vars,
    names: context.names,
    sections,
    steps: loadRelations(context, steps, all),
    questions,
    handlers: compiledHandlers,
    scripts: new Map(),
  };
}

function dirOf(word: string | undefined): Param['dir'] {
  return word === 'out' || word === 'inout' ? word : 'in';
}

function compileParam(context: CompilerContext, element: XmlElement): Param {
  const type = declaredType(context, element);
  return {
    name: element.attributes.get('name')?.value ?? '',
    type,
    dir: dirOf(element.attributes.get('dir')?.value),
    default: context.expression(element.attributes.get('default'), type),
  };
}

function checkSchema(root: XmlElement, faults: Faults): void {
  const attribute = root.attributes.get('schema');
  if (attribute === undefined || schemas.includes(attribute.value)) return;
  const message = `the schema '${attribute.value}' is not known`;
  faults.add(attribute.valueOffset, 'SCRIPT_SCHEMA', message, `write one of ${schemas.join(', ')}, or a newer Caruso`);
}

function scriptLanguage(root: XmlElement, faults: Faults): string {
  const attribute = root.attributes.get('xml:lang');
  if (attribute === undefined) return 'en';
  if (isLanguage(attribute.value)) return attribute.value;
  const message = `'${attribute.value}' is no language`;
  faults.add(attribute.valueOffset, 'SCRIPT_LANGUAGE', message, 'write a tag such as en, nl or nl-BE');
  return 'en';
}

function scriptChannels(root: XmlElement, faults: Faults): string[] {
  const attribute = root.attributes.get('channels');
  const names = attribute === undefined ? ['agent'] : wordsOf(root, 'channels');
  for (const name of names) {
    if (attribute === undefined || channels.includes(name)) continue;
    const offset = attribute.offsets[attribute.value.indexOf(name)] ?? attribute.valueOffset;
    faults.add(offset, 'SCRIPT_CHANNEL', `there is no channel '${name}'`, `use ${channels.join(', ')}`);
  }
  return names;
}

/** Ids of steps and sections, and the step each leads to. */
function declareTargets(
  context: CompilerContext,
  sections: readonly XmlElement[],
  flat: readonly (readonly FlatStep[])[],
): void {
  let index = 0;
  for (const [number, section] of sections.entries()) {
    const sectionId = section.attributes.get('id')?.value;
    if (sectionId !== undefined) context.targets.set(sectionId, index);
    for (const { element, again } of flat[number] ?? []) {
      const id = element.attributes.get('id')?.value;
      if (id !== undefined && !again) context.targets.set(id, index);
      index++;
    }
  }
}

function declareNames(
  context: CompilerContext,
  root: XmlElement,
  sections: readonly XmlElement[],
  handlers: readonly XmlElement[],
): void {
  for (const param of elementsOf(root, 'param')) {
    context.declare(param.attributes.get('name'), 'param', declaredType(context, param));
    const name = param.attributes.get('name')?.value;
    if (name !== undefined && dirOf(param.attributes.get('dir')?.value) !== 'in') context.results.add(name);
  }
  for (const variable of elementsOf(root, 'var')) {
    context.declare(variable.attributes.get('name'), 'var', declaredType(context, variable));
  }
  for (const handler of handlers) for (const action of elementsOf(handler, 'action')) declareAction(context, action);
  for (const section of sections) declareSteps(context, elementsOf(section, ...stepNames));
}

function declareAction(context: CompilerContext, action: XmlElement): void {
  context.declare(action.attributes.get('into'), 'result', actionResult(context, action));
}

function declareSteps(context: CompilerContext, steps: readonly XmlElement[]): void {
  for (const step of steps) {
    const questions = step.name === 'question' ? [step] : step.name === 'form' ? elementsOf(step, 'question') : [];
    for (const question of questions) {
      context.declare(question.attributes.get('name'), 'answer', known(context, answerType(question)));
    }
    if (step.name === 'lookup') {
      context.declare(step.attributes.get('into'), 'result', known(context, lookupResult(step)));
    }
    if (step.name === 'call') context.declare(step.attributes.get('into'), 'result', callResult(context, step));
    if (step.name === 'loop') declareLoop(context, step);
    const actions =
      step.name === 'action' ? [step] : elementsOf(step, 'next').flatMap((next) => elementsOf(next, 'action'));
    for (const action of actions) declareAction(context, action);
  }
}

/** An object the model does not have is found fault with once; what is read of it is not. */
function known(context: CompilerContext, type: ValueType): ValueType {
  const object = objectOf(type);
  const there = object === undefined || Object.hasOwn(context.objects, object) || object.startsWith("answer's ");
  return there ? type : 'any';
}

/** The item's type comes from the expression of `over`, which may name what was declared so far. */
function declareLoop(context: CompilerContext, loop: XmlElement): void {
  const over = loop.attributes.get('over');
  const item = over === undefined ? undefined : (itemType(context.typeSoFar(over)) ?? 'any');
  const as = loop.attributes.get('as');
  if (as !== undefined) context.declare(as, 'result', item ?? 'any');
  const before = new Set(context.names.keys());
  declareSteps(context, elementsOf(loop, ...stepNames));
  const within = [...context.names].filter(([name]) => !before.has(name));
  const name = `items of ${loop.attributes.get('id')?.value ?? 'loop'}`;
  const attributes = within.map(([each, { type }]): [string, ValueType] => [each, type]);
  if (as !== undefined) attributes.push([as.value, item ?? 'any']);
  context.objects[name] = Object.fromEntries(attributes);
  context.declare(loop.attributes.get('into'), 'result', { list: { object: name } });
}

/** Tells each loop where it ends and which names its steps give values to, and each `again` its loop. */
function joinLoops(steps: readonly Step[], flat: readonly FlatStep[]): Step[] {
  const open: number[] = [];
  const heads = new Map<number, number>();
  for (const [index, { element, again }] of flat.entries()) {
    if (again) heads.set(index, open.pop() ?? 0);
    else if (element.name === 'loop') open.push(index);
  }
  const ends = new Map([...heads].map(([end, head]) => [head, end]));
  return steps.map((step, index): Step => {
    if (step.kind === 'again') return { ...step, loop: heads.get(index) ?? 0 };
    if (step.kind !== 'loop') return step;
    const end = ends.get(index) ?? index;
    return { ...step, end, names: namesGiven(steps.slice(index + 1, end)) } satisfies LoopStep;
  });
}

function namesGiven(steps: readonly Step[]): string[] {
  return steps.flatMap((step) => {
    const actions = 'next' in step ? step.next.flatMap((next) => next.actions) : [];
    const own = actions.flatMap(({ into }) => into ?? []);
    if (waits(step)) return [...step.questions.map(({ name }) => name), ...own];
    if (step.kind === 'lookup') return [step.into];
    if (step.kind === 'action') return step.action.into ?? [];
    if (step.kind === 'call') return [...(step.into === undefined ? [] : [step.into]), ...own];
    if (step.kind === 'loop') return [step.as, step.into].flatMap((name) => name ?? []);
    return own;
  });
}

/** Look-ups load the objects their result leads to where the script reads attributes of those. */
function loadRelations(context: CompilerContext, steps: readonly Step[], flat: readonly FlatStep[]): Step[] {
  const relations = (name: string, object: string, index: number, id: string): readonly string[] => {
    const names = [name, ...itemNames(steps, context.names, name)];
    const used = names.map((each) => relationsUsed(context.expressions, each, object, context.objects));
    for (const path of used.flatMap(({ tooDeep }) => tooDeep)) {
      const message = `'${path}' goes further than one object from what '${id}' finds`;
      const remedy = 'look the further object up by a step of its own';
      context.faults.add(flat[index]?.element.offset ?? 0, 'SCRIPT_PATH_TOO_LONG', message, remedy);
    }
    return [...new Set(used.flatMap(({ include }) => include))];
  };
  return steps.map((step, index) => {
    if (step.kind === 'lookup') {
      return { ...step, record: { ...step.record, include: relations(step.into, step.record.object, index, step.id) } };
    }
    if (!waits(step) || step.questions.every(({ reference }) => reference === undefined)) return step;
    const questions = step.questions.map((question) => {
      const { reference, name, id } = question;
      if (reference === undefined) return question;
      const include = relations(name, reference.record.object, index, id);
      return { ...question, reference: { ...reference, record: { ...reference.record, include } } };
    });
    return { ...step, questions };
  });
}

/** Names of loops' items that are of a list: what is read of them is read of what the look-up found. */
function itemNames(steps: readonly Step[], names: ReadonlyMap<string, Name>, list: string): string[] {
  return steps.flatMap((step) => {
    if (step.kind !== 'loop' || step.as === undefined || step.over === undefined || !names.has(step.as)) return [];
    const reads = step.over.dependencies.some((path) => path === list || path === `results.${list}`);
    return reads ? [step.as] : [];
  });
}
