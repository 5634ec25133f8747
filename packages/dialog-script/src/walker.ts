import { factKey } from './facts.js';
import type { Checkpoint } from './ground.js';
import { isRefused, judge } from './judge.js';
import { outermost, type Place } from './place.js';
import type { Action, CallStep, EndStep, Fail, LookupStep, Next, Question, Step, WaitingStep } from './program.js';
import { waits } from './program.js';
import { freezeResult, toWire } from './record.js';
import { Rounds } from './rounds.js';
import { canonical, type SessionEvent, visitOf } from './session-event.js';
import { argumentsOf, Standing } from './standing.js';

/** More steps than this in which nobody is asked are a round that does not end. */
const longestSilence = 20_000;
/** More answers than this on one path are no dialog. */
const longestPath = 20_000;

/**
 * Walks a session's path: a function of the program, the answers, what look-ups found and what actions gave. Each event takes
 * the walk up where it changes something; what lies before is not walked again. Answers beside the path are kept in the
 * facts and play no part. Throws RangeError where it goes round without asking anybody.
 */
export class Walker extends Rounds {
  readonly #start: Checkpoint;
  readonly #standing = new Standing();
  #silence = 0;

  constructor(...parameters: ConstructorParameters<typeof Rounds>) {
    super(...parameters);
    this.#start = this.checkpoint(0);
    this.#walk(0);
  }

  apply(event: SessionEvent): void {
    const { path, facts } = this;
    facts.apply(event);
    switch (event.type) {
      case 'answered':
      case 'signalled':
      case 'filled':
      case 'refused':
      case 'handedOver':
      case 'resumed':
      case 'paused':
        if (path.present !== undefined) this.#resume(path.present.checkpoint);
        break;
      case 'wentBack':
        this.#resume(path.answered.find(({ visit }) => visit === event.visit)?.checkpoint ?? this.#start);
        break;
      case 'intended':
        if (event.kind === 'async') this.#resume(path.answered.at(-1)?.checkpoint ?? this.#start);
        break;
      case 'acted':
        if (event.kind === 'async') break;
        if (event.kind === 'undo' && event.outcome.ok) this.#standing.delete(event.visit);
        this.#resume(path.answered.at(-1)?.checkpoint ?? this.#start);
        break;
      case 'found':
        this.#resume(path.answered.at(-1)?.checkpoint ?? this.#start);
        break;
      default:
        break;
    }
  }

  #resume({ mark, index, place, session, at, answered, messages, barrier }: Checkpoint): void {
    this.trail.rewind(mark);
    this.session = session;
    this.at = at;
    this.moveTo(place);
    const { path } = this;
    path.answered.length = answered;
    path.messages = messages;
    path.barrier = barrier;
    path.present = undefined;
    path.end = undefined;
    path.need = undefined;
    this.#walk(index);
  }

  #walk(from: number): void {
    this.#silence = 0;
    for (let index: number | undefined = from; index !== undefined; this.#silence++) {
      const step: Step | undefined = this.place.program.steps[index];
      if (step === undefined || this.#silence > longestSilence || this.path.answered.length > longestPath) {
        throw new RangeError(`its path does not end: it has more than ${longestSilence} steps`);
      }
      index = this.#take(step, index);
    }
    this.path.place = this.place;
    this.#takeBack();
  }

  /** An action that the path has left behind for good is taken back. */
  #takeBack(): void {
    const { path, facts } = this;
    if (path.need !== undefined || facts.cursor !== undefined) return;
    const at = path.present === undefined ? undefined : outermost(path.present.place, path.present.index).index;
    const stray = this.#standing.stray((visit) => this.passed.has(visit) || facts.stuck.has(visit), this.program, at);
    if (stray === undefined) return;
    const [visit, { input, undo, action }] = stray;
    if (undo !== undefined) path.need = { kind: 'undo', visit, input, action, ...undo };
  }

  /** The index of the following step; undefined where the path stops. */
  #take(step: Step, index: number): number | undefined {
    const { scope } = this.place;
    if (!scope.holds(step.condition)) {
      this.way(step.id, 'skipped');
      return step.kind === 'loop' ? step.end + 1 : index + 1;
    }
    if (waits(step)) return this.#wait(step, index);
    switch (step.kind) {
      case 'end':
        return this.#end(step);
      case 'set':
        scope.set(step.name, scope.evaluate(step.expression));
        this.way(step.id, 'below');
        return index + 1;
      case 'choose':
        return this.#leave(step, step.next, index);
      case 'lookup':
        return this.#look(step, index);
      case 'action': {
        const failed = this.#act(step.action, index);
        if (failed === 'waiting') return undefined;
        this.way(step.id, failed === undefined ? 'below' : 'fail');
        return failed === undefined ? index + 1 : this.go(failed.to);
      }
      case 'call':
        return this.#call(step, index);
      case 'loop':
        return this.loop(step, index);
      case 'again':
        return this.again();
    }
  }

  #wait(step: WaitingStep, index: number): number | undefined {
    const { facts, path } = this;
    const place = this.place;
    const checkpoint = this.checkpoint(index);
    const count = this.count(place.prefix + step.id);
    const visit = visitOf(place.prefix + step.id, count);
    const left = facts.left.get(visit);
    const attempt = count + (facts.refusals.get(visit)?.length ?? 0);
    const stop = (unfit: boolean): undefined => {
      this.turn(facts.turn, this.at, attempt);
      path.present = { index, visit, step, attempt, place, checkpoint, unfit };
    };
    if (step.kind === 'escalate') {
      const taken = left?.kind === 'taken' && facts.cursor !== visit;
      if (!taken && this.session.channel !== 'agent') return stop(false);
      if (taken) this.turn(left.turn, left.at, attempt);
      this.way(step.id, 'below');
      return index + 1;
    }
    if (left === undefined || left.kind === 'taken' || facts.cursor === visit) return stop(false);
    this.turn(left.turn, left.at, attempt);
    this.#silence = 0;
    if (left.kind === 'signalled') {
      path.answered.push({ index, visit, step, values: {}, place, checkpoint, count, rows: undefined });
      path.messages = [];
      return this.#signal(left.signal, step);
    }
    const { scope } = place;
    const audience = { channel: left.turn.channel, language: left.turn.language, setting: this.setting };
    const wanted: Question[] = [];
    // An answer given on another path may not fit this one (its option is gone): then it is put again.
    const judgement = judge(step, this.#stillAsked(step, left.answers), scope, audience, attempt, (question, key) => {
      const { input } = this.#reference(question, key);
      const found = facts.found.get(factKey(`${visit}.${question.name}`, input));
      if (found === undefined) wanted.push(question);
      return found === undefined ? undefined : (found[0] ?? null);
    });
    const [question] = wanted;
    if (question !== undefined) {
      const key = String(judgement.values[question.name]);
      const { input, params } = this.#reference(question, key);
      if (question.reference !== undefined) {
        const { record, where } = question.reference;
        const query = { record, where: where.text, sort: [], limit: 1 };
        path.need = { kind: 'lookup', visit: `${visit}.${question.name}`, input, query, params, key };
        return undefined;
      }
    }
    if (isRefused(judgement)) {
      this.trail.rewind(checkpoint.mark);
      this.session = checkpoint.session;
      this.at = checkpoint.at;
      this.count(place.prefix + step.id);
      return stop(true);
    }
    path.answered.push({ index, visit, step, values: judgement.values, place, checkpoint, count, rows: undefined });
    path.messages = [];
    return this.#leave(step, step.next, index);
  }

  /** A question of a form that this path does not put keeps its answer, unseen. */
  #stillAsked(step: WaitingStep, answers: Record<string, unknown>): Record<string, unknown> {
    if (step.questions.every(({ condition }) => condition === undefined)) return answers;
    const { scope } = this.place;
    const names = new Set(step.questions.filter(({ condition }) => scope.holds(condition)).map(({ name }) => name));
    return Object.fromEntries(Object.entries(answers).filter(([name]) => names.has(name)));
  }

  #reference(question: Question, key: string): { input: string; params: Record<string, unknown> } {
    const { scope } = this.place;
    const bindings = question.reference?.where.bindings ?? [];
    const params = Object.fromEntries(
      bindings.map(({ name, expression }) => [name, toWire(scope.evaluate(expression))]),
    );
    return { input: canonical({ key, ...params }), params };
  }

  /** What a script, or the one that called it, does about something that happened. */
  #signal(signal: string, step: WaitingStep): number | undefined {
    for (let place: Place | undefined = this.place; place !== undefined; place = place.caller?.place) {
      this.moveTo(place);
      const index = place.program.handlers.findIndex(
        ({ event, condition }) => event === signal && place?.scope.holds(condition),
      );
      const handler = place.program.handlers[index];
      if (handler !== undefined) return this.#through(handler, 'on', `${index + 1}`, -1);
    }
    const { id, section, span } = step;
    this.path.end = { kind: 'end', id, section, span, condition: undefined, outcome: signalOutcome(signal), says: [] };
    return undefined;
  }

  #leave(step: Step, nexts: readonly Next[], index: number): number | undefined {
    const number = nexts.findIndex(({ condition }) => this.place.scope.holds(condition));
    const next = nexts[number];
    if (next === undefined) {
      this.way(step.id, 'below');
      return index + 1;
    }
    return this.#through(next, step.id, `next ${number + 1}`, index);
  }

  #through(next: Next, step: string, label: string, index: number): number | undefined {
    for (const action of next.actions) {
      if (!this.place.scope.holds(action.condition)) continue;
      const failed = this.#act(action, index);
      if (failed === 'waiting') return undefined;
      if (failed !== undefined) {
        this.way(step, `${label} ${action.id} fail`);
        return this.go(failed.to);
      }
    }
    this.way(step, label);
    return this.go(next.to);
  }

  #look(step: LookupStep, index: number): number | undefined {
    const { scope, prefix } = this.place;
    const { bindings, text } = step.where;
    const params = Object.fromEntries(
      bindings.map(({ name, expression }) => [name, toWire(scope.evaluate(expression))]),
    );
    const input = canonical(params);
    const visit = visitOf(prefix + step.id, this.count(prefix + step.id));
    const records = this.facts.found.get(factKey(visit, input));
    if (records === undefined) {
      const query = { record: step.record, where: text, sort: step.sort, limit: step.limit };
      this.path.need = { kind: 'lookup', visit, input, query, params, key: undefined };
      return undefined;
    }
    scope.set(step.into, step.many ? records : (records[0] ?? null));
    const fail = records.length === 0 ? step.fail : undefined;
    this.way(step.id, fail === undefined ? 'below' : 'fail');
    if (fail === undefined) return index + 1;
    this.fail(fail, undefined);
    return this.go(fail.to);
  }

  /** Undefined when it is done well; its `fail` when not; 'waiting' when its outcome is not known. */
  #act(action: Action, index: number): Fail | 'waiting' | undefined {
    const { facts, path } = this;
    const { scope, prefix } = this.place;
    const given = argumentsOf(action.arguments, scope);
    const input = canonical(given);
    const visit = visitOf(prefix + action.id, this.count(prefix + action.id));
    const key = factKey(visit, input);
    if (action.async) {
      if (facts.ordered.has(key)) return undefined;
      path.need = { kind: 'action', visit, input, action, arguments: given };
      return 'waiting';
    }
    const before = this.#standing.get(visit);
    const stuck = facts.stuck.get(visit);
    if (before?.undo !== undefined && before.input !== input && stuck !== undefined) {
      // Doing it again beside what still stands would do it twice.
      this.pass(visit);
      this.fail(action.fail, stuck);
      return action.fail;
    }
    if (before?.undo !== undefined && before.input !== input) {
      path.need = { kind: 'undo', visit, input: before.input, action, ...before.undo };
      return 'waiting';
    }
    const outcome = facts.acted.get(key);
    if (outcome === undefined) {
      path.need = { kind: 'action', visit, input, action, arguments: given };
      return 'waiting';
    }
    this.pass(visit);
    if (!outcome.ok) {
      this.fail(action.fail, outcome.message);
      return action.fail;
    }
    if (action.into !== undefined) scope.set(action.into, freezeResult(outcome.result, action.record));
    this.#standing.set(visit, input, action, scope, outermost(this.place, index).index);
    if (action.barrier) path.barrier = path.answered.length;
    return undefined;
  }

  #call(step: CallStep, index: number): number {
    const place = this.place;
    const program = place.program.scripts.get(step.script);
    if (program === undefined) throw new RangeError(`the script '${step.script}' that it calls is not there`);
    const params = Object.fromEntries(
      step.arguments.map(({ name, expression }) => [name, place.scope.evaluate(expression)]),
    );
    const visit = visitOf(place.prefix + step.id, this.count(place.prefix + step.id));
    const scope = this.open(program, params);
    this.moveTo({ program, scope, prefix: `${visit}/`, round: undefined, caller: { place, index, step } });
    return 0;
  }

  #end(step: EndStep): number | undefined {
    const { caller, program, scope } = this.place;
    if (caller === undefined) {
      this.path.end = step;
      return undefined;
    }
    const result: Record<string, unknown> = { outcome: step.outcome };
    for (const { name, dir } of program.params) if (dir !== 'in') result[name] = scope.get(name);
    const { path } = this;
    if (step.says.length > 0) path.messages = [...path.messages, { wordings: step.says, error: undefined, scope }];
    this.way(step.id, 'returned');
    this.moveTo(caller.place);
    if (caller.step.into !== undefined) caller.place.scope.set(caller.step.into, result);
    return this.#leave(caller.step, caller.step.next, caller.index);
  }
}

function signalOutcome(signal: string): string {
  return signal === 'hang-up' ? 'hung-up' : signal;
}
