import type { Schema, ValueType } from '@caruso/expressions';
import { actionResult } from './action-compiler.js';
import { CompilerContext, type MethodShape } from './compiler-context.js';
import { type Fault, Faults } from './fault.js';
import { inspectWays } from './graph.js';
import { lookupResult, relationsUsed } from './lookup-compiler.js';
import type { Program, Question, Section, Step } from './program.js';
import { waits } from './program.js';
import type { ScriptDocument } from './read.js';
import { objectOf } from './record-shape.js';
import { answerType, compileStep, stepNames } from './step-compiler.js';
import { compileWordings, isLanguage, wordsOf } from './wording-compiler.js';
import { elementsOf, type XmlElement } from './xml-tree.js';

export interface CompileOptions {
  /** The model's objects as expression types. Without it every object of a look-up is unknown. */
  schema?: Pick<Schema, 'objects'> | undefined;
  /** Methods an action may name; without the list, names of methods are not checked. */
  methods?: readonly MethodShape[] | undefined;
}

const channels = ['agent', 'web', 'chat', 'voice'];

/**
 * Turns a script that was read into a program. All faults come at once, those of reading included; a program is there
 * when none of them is an error.
 *
 * @example
 * const { program, faults } = compileScript(read(text, file), { schema, methods: services.methods() });
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

function compileRoot(root: XmlElement, faults: Faults, options: CompileOptions): Program {
  const language = scriptLanguage(root, faults);
  const objects: Record<string, Record<string, ValueType>> = { ...options.schema?.objects };
  const context = new CompilerContext(faults, language, objects, options.methods);
  const sectionElements = elementsOf(root, 'section');
  const stepElements = sectionElements.map((section) => elementsOf(section, ...stepNames));
  const flat = stepElements.flat();

  declareTargets(context, sectionElements, stepElements);
  declareNames(context, root, flat);

  const sections: Section[] = sectionElements.map((element) => ({
    id: element.attributes.get('id')?.value ?? '',
    titles: compileWordings(context, element, 'title'),
    first: context.targets.get(element.attributes.get('id')?.value ?? '') ?? 0,
  }));
  const steps: Step[] = [];
  for (const [section, elements] of stepElements.entries()) {
    for (const element of elements) steps.push(compileStep(context, element, steps.length, section));
  }
  if (steps.length === 0) faults.add(root.offset, 'SCRIPT_EMPTY', 'the script has no steps', 'add an end at least');
  for (const { step, code, message, remedy } of inspectWays(steps)) {
    // A round may be closed to every session by its conditions, which cannot be known here.
    faults.add(flat[step]?.offset ?? 0, code, message, remedy, code === 'SCRIPT_ENDLESS' ? 'warning' : 'error');
  }

  const meta = elementsOf(root, 'meta')[0];
  const params = elementsOf(root, 'param').map((element) => ({
    name: element.attributes.get('name')?.value ?? '',
    type: scalarType(element),
    default: context.expression(element.attributes.get('default'), scalarType(element)),
  }));
  const vars = elementsOf(root, 'var').map((element) => ({
    name: element.attributes.get('name')?.value ?? '',
    type: scalarType(element),
    first: context.expression(element.attributes.get('expr'), scalarType(element)),
  }));
  const questions = new Map<string, Question>();
  for (const step of steps)
    if (waits(step)) for (const question of step.questions) questions.set(question.name, question);
  return {
    id: root.attributes.get('id')?.value ?? '',
    version: root.attributes.get('version')?.value ?? '',
    language,
    channels: scriptChannels(root, faults),
    titles: meta === undefined ? [] : compileWordings(context, meta, 'title'),
    descriptions: meta === undefined ? [] : compileWordings(context, meta, 'say'),
    params,
    vars,
    names: context.names,
    sections,
    steps: loadRelations(context, steps, flat),
    questions,
  };
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
  steps: readonly (readonly XmlElement[])[],
): void {
  let index = 0;
  for (const [number, section] of sections.entries()) {
    const sectionId = section.attributes.get('id')?.value;
    if (sectionId !== undefined) context.targets.set(sectionId, index);
    for (const step of steps[number] ?? []) {
      const id = step.attributes.get('id')?.value;
      if (id !== undefined) context.targets.set(id, index);
      index++;
    }
  }
}

function declareNames(context: CompilerContext, root: XmlElement, steps: readonly XmlElement[]): void {
  for (const param of elementsOf(root, 'param'))
    context.declare(param.attributes.get('name'), 'param', scalarType(param));
  for (const variable of elementsOf(root, 'var')) {
    context.declare(variable.attributes.get('name'), 'var', scalarType(variable));
  }
  for (const step of steps) {
    const questions = step.name === 'question' ? [step] : step.name === 'form' ? elementsOf(step, 'question') : [];
    for (const question of questions) {
      const type = answerType(question.attributes.get('type')?.value ?? 'text');
      context.declare(question.attributes.get('name'), 'answer', type);
    }
    if (step.name === 'lookup') {
      const type = lookupResult(step);
      const object = objectOf(type) ?? '';
      context.declare(step.attributes.get('into'), 'result', Object.hasOwn(context.objects, object) ? type : 'any');
    }
    const actions =
      step.name === 'action' ? [step] : elementsOf(step, 'next').flatMap((next) => elementsOf(next, 'action'));
    for (const action of actions)
      context.declare(action.attributes.get('into'), 'result', actionResult(context, action));
  }
}

function scalarType(element: XmlElement): ValueType {
  const word = element.attributes.get('type')?.value;
  switch (word) {
    case 'integer':
    case 'decimal':
    case 'number':
    case 'money':
    case 'boolean':
    case 'date':
    case 'datetime':
      return word;
    default:
      return 'text';
  }
}

/** Look-ups load the objects their result leads to where the script reads attributes of those. */
function loadRelations(context: CompilerContext, steps: readonly Step[], elements: readonly XmlElement[]): Step[] {
  return steps.map((step, index) => {
    if (step.kind !== 'lookup') return step;
    const { include, tooDeep } = relationsUsed(context.expressions, step.into, step.record.object, context.objects);
    for (const path of tooDeep) {
      const message = `'${path}' goes further than one object from what '${step.id}' finds`;
      const remedy = 'look the further object up by a step of its own';
      context.faults.add(elements[index]?.offset ?? 0, 'SCRIPT_PATH_TOO_LONG', message, remedy);
    }
    return { ...step, record: { ...step.record, include } };
  });
}
