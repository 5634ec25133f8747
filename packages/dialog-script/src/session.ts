import { factKey } from './facts.js';
import { asksInTurn, filling } from './filling.js';
import { type Find, isRefused, type Judgement, judge, warningsOf } from './judge.js';
import type { Need, Present } from './path.js';
import type { Place } from './place.js';
import type { WaitingStep } from './program.js';
import { toWire } from './record.js';
import { canonical, type SessionEvent, type Turn } from './session-event.js';
import type { SessionState } from './state.js';
import type { Audience } from './text.js';

/** What a message of a person carries besides what it says. */
export interface Message {
  /** Its id; repeated, it has no second effect. */
  message: string;
  /** ISO, UTC. */
  at: string;
  /** Who says it, where that is not who goes on with the session: customer and agent may fill the same form. */
  by?: string | undefined;
}

/**
 * The events that answering the present step gives: `answered`; `filled` for one question of a form where they are put one
 * after the other; or `refused` where something is wrong or a warning was not given before, perhaps with what the script does
 * about it. None where no step waits for an answer.
 */
export function decideAnswer(
  state: SessionState,
  answers: Record<string, unknown>,
  { message, at, by }: Message,
): SessionEvent[] {
  const { present } = state.path;
  if (present === undefined || present.step.kind === 'escalate') return [];
  const { facts } = state;
  const { visit, step } = present;
  const base = { at, message, visit };
  const turn = by === undefined ? facts.turn : { ...facts.turn, by };
  const question = asksInTurn(facts.turn.channel) ? filling(state, present) : undefined;
  const alone = question !== undefined && Object.keys(answers).every((name) => name === question.name);
  const put = alone ? { ...step, questions: [question.question], checks: [] } : step;
  const judged = judgeAt(state, present, put, answers, at);
  if (isRefused(judged) || isWarned(state, visit, judged, answers)) return refuse(state, { ...base, answers });
  if (alone && !question.last) return [{ type: 'filled', ...base, answers: judged.values }];
  if (!alone) return [{ type: 'answered', ...base, answers: judged.values, turn }];
  const together = { ...facts.filled.get(visit), ...judged.values };
  const whole = judgeAt(state, present, step, together, at);
  if (isRefused(whole) || isWarned(state, visit, whole, together)) return refuse(state, { ...base, answers: together });
  return [{ type: 'answered', ...base, answers: whole.values, turn }];
}

/** A refusal, and the way the script has for it. */
function refuse(
  state: SessionState,
  refusal: { at: string; message: string; visit: string; answers: Record<string, unknown> },
): SessionEvent[] {
  const refused: SessionEvent = { type: 'refused', ...refusal };
  const after = state.path.present === undefined ? 1 : state.path.present.attempt + 1;
  if (handlerOf(state, 'no-match', after) === undefined) return [refused];
  const { at, message, visit } = refusal;
  return [refused, { type: 'signalled', at, message, visit, signal: 'no-match', turn: state.facts.turn }];
}

/**
 * The events that something which happened gives: the way the script has for it, else what is usual: a customer who is gone
 * ends the dialog, one who wants a person makes the step wait for an agent, silence counts as an attempt. None where no step
 * waits, or for an event of the script's own that it does not handle here.
 */
export function decideSignal(state: SessionState, signal: string, { message, at }: Message): SessionEvent[] {
  const { present } = state.path;
  if (present === undefined) return [];
  const base = { at, message, visit: present.visit };
  const attempt = present.attempt + (signal === 'time-out' || signal === 'no-match' ? 1 : 0);
  const handled = handlerOf(state, signal, attempt) !== undefined;
  if (handled || signal === 'hang-up') return [{ type: 'signalled', ...base, signal, turn: state.facts.turn }];
  if (signal === 'wants-human') return [{ type: 'handedOver', ...base }];
  if (signal === 'time-out' || signal === 'no-match') return [{ type: 'refused', ...base, answers: {}, signal }];
  return [];
}

/** Goes on with a session: somebody else, on another channel, in another language, or after a pause. */
export function decideResume(state: SessionState, turn: Partial<Turn>, { message, at }: Message): SessionEvent[] {
  const { present } = state.path;
  if (present === undefined) return [];
  return [{ type: 'resumed', at, message, visit: present.visit, turn: { ...state.facts.turn, ...turn } }];
}

export function decidePause(state: SessionState, { message, at }: Message): SessionEvent[] {
  const { present } = state.path;
  return present === undefined ? [] : [{ type: 'paused', at, message, visit: present.visit }];
}

/**
 * The events that going back gives: to a step (or visit) on the path, else to the one before. None where there is no such
 * step, or an action that forbids it was done since.
 */
export function decideBack(state: SessionState, to: string | undefined, { message, at }: Message): SessionEvent[] {
  const { answered, end, barrier } = state.path;
  if (end !== undefined) return [];
  const open = answered.slice(barrier);
  const target = to === undefined ? open.at(-1) : open.findLast(({ step, visit }) => visit === to || step.id === to);
  return target === undefined ? [] : [{ type: 'wentBack', at, message, visit: target.visit }];
}

/** Whether a step that was answered lies before an action that forbids the way back. */
export function isBehindBarrier(state: SessionState, to: string | undefined): boolean {
  const { answered, barrier } = state.path;
  const closed = answered.slice(0, barrier);
  return to === undefined ? closed.length > 0 : closed.some(({ step, visit }) => visit === to || step.id === to);
}

/** Judges answers to the present step and leaves the path as it was. */
export function judgeAt(
  state: SessionState,
  present: Present,
  step: Pick<WaitingStep, 'questions' | 'checks'>,
  answers: Record<string, unknown>,
  at: string,
  audience?: Audience,
): Judgement {
  const { facts, walker, setting } = state;
  const { scope } = present.place;
  const { channel, language } = facts.turn;
  const { mark } = walker.trail;
  try {
    scope.at = at;
    const whom = audience ?? { channel, language, setting };
    return judge(step, answers, scope, whom, present.attempt, finder(state, present));
  } finally {
    walker.trail.rewind(mark);
  }
}

function finder({ facts }: SessionState, { visit, place }: Present): Find {
  return (question, key) => {
    const bindings = question.reference?.where.bindings ?? [];
    const params = bindings.map(({ name, expression }) => [name, toWire(place.scope.evaluate(expression))] as const);
    const input = canonical({ key, ...Object.fromEntries(params) });
    const found = facts.found.get(factKey(`${visit}.${question.name}`, input));
    return found === undefined ? undefined : (found[0] ?? null);
  };
}

function isWarned(state: SessionState, visit: string, judged: Judgement, answers: Record<string, unknown>): boolean {
  if (warningsOf(judged).length === 0) return false;
  const before = state.facts.refusals.get(visit)?.at(-1);
  return before === undefined || !sameAnswers(before.answers, answers);
}

function sameAnswers(before: Record<string, unknown>, now: Record<string, unknown>): boolean {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].every((name) => JSON.stringify(before[name] ?? null) === JSON.stringify(now[name] ?? null));
}

/** The place whose script does something about an event, at a number of attempts. */
function handlerOf(state: SessionState, signal: string, attempt: number): Place | undefined {
  const { present } = state.path;
  const { mark } = state.walker.trail;
  try {
    for (let place = present?.place; place !== undefined; place = place.caller?.place) {
      const { scope, program } = place;
      scope.session = { ...scope.session, attempt };
      if (program.handlers.some(({ event, condition }) => event === signal && scope.holds(condition))) return place;
    }
    return undefined;
  } finally {
    state.walker.trail.rewind(mark);
  }
}

/** What a question of type reference that is asked now may be answered by. Undefined where none of that name is asked. */
export function referenceAsked(
  state: SessionState,
  name: string,
): { query: Extract<Need, { kind: 'lookup' }>['query']; params: Record<string, unknown> } | undefined {
  const { present } = state.path;
  const reference = present?.step.questions.find((question) => question.name === name)?.reference;
  if (present === undefined || reference === undefined) return undefined;
  const { scope } = present.place;
  const bindings = reference.where.bindings.map(
    (each) => [each.name, toWire(scope.evaluate(each.expression))] as const,
  );
  const query = { record: reference.record, where: reference.where.text, sort: [], limit: 20 };
  return { query, params: Object.fromEntries(bindings) };
}
