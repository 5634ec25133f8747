import type { ValueType } from '@caruso/expressions';
import type { Setting } from './format-value.js';
import { type Material, materialOf } from './material.js';
import type { Need } from './path.js';
import type { Program } from './program.js';
import { type ActionOutcome, type FrozenRecord, stepOf } from './session-event.js';
import { type Case, keyOf, type Move, recordFrom, Simulation, type World } from './simulate.js';
import type { QuestionView } from './view-type.js';
import { waysOf } from './ways.js';

const longestTrace = 60;

/** What was tried, and which ways of a script no trace came by. */
export interface Exploration {
  traces: number;
  reached: Set<string>;
  missing: string[];
  /** The dialogs that came by new ways, as cases. */
  cases: Case[];
}

/**
 * Makes up dialogs until every way of a script was taken or none of many tries came by a further one: answers and objects are
 * made of what its own conditions compare. The same script gives the same traces.
 */
export function explore(
  program: Program,
  setting: Setting,
  options: { reached?: Iterable<string> | undefined; traces?: number | undefined } = {},
): Exploration {
  const wanted = new Set(waysOf(program).map(({ name }) => name));
  const reached = new Set(options.reached);
  const most = options.traces ?? 2000;
  // Choices that came by a new way are tried again with another ending.
  const good: number[][] = [];
  const isDone = (): boolean => [...wanted].every((name) => reached.has(name));
  const cases: Case[] = [];
  let traces = 0;
  for (; traces < most && !isDone(); traces++) {
    const chance = new Chance(traces + 1);
    const base = good.length > 0 && traces % 3 > 0 ? good[chance.below(good.length)] : undefined;
    const kept = base?.slice(0, chance.below(base.length + 1));
    const choices = new Choices(kept ?? [], chance);
    const ways = new Set<string>();
    const made = trace(program, setting, choices, ways);
    const fresh = [...ways].filter((way) => wanted.has(way) && !reached.has(way));
    for (const way of fresh) reached.add(way);
    if (fresh.length === 0) continue;
    good.push(choices.made);
    if (made !== undefined) cases.push({ name: nameOf(fresh, program), ...made });
  }
  return { traces, reached, missing: [...wanted].filter((name) => !reached.has(name)), cases };
}

/** A case is known by the first ways it takes that none before it took. */
function nameOf(ways: readonly string[], program: Program): string {
  const short = ways.map((way) => (way.startsWith(`${program.id} `) ? way.slice(program.id.length + 1) : way));
  return `takes ${short.slice(-3).join(', ')}`;
}

function trace(
  program: Program,
  setting: Setting,
  choices: Choices,
  ways: Set<string>,
): Omit<Case, 'name'> | undefined {
  const programs = new Map([program, ...called(program)].map((each) => [each.id, materialOf(each)]));
  const material = merged([...programs.values()]);
  const channel = choices.of(program.channels.includes('none') ? ['agent', 'web'] : program.channels);
  const params = Object.fromEntries(
    program.params.flatMap(({ name, type, dir }) =>
      dir === 'out' || choices.below(2) === 0 ? [] : [[name, valueOf(type, name, material, choices)]],
    ),
  );
  const start = { channel, language: program.language, params, now: '2026-03-02T09:00:00.000Z' };
  try {
    const world = new Imagined([program, ...called(program)], material, choices);
    const simulation = new Simulation(program, world, start, setting, ways);
    const moves: Move[] = [];
    for (let count = 0; count < longestTrace && simulation.state.path.end === undefined; count++) {
      const { seq } = simulation.state;
      const move = moveFor(simulation, material, choices);
      if (!simulation.move(move)) continue;
      const refused = simulation.state.events.slice(seq).some(({ type }) => type === 'refused');
      moves.push('answer' in move && refused ? { ...move, refused } : move);
    }
    const { end } = simulation.state.path;
    const { found, acted } = world;
    return { channel, params, found, acted, moves, ...(end === undefined ? {} : { outcome: end.outcome }) };
  } catch (error) {
    // A made-up value that a calculation cannot take ends the trace, not the search.
    if (!(error instanceof Error)) throw error;
    return undefined;
  }
}

function called(program: Program): Program[] {
  return [...program.scripts.values()].flatMap((each) => [each, ...called(each)]);
}

function merged(all: readonly Material[]): Material {
  return {
    literals: new Map(all.flatMap(({ literals }) => [...literals])),
    paths: new Map(all.flatMap(({ paths }) => [...paths])),
  };
}

function moveFor(simulation: Simulation, material: Material, choices: Choices): Move {
  const { step, canGoBack } = simulation.view;
  const { handlers } = simulation.program;
  const kind = choices.below(20);
  if (step?.kind === 'escalate') return { resume: { channel: 'agent', by: 'agent' } };
  if (kind === 0 && canGoBack) return { back: true };
  if (kind === 1 && handlers.length > 0) return { signal: choices.of(handlers).event };
  const answers = (step?.questions ?? []).map((question) => [question.name, answerFor(question, material, choices)]);
  return { answer: Object.fromEntries(answers) as Record<string, unknown> };
}

function answerFor(question: QuestionView, material: Material, choices: Choices): unknown {
  const { type, name, options, required, min = 1, max = 5 } = question;
  if (choices.below(required ? 12 : 4) === 0) return null;
  switch (type) {
    case 'boolean':
      return choices.below(2) === 0;
    case 'one':
      return options.length === 0 ? null : choices.of(options).value;
    case 'many':
      return options.map(({ value }) => value).filter(() => choices.below(2) === 0);
    case 'scale':
      return min + choices.below(max - min + 1);
    case 'email':
      return 'ann@example.org';
    case 'phone':
      return '0570123456';
    case 'time':
      return choices.of(['09:00', '23:30']);
    case 'address':
      return { street: 'Kerkstraat 1', postcode: '7411 AB', city: 'Deventer' };
    case 'file':
      return { id: 'f1', name: 'photo.jpg', type: 'image/jpeg', size: 1 };
    case 'signature':
      return { name: 'Ann', strokes: 'M0 0L9 9' };
    case 'reference':
      return 'K1';
    case 'money':
      return { amount: String(valueOf('decimal', 'amount', material, choices)), currency: 'EUR' };
    default:
      return valueOf(type === 'text' ? 'text' : type, name, material, choices);
  }
}

function valueOf(type: ValueType, name: string, { literals }: Material, choices: Choices): unknown {
  const known = literals.get(name) ?? [];
  if (choices.below(10) === 0) return null;
  switch (type) {
    case 'boolean':
      return choices.below(2) === 0;
    case 'integer':
    case 'number': {
      const numbers = [...known.filter((each) => typeof each === 'number'), 0, 1, 10, 1000];
      return choices.of(numbers) + choices.of([-1, 0, 0, 1]);
    }
    case 'decimal': {
      const numbers = [...known.map(Number).filter(Number.isFinite), 1, 100, 10_000];
      return String(Math.max(0, choices.of(numbers) + choices.of([-1, 0, 0, 1])));
    }
    case 'money':
      return { amount: String(choices.of([0, 50, 5000])), currency: 'EUR' };
    case 'date': {
      const days = choices.of([-800, -200, -31, -8, -1, 0, 1, 6, 14, 31, 90, 200, 800]);
      return new Date(Date.UTC(2026, 2, 2 + days)).toISOString().slice(0, 10);
    }
    case 'datetime':
      return new Date(Date.UTC(2026, 2, 2 + choices.of([-400, -1, 0, 1, 400]))).toISOString();
    default: {
      const texts = known.filter((each) => typeof each === 'string');
      return choices.of([...texts, ...texts, 'X1', 'some text']);
    }
  }
}

/** A world that finds and does what choices say. */
class Imagined implements World {
  /** What was found and done, for a case. */
  readonly found: Record<string, unknown[][]> = {};
  readonly acted: Record<string, unknown[]> = {};

  constructor(
    readonly programs: readonly Program[],
    readonly material: Material,
    readonly choices: Choices,
  ) {}

  find({ query, key, visit }: Extract<Need, { kind: 'lookup' }>): FrozenRecord[] {
    const { choices } = this;
    const count = choices.of([0, 1, 1, 1, 2]);
    const id = key === undefined ? stepOf(visit) : visit.slice(visit.lastIndexOf('.') + 1);
    const names = key === undefined ? this.#namesOf(id) : new Set([id]);
    const records: FrozenRecord[] = [];
    const plain: unknown[] = [];
    (this.found[id] ??= []).push(plain);
    for (let index = 0; index < Math.min(count, query.limit); index++) {
      const values = { $key: key ?? `K${index + 1}`, ...this.#attributes(names) };
      plain.push(values);
      records.push(recordFrom(values, query.record));
    }
    return records;
  }

  act(need: Extract<Need, { kind: 'action' | 'undo' }>): ActionOutcome {
    const id = stepOf(need.visit);
    const results = (this.acted[id] ??= []);
    if (this.choices.below(4) === 0) {
      results.push({ fails: 'it did not succeed' });
      return { ok: false, code: 'ACTION_FAILED', message: 'it did not succeed' };
    }
    const values = this.#attributes(new Set(need.kind === 'undo' ? [] : [need.action.into ?? '']));
    results.push(values);
    const { record } = need.action;
    const result =
      record === undefined ? values : { object: record.object, key: keyOf(values), display: keyOf(values), values };
    return { ok: true, result };
  }

  /** Under which names a look-up's objects are read: its own, and those of loops' items. */
  #namesOf(id: string): Set<string> {
    const steps = this.programs.flatMap((program) => program.steps);
    return new Set(
      steps.flatMap((step) => {
        if (step.kind === 'lookup' && step.id === id) return step.into;
        return step.kind === 'loop' && step.as !== undefined ? step.as : [];
      }),
    );
  }

  /** A value for every attribute that is read of these names. */
  #attributes(names: ReadonlySet<string>): Record<string, unknown> {
    const values: Record<string, unknown> = {};
    for (const [path, type] of this.material.paths) {
      const [root = '', first, second] = path.split('.');
      if (first === undefined || !names.has(root)) continue;
      if (second === undefined) {
        if (typeof type !== 'object') values[first] ??= valueOf(type, first, this.material, this.choices);
        continue;
      }
      const inner = values[first];
      const object: Record<string, unknown> = typeof inner === 'object' && inner !== null ? { ...inner } : {};
      object[second] = typeof type === 'object' ? null : valueOf(type, second, this.material, this.choices);
      values[first] = object;
    }
    return values;
  }
}

/** Choices that were made before are made again; after them chance decides. */
class Choices {
  readonly made: number[] = [];

  constructor(
    readonly given: readonly number[],
    readonly chance: Chance,
  ) {}

  below(limit: number): number {
    const choice = this.given[this.made.length] ?? this.chance.below(1 << 30);
    this.made.push(choice);
    return choice % Math.max(limit, 1);
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}

/** Mulberry32: a small generator whose numbers depend on its seed alone. */
class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed, 0x9e3779b9) >>> 0;
  }

  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let value = this.#state;
    value = Math.imul(value ^ (value >>> 15), value | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) % Math.max(limit, 1);
  }
}
