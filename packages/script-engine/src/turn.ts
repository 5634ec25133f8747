/**
 * One turn at a time for a session, in the whole process: a generation that is being replaced and its successor must not
 * work on one session at once, nor take an action the other is doing for one that a crash left undone.
 */
const key = Symbol.for('caruso.scripts.turns');
const shared = globalThis as { [key]?: Map<string, Promise<unknown>> };
shared[key] ??= new Map();
const turns = shared[key];

/** Runs `work` after everything that was asked of the session before. */
export async function inTurn<T>(session: string, work: () => Promise<T>): Promise<T> {
  const before = turns.get(session) ?? Promise.resolve();
  // What went wrong before was told to whoever asked for it.
  const mine = before.then(work, work);
  turns.set(session, mine);
  try {
    return await mine;
  } finally {
    if (turns.get(session) === mine) turns.delete(session);
  }
}
