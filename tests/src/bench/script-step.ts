import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { compileModel } from '@caruso/business-objects';
import { BusinessObjects } from '@caruso/business-objects/contract';
import { sourceOf } from '@caruso/declarations';
import {
  compileScripts,
  decideAnswer,
  read,
  replay,
  type SessionEvent,
  type SessionState,
  view,
} from '@caruso/dialog-script';
import { methodShapes } from '@caruso/script-engine';
import { root } from '../support/requirement.js';
import { type Figure, figure, median, type Outcome, rates } from './figure.js';
import { installPeers, loadPeer, versionOf } from './peers.js';
import { answerTo, jumps, scriptOf } from './question-script.js';

const setting = { locale: 'en-GB', timezone: 'Europe/Amsterdam', currency: 'EUR' };
const at = '2026-01-05T09:00:00.000Z';

export const scriptBenches = ['script-step-20', 'script-step-200', 'script-start', 'script-compile'];

/**
 * Steps of a script of 20 and of 200 questions with a branch at every fifth, against others that ask the same: identical paths
 * are asserted first. Ours judges the answer, keeps the event, walks on and makes the view.
 */
export async function scriptStep(wanted: (name: string) => boolean): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const questions of [20, 200]) {
    if (wanted(`script-step-${questions}`)) figures.push(await steps(questions));
  }
  if (wanted('script-start')) figures.push(start());
  if (wanted('script-compile')) figures.push(compiling());
  return figures;
}

async function steps(questions: number): Promise<Figure> {
  await installPeers();
  const ours = caruso(questions);
  const path = ours();
  const others: Record<string, () => string[]> = {
    'a hand-written function, which keeps its place alone: no events, no way back, no view, no texts': () =>
      handWritten(questions),
    ...peer('xstate', 'XState', 'guards and context; no typed answers, texts, way back or view', () =>
      xstate(questions),
    ),
    ...peer('survey-core', 'survey-core', 'visibleIf and validators; no events, no actions, no texts by channel', () =>
      survey(questions),
    ),
  };
  const against: Record<string, Outcome> = {};
  let rate = 0;
  for (const [name, run] of Object.entries(others)) {
    const theirs = run();
    if (theirs.join() !== path.join())
      throw new Error(`${name} asks otherwise: ${theirs.join()} instead of ${path.join()}`);
    const measured = inTurn(ours, run);
    rate = Math.max(rate, measured.ours * path.length);
    against[name] = measured.reference * path.length;
  }
  for (const name of ['xstate', 'survey-core'])
    if (versionOf(name) === undefined) against[name] = { missing: 'not installed' };
  return figure({
    name: `script-step-${questions}`,
    ours: rate,
    unit: '1/s',
    what: `steps a second over a script of ${questions} questions: judging the answer, keeping it, walking on, making the view`,
    against,
  });
}

/** Runs a second of two, in turn. One run of some takes a second: the time is looked at after each. */
function inTurn(ours: () => unknown, reference: () => unknown): { ours: number; reference: number } {
  const rate = (run: () => unknown): number => {
    const begin = performance.now();
    let calls = 0;
    let end = begin;
    for (; end - begin < 250; end = performance.now(), calls++) run();
    return (calls * 1000) / (end - begin);
  };
  const measured = Array.from({ length: 3 }, () => ({ ours: rate(ours), reference: rate(reference) }));
  return { ours: median(measured.map((each) => each.ours)), reference: median(measured.map((each) => each.reference)) };
}

function peer(name: string, title: string, leaves: string, make: () => () => string[]): Record<string, () => string[]> {
  const version = versionOf(name);
  return version === undefined ? {} : { [`${title} ${version} (${leaves})`]: make() };
}

function programOf(questions: number) {
  const [compiled] = compileScripts([{ path: 'bench.xml', text: scriptOf(questions) }], { methods: [] });
  if (compiled?.program === undefined) throw new Error(JSON.stringify(compiled?.faults));
  return compiled.program;
}

const begin: SessionEvent = {
  type: 'started',
  at,
  channel: 'agent',
  language: 'en',
  params: {},
  starter: 'bench',
  interaction: null,
};

function caruso(questions: number): () => string[] {
  const program = programOf(questions);
  return () => {
    const path: string[] = [];
    let state: SessionState = replay(program, 'bench', [begin], setting);
    for (;;) {
      const { step } = view(state);
      if (step === null) return path;
      path.push(step.id);
      const events = decideAnswer(state, answerTo(step.id), { message: `m${state.seq}`, at });
      for (const event of events) state = state.advance(event);
    }
  };
}

function start(): Figure {
  const program = programOf(20);
  const measured = rates(
    () => void view(replay(program, 'bench', [begin], setting)),
    () => void structuredClone(begin),
    300,
    5,
  );
  return figure({
    name: 'script-start',
    ours: 1000 / measured.ours,
    unit: 'ms',
    what: 'from a compiled script to the first view of a session',
    against: { 'a structured clone of its first event': 1000 / measured.reference },
  });
}

/** The real scripts of the examples, against their models. */
function compiling(): Figure {
  const methods = methodShapes(
    Object.entries(BusinessObjects.methods).map(([method, { input, output, ...rest }]) => {
      return { contract: BusinessObjects.id, method, idempotent: 'idempotent' in rest, input, output };
    }),
  );
  const examples = ['utility', 'banking'].map((name) => {
    const { schema } = compileModel(sourcesOf(name, 'model'));
    return { sources: sourcesOf(name, 'scripts'), options: { schema, methods } };
  });
  for (const { sources, options } of examples) {
    for (const { program, id } of compileScripts(sources, options)) if (program === undefined) throw new Error(id);
  }
  const count = examples.reduce((sum, { sources }) => sum + sources.length, 0);
  const measured = rates(
    () => examples.forEach(({ sources, options }) => void compileScripts(sources, options)),
    () => examples.forEach(({ sources }) => sources.forEach(({ text, path }) => void read(text, path))),
    500,
    5,
  );
  // A model that was never seen before: no expression is known.
  const anew = rates(
    () => {
      for (const { sources, options } of examples) {
        void compileScripts(sources, { ...options, schema: { objects: { ...options.schema.objects } } });
      }
    },
    () => {},
    500,
    3,
  );
  return figure({
    name: 'script-compile',
    ours: measured.ours * count,
    unit: '1/s',
    what: `scripts compiled a second, the ${count} of the examples: XML, DTD, names, types against model and methods, ways`,
    against: {
      'the same with every expression compiled anew, as for another model': anew.ours * count,
      'reading alone, with libxml2 and the DTD': measured.reference * count,
    },
  });
}

function sourcesOf(example: string, kind: string) {
  const folder = path.join(root, 'examples', example, kind);
  return readdirSync(folder).map((name) => sourceOf(`${kind}/${name}`, readFileSync(path.join(folder, name), 'utf8')));
}

function handWritten(questions: number): string[] {
  const path: string[] = [];
  const answers: Record<string, unknown> = {};
  for (let step = 1; step <= questions; ) {
    path.push(`q${step}`);
    const given = answerTo(`q${step}`)[`a${step}`];
    if (typeof given !== 'number' || !Number.isInteger(given)) throw new Error('not a whole number');
    answers[`a${step}`] = given;
    step = jumps(step, questions) && given > step ? step + 2 : step + 1;
  }
  return path;
}

interface Machine {
  initial: unknown;
}
interface XState {
  createMachine(definition: unknown): Machine;
  assign(assigner: unknown): unknown;
  initialTransition(machine: Machine): [Snapshot, unknown];
  transition(machine: Machine, snapshot: Snapshot, event: unknown): [Snapshot, unknown];
}
interface Snapshot {
  value: string;
  status: string;
}

function xstate(questions: number): () => string[] {
  const { createMachine, assign, initialTransition, transition } = loadPeer<XState>('xstate');
  const keep = assign(({ context, event }: { context: object; event: { answers: object } }) => ({
    ...context,
    ...event.answers,
  }));
  const states: Record<string, unknown> = { done: { type: 'final' } };
  for (let step = 1; step <= questions; step++) {
    const next = step === questions ? 'done' : `q${step + 1}`;
    const guard = ({ event }: { event: { answers: Record<string, number> } }) =>
      (event.answers[`a${step}`] ?? 0) > step;
    const jump = jumps(step, questions) ? [{ guard, target: `q${step + 2}`, actions: keep }] : [];
    states[`q${step}`] = { on: { ANSWER: [...jump, { target: next, actions: keep }] } };
  }
  const machine = createMachine({ id: 'bench', initial: 'q1', context: {}, states });
  return () => {
    const path: string[] = [];
    let [snapshot] = initialTransition(machine);
    while (snapshot.status !== 'done') {
      path.push(snapshot.value);
      [snapshot] = transition(machine, snapshot, { type: 'ANSWER', answers: answerTo(snapshot.value) });
    }
    return path;
  };
}

interface Survey {
  Model: new (
    json: unknown,
  ) => {
    currentPage: { questions: { name: string; visible: boolean; value: unknown }[] } | null;
    state: string;
    nextPage(): boolean;
    completeLastPage(): boolean;
    isLastPage: boolean;
  };
}

function survey(questions: number): () => string[] {
  const { Model } = loadPeer<Survey>('survey-core');
  const pages = Array.from({ length: questions }, (_, index) => {
    const step = index + 1;
    // What is jumped over is what is not shown.
    const visibleIf = jumps(step - 1, questions) && step > 1 ? { visibleIf: `{a${step - 1}} <= ${step - 1}` } : {};
    return {
      name: `p${step}`,
      ...visibleIf,
      elements: [{ type: 'text', inputType: 'number', name: `a${step}`, isRequired: true }],
    };
  });
  return () => {
    const model = new Model({ pages });
    const path: string[] = [];
    while (model.state !== 'completed' && model.currentPage !== null) {
      const [question] = model.currentPage.questions;
      if (question === undefined) break;
      const id = question.name.replace('a', 'q');
      path.push(id);
      question.value = answerTo(id)[question.name];
      if (!(model.isLastPage ? model.completeLastPage() : model.nextPage())) break;
    }
    return path;
  };
}
