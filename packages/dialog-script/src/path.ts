import type { Facts } from './facts.js';
import { factKey } from './facts.js';
import type { Setting } from './format-value.js';
import { askedQuestions, isRefused, judge } from './judge.js';
import type { Action, EndStep, Fail, LookupStep, Program, Step, WaitingStep, Wording } from './program.js';
import { waits } from './program.js';
import { freezeResult, toWire } from './record.js';
import { Scope } from './scope.js';
import { canonical, visitOf } from './session-event.js';
import type { Audience } from './text.js';

/** More steps than this on one path are a round that does not end. */
const longestPath = 2000;

/** A step on the path that was answered. */
interface Answered {
  index: number;
  visit: string;
  step: WaitingStep;
  values: Record<string, unknown>;
}

/** What must be known before the path goes on. */
export type Need =
  | { kind: 'lookup'; visit: string; input: string; step: LookupStep; params: Record<string, unknown> }
  | { kind: 'action'; visit: string; input: string; action: Action; arguments: Record<string, unknown> };

/** Where a session is, and how it got there. */
export interface Path {
  answered: Answered[];
  /** The step that waits. */
  present: { index: number; visit: string; step: WaitingStep; attempt: number } | undefined;
  end: EndStep | undefined;
  need: Need | undefined;
  /** Values at the point reached. */
  scope: Scope;
  /** Texts of what failed since the last answer. */
  messages: { wordings: readonly Wording[]; error: string | undefined }[];
}

/**
 * The path: a pure function of the program, the answers, what look-ups found and what actions gave. Answers beside the path
 * are kept in the facts and play no part here. Throws RangeError where it goes round without asking anybody.
 */
export function walk(program: Program, session: string, facts: Facts, setting: Setting): Path {
  return new Walker(program, session, facts, setting).walk();
}

class Walker {
  readonly #visits = new Map<string, number>();
  readonly #audience: Audience;
  readonly #path: Path;

  constructor(
    readonly program: Program,
    session: string,
    readonly facts: Facts,
    setting: Setting,
  ) {
    const { started } = facts;
    const { channel, language, starter, interaction, at } = started;
    this.#audience = { channel, language, setting };
    const scope = new Scope(program, { id: session, channel, language, starter, interaction }, setting.timezone, at);
    this.#path = { answered: [], present: undefined, end: undefined, need: undefined, scope, messages: [] };
    for (const param of program.params) {
      const given = Object.hasOwn(started.params, param.name) ? started.params[param.name] : undefined;
      scope.set(param.name, given ?? (param.default === undefined ? null : scope.evaluate(param.default)));
    }
    for (const variable of program.vars) {
      scope.set(variable.name, variable.first === undefined ? null : scope.evaluate(variable.first));
    }
  }

  walk(): Path {
    let index: number | undefined = 0;
    for (let count = 0; index !== undefined; count++) {
      const step: Step | undefined = this.program.steps[index];
      if (step === undefined || count > longestPath) {
        throw new RangeError(`its path does not end: it has more than ${longestPath} steps`);
      }
      index = this.#take(step, index);
    }
    return this.#path;
  }

  /** The index of the following step; undefined where the path stops. */
  #take(step: Step, index: number): number | undefined {
    if (!this.#path.scope.holds(step.condition)) return index + 1;
    if (waits(step)) return this.#wait(step, index);
    switch (step.kind) {
      case 'end':
        this.#path.end = step;
        return undefined;
      case 'set':
        this.#path.scope.set(step.name, this.#path.scope.evaluate(step.expression));
        return index + 1;
      case 'choose':
        return this.#leave(step.next, index);
      case 'lookup':
        return this.#look(step, index);
      case 'action': {
        const failed = this.#act(step.action);
        if (failed === 'waiting') return undefined;
        return failed === undefined ? index + 1 : failed.to;
      }
    }
  }

  #wait(step: WaitingStep, index: number): number | undefined {
    const { scope } = this.#path;
    const count = this.#count(step.id);
    const visit = visitOf(step.id, count);
    const given = this.facts.answers.get(visit);
    const attempt = count + (this.facts.refusals.get(visit)?.length ?? 0);
    if (given === undefined || visit === this.facts.cursor) return this.#stop(step, index, visit, attempt);
    const before = step.questions.map(({ name }) => [name, scope.get(name)] as const);
    scope.at = given.at;
    // An answer given on another path may not fit this one (its option is gone): then it is put again.
    const judgement = judge(step, this.#stillAsked(step, given.answers), scope, this.#audience, attempt);
    if (isRefused(judgement)) {
      for (const [name, value] of before) scope.set(name, value);
      return this.#stop(step, index, visit, attempt);
    }
    this.#path.answered.push({ index, visit, step, values: judgement.values });
    this.#path.messages = [];
    return this.#leave(step.next, index);
  }

  /** A question of a form that this path does not put keeps its answer, unseen. */
  #stillAsked(step: WaitingStep, answers: Record<string, unknown>): Record<string, unknown> {
    const names = new Set(askedQuestions(step, this.#path.scope).map(({ name }) => name));
    return Object.fromEntries(Object.entries(answers).filter(([name]) => names.has(name)));
  }

  #stop(step: WaitingStep, index: number, visit: string, attempt: number): undefined {
    this.#path.present = { index, visit, step, attempt };
  }

  #leave(nexts: WaitingStep['next'], index: number): number | undefined {
    const next = nexts.find(({ condition }) => this.#path.scope.holds(condition));
    if (next === undefined) return index + 1;
    for (const action of next.actions) {
      if (!this.#path.scope.holds(action.condition)) continue;
      const failed = this.#act(action);
      if (failed === 'waiting') return undefined;
      if (failed !== undefined) return failed.to;
    }
    return next.to;
  }

  #look(step: LookupStep, index: number): number | undefined {
    const { scope } = this.#path;
    const params = Object.fromEntries(
      step.bindings.map(({ name, expression }) => [name, toWire(scope.evaluate(expression))]),
    );
    const input = canonical(params);
    const visit = visitOf(step.id, this.#count(step.id));
    const records = this.facts.found.get(factKey(visit, input));
    if (records === undefined) {
      this.#path.need = { kind: 'lookup', visit, input, step, params };
      return undefined;
    }
    scope.set(step.into, step.many ? records : (records[0] ?? null));
    if (records.length > 0 || step.fail === undefined) return index + 1;
    this.#fail(step.fail, undefined);
    return step.fail.to;
  }

  /** Undefined when it is done well; its `fail` when not; 'waiting' when its outcome is not known. */
  #act(action: Action): Fail | 'waiting' | undefined {
    const { scope } = this.#path;
    const argumentsGiven: Record<string, unknown> = {};
    for (const { path, expression } of action.arguments)
      assign(argumentsGiven, path, toWire(scope.evaluate(expression)));
    const input = canonical(argumentsGiven);
    const visit = visitOf(action.id, this.#count(action.id));
    const outcome = this.facts.acted.get(factKey(visit, input));
    if (outcome === undefined) {
      this.#path.need = { kind: 'action', visit, input, action, arguments: argumentsGiven };
      return 'waiting';
    }
    if (!outcome.ok) {
      this.#fail(action.fail, outcome.message);
      return action.fail;
    }
    if (action.into !== undefined) scope.set(action.into, freezeResult(outcome.result, action.record));
    return undefined;
  }

  #fail({ says }: Fail, error: string | undefined): void {
    this.#path.messages.push({ wordings: says, error });
  }

  #count(id: string): number {
    const count = (this.#visits.get(id) ?? 0) + 1;
    this.#visits.set(id, count);
    return count;
  }
}

function assign(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  const inner = target[name];
  const next = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
  target[name] = next;
  assign(next, rest, value);
}
