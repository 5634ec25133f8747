import type { Setting } from './format-value.js';
import type { Need } from './path.js';
import type { Program, RecordShape } from './program.js';
import { decideAnswer, decideBack, decideResume, decideSignal } from './session.js';
import type { ActionOutcome, FrozenRecord, SessionEvent } from './session-event.js';
import { stepOf } from './session-event.js';
import { replay, type SessionState } from './state.js';
import { view } from './view.js';
import type { View } from './view-type.js';

/** What a person does at a step. */
export type Move =
  | { answer: Record<string, unknown>; at?: string | undefined; refused?: boolean | undefined }
  | { back: string | true }
  | { signal: string }
  | { resume: { channel?: string | undefined; language?: string | undefined; by?: string | undefined } };

/** A dialog as it should go: what is said to it, what the world answers it, and what should come of it. */
export interface Case {
  name: string;
  channel?: string | undefined;
  language?: string | undefined;
  params?: Record<string, unknown> | undefined;
  /** ISO, UTC. */
  now?: string | undefined;
  /** By look-up: the objects found, each time the same; or a list for each time. */
  found?: Record<string, readonly unknown[]> | undefined;
  /** By action: its result, or `{ fails: why }`; a list for each time. */
  acted?: Record<string, unknown> | undefined;
  moves: readonly Move[];
  outcome?: string | undefined;
  /** Steps in the order in which they were answered. */
  path?: readonly string[] | undefined;
}

/** What answers a session's needs: the real services, a case, or chance. Undefined: it is not known yet, the session waits. */
export interface World {
  find(need: Extract<Need, { kind: 'lookup' }>): FrozenRecord[] | undefined;
  act(need: Extract<Need, { kind: 'action' | 'undo' }>): ActionOutcome | undefined;
}

/** More look-ups and actions than this without a person are a round. */
const mostErrands = 2000;

/** A session in memory: the pure engine over a world. */
export class Simulation {
  state: SessionState;
  readonly calls: { visit: string; method: string; arguments: Record<string, unknown> }[] = [];

  constructor(
    readonly program: Program,
    readonly world: World,
    start: { channel: string; language: string; params: Record<string, unknown>; now: string },
    setting: Setting,
    ways?: Set<string>,
  ) {
    const { channel, language, params, now: at } = start;
    const started: SessionEvent = {
      type: 'started',
      at,
      channel,
      language,
      params,
      starter: 'simulation',
      interaction: null,
    };
    this.state = replay(program, 'simulation', [started], setting, ways);
    this.#settle();
  }

  get view(): View {
    return view(this.state);
  }

  /** Makes a move; false where nothing came of it. */
  move(move: Move): boolean {
    const message = { message: `m${this.state.seq}`, at: this.state.facts.started.at };
    const events =
      'answer' in move
        ? decideAnswer(this.state, move.answer, message)
        : 'back' in move
          ? decideBack(this.state, move.back === true ? undefined : move.back, message)
          : 'signal' in move
            ? decideSignal(this.state, move.signal, message)
            : decideResume(this.state, given(move.resume), message);
    for (const event of events) this.state = this.state.advance(event);
    this.#settle();
    return events.length > 0;
  }

  #settle(): void {
    const { at } = this.state.facts.started;
    let errands = 0;
    for (let need = this.state.path.need; need !== undefined; need = this.state.path.need) {
      if (++errands > mostErrands)
        throw new RangeError(`more than ${mostErrands} look-ups and actions without a person`);
      const { visit, input } = need;
      if (need.kind === 'lookup') {
        const records = this.world.find(need);
        if (records === undefined) return;
        this.state = this.state.advance({ type: 'found', at, visit, input, records });
        continue;
      }
      const method = need.kind === 'undo' ? need.method : need.action.method;
      const kind = need.kind === 'undo' ? ({ kind: 'undo' } as const) : {};
      const async = need.kind === 'action' && need.action.async;
      const outcome = async ? undefined : this.world.act(need);
      if (!async && outcome === undefined) return;
      this.calls.push({ visit, method, arguments: need.arguments });
      this.state = this.state.advance({
        type: 'intended',
        at,
        visit,
        input,
        call: visit,
        ...(async ? { kind: 'async' } : kind),
      });
      if (outcome === undefined) continue;
      this.state = this.state.advance({ type: 'acted', at, visit, input, outcome, ...kind });
    }
  }
}

function given(turn: Extract<Move, { resume: unknown }>['resume']): Record<string, string> {
  return Object.fromEntries(Object.entries(turn).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/**
 * Runs a case and tells what was otherwise than it says.
 *
 * @example
 * runCase(program, { name: 'stored', moves: [{ answer: { meter: 'M1' } }], outcome: 'stored' }, setting).failures // []
 */
export function runCase(
  program: Program,
  test: Case,
  setting: Setting,
  ways?: Set<string>,
): { simulation: Simulation; failures: string[] } {
  const { channel = program.channels[0] ?? 'agent', language = program.language, params = {} } = test;
  const now = test.now ?? '2026-03-02T09:00:00.000Z';
  const simulation = new Simulation(program, worldOf(test), { channel, language, params, now }, setting, ways);
  const failures: string[] = [];
  for (const [index, move] of test.moves.entries()) {
    const said = `move ${index + 1}`;
    const { present } = simulation.state.path;
    if (present === undefined) {
      failures.push(`${said}: the dialog had ended with '${simulation.state.path.end?.outcome}'`);
      break;
    }
    if ('answer' in move && move.at !== undefined && move.at !== present.step.id) {
      failures.push(`${said}: it is at '${present.step.id}', not at '${move.at}'`);
      break;
    }
    const { seq } = simulation.state;
    if (!simulation.move(move)) failures.push(`${said}: nothing came of it at '${present.step.id}'`);
    if ('answer' in move) {
      const refused = simulation.state.events.slice(seq).some(({ type }) => type === 'refused');
      const errors = refused ? errorsOf(simulation.view) : '';
      if (refused !== (move.refused ?? false)) {
        failures.push(refused ? `${said}: refused at '${present.step.id}': ${errors}` : `${said}: it was not refused`);
      }
    }
  }
  const { end, answered, present } = simulation.state.path;
  if (test.outcome !== undefined && end?.outcome !== test.outcome) {
    const at = end === undefined ? `it waits at '${present?.step.id}'` : `it ended with '${end.outcome}'`;
    failures.push(`it should end with '${test.outcome}', but ${at}`);
  }
  const path = answered.map(({ step }) => step.id);
  if (test.path !== undefined && path.join(' ') !== test.path.join(' ')) {
    failures.push(`its path should be ${test.path.join(' ')}, but is ${path.join(' ')}`);
  }
  return { simulation, failures };
}

function errorsOf({ step }: View): string {
  const errors = [
    ...(step?.errors ?? []),
    ...(step?.questions ?? []).flatMap((each) => [...each.errors, ...each.warnings]),
  ];
  return errors.join(' ');
}

/** The world of a case; where it is `asked`, what the case does not say is not known. */
export function worldOf({ found = {}, acted = {} }: Case, asked = false): World {
  const times = new Map<string, number>();
  const time = (id: string): number => {
    const count = times.get(id) ?? 0;
    times.set(id, count + 1);
    return count;
  };
  return {
    find: ({ visit, query, key }) => {
      const id = key === undefined ? stepOf(visit) : visit.slice(visit.lastIndexOf('.') + 1);
      const given = Object.hasOwn(found, id) ? (found[id] ?? []) : [];
      if (asked && (times.get(id) ?? 0) >= given.length) return undefined;
      const list = Array.isArray(given[0]) ? (given[Math.min(time(id), given.length - 1)] as unknown[]) : given;
      return list.flatMap((each) => (isPlain(each) ? recordFrom(each, query.record) : [])).slice(0, query.limit);
    },
    act: (need) => {
      const id = stepOf(need.visit);
      const given = Object.hasOwn(acted, id) ? acted[id] : {};
      if (asked && (times.get(id) ?? 0) >= (Array.isArray(given) ? given.length : 0)) return undefined;
      const result = Array.isArray(given) ? given[Math.min(time(id), given.length - 1)] : given;
      if (isPlain(result) && typeof result['fails'] === 'string') {
        return { ok: false, code: 'ACTION_FAILED', message: result['fails'] };
      }
      const { record } = need.action;
      if (need.kind === 'undo' || record === undefined) return { ok: true, result: result ?? null };
      const values = isPlain(result) ? result : {};
      return { ok: true, result: { object: record.object, key: keyOf(values), display: keyOf(values), values } };
    },
  };
}

/** An object as a look-up would freeze it, from its attributes; `$key` and `$display` may be among them. */
export function recordFrom(values: Record<string, unknown>, shape: RecordShape): FrozenRecord {
  const frozen: FrozenRecord = { $object: shape.object, $key: keyOf(values), $display: displayOf(values), ...values };
  for (const [attribute, object] of Object.entries(shape.references)) {
    const value = values[attribute];
    if (isPlain(value))
      frozen[attribute] = { $object: object, $key: keyOf(value), $display: displayOf(value), ...value };
    else if (value !== undefined && value !== null) frozen[attribute] = { $object: object, $key: String(value) };
  }
  return frozen;
}

/** The key of an object that is given by its attributes: `$key`, else its first value. */
export function keyOf(values: Record<string, unknown>): string {
  const key =
    values['$key'] ?? Object.values(values).find((value) => typeof value === 'string' || typeof value === 'number');
  return String(key ?? '1');
}

function displayOf(values: Record<string, unknown>): string {
  return String(values['$display'] ?? values['display'] ?? keyOf(values));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
