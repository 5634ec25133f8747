import { type Program, replay, type SessionEvent, type SessionState, view } from '@caruso/dialog-script';

/**
 * What putting another version under a session does: where it would stand, and which answers would no longer count. Answers
 * are carried by the ids of steps and the names of questions.
 */
export function planMigration(
  state: SessionState,
  program: Program,
  event: SessionEvent,
): { after: SessionState; lost: { step: string; name: string; display: string }[] } {
  const after = replay(program, state.id, [...state.events, event], state.setting);
  const kept = new Set(view(after).answers.map(({ visit, name }) => `${visit} ${name}`));
  const lost = view(state)
    .answers.filter(({ visit, name }) => !kept.has(`${visit} ${name}`))
    .map(({ step, name, display }) => ({ step, name, display }));
  return { after, lost };
}
