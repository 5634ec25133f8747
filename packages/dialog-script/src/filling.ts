import { askedQuestions } from './judge.js';
import type { Present } from './path.js';
import type { Question } from './program.js';
import type { SessionState } from './state.js';

/** Channels on which one question is put at a time, forms or not. */
export function asksInTurn(channel: string): boolean {
  return channel === 'chat' || channel === 'voice';
}

/** The question of a form that is put now, where they are put one after the other. */
export function filling(
  state: SessionState,
  { step, visit, place }: Present,
): { name: string; question: Question; first: boolean; last: boolean } | undefined {
  if (step.kind !== 'form') return undefined;
  const filled = state.facts.filled.get(visit) ?? {};
  const open = askedQuestions(step, place.scope).filter(({ name }) => !Object.hasOwn(filled, name));
  const [question] = open;
  if (question === undefined) return undefined;
  const unconditioned = { ...question, condition: undefined };
  return {
    name: question.name,
    question: unconditioned,
    first: Object.keys(filled).length === 0,
    last: open.length === 1,
  };
}
