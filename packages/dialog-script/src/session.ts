import { gather } from './facts.js';
import type { Setting } from './format-value.js';
import { isRefused, judge, warningsOf } from './judge.js';
import { walk } from './path.js';
import type { Program } from './program.js';
import type { SessionEvent } from './session-event.js';
import { type SessionState, viewOf } from './view.js';
import type { View } from './view-type.js';

/** Where a session stands after its events: a pure function of them. */
export function replay(program: Program, id: string, events: readonly SessionEvent[], setting: Setting): SessionState {
  const facts = gather(events);
  return { id, seq: events.length, program, facts, path: walk(program, id, facts, setting) };
}

/** What a channel shows of a session; without one, in the channel and language it was started. */
export function view(state: SessionState, setting: Setting, channel?: string, language?: string): View {
  const { started } = state.facts;
  return viewOf(state, channel ?? started.channel, language ?? started.language, setting);
}

/**
 * The event that answering the present step gives: `answered`, or `refused` where something is wrong or a warning was not
 * given before. Undefined where no step waits.
 */
export function decideAnswer(
  state: SessionState,
  answers: Record<string, unknown>,
  message: string,
  at: string,
  setting: Setting,
): SessionEvent | undefined {
  const { present } = state.path;
  if (present === undefined) return undefined;
  const scope = state.path.scope.fork();
  const { channel, language } = state.facts.started;
  const audience = { channel, language, setting };
  const { step, visit, attempt } = present;
  scope.at = at;
  const judgement = judge(step, answers, scope, audience, attempt);
  if (isRefused(judgement)) return { type: 'refused', at, message, visit, answers };
  const warnings = warningsOf(judgement);
  if (warnings.length > 0) {
    const before = state.facts.refusals.get(visit)?.at(-1);
    const same = before !== undefined && sameAnswers(before.answers, answers);
    if (!same) return { type: 'refused', at, message, visit, answers };
  }
  return { type: 'answered', at, message, visit, answers: judgement.values };
}

function sameAnswers(before: Record<string, unknown>, now: Record<string, unknown>): boolean {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].every((name) => JSON.stringify(before[name] ?? null) === JSON.stringify(now[name] ?? null));
}

/** The event that going back gives: to a step on the path, else to the one before. Undefined where there is none. */
export function decideBack(
  state: SessionState,
  to: string | undefined,
  message: string,
  at: string,
): SessionEvent | undefined {
  const { answered, end } = state.path;
  if (end !== undefined) return undefined;
  const target = to === undefined ? answered.at(-1) : answered.findLast(({ step }) => step.id === to);
  return target === undefined ? undefined : { type: 'wentBack', at, message, visit: target.visit };
}
