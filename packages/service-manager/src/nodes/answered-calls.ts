/** How long an answer is remembered, in milliseconds. */
const REMEMBERED_FOR = 60_000;
/** How many answers are remembered at most; the oldest are forgotten first. */
const MOST = 10_000;
/** Answers longer than this, in characters, are remembered as given, without what they were. */
const LONGEST = 16_384;

type Tell = (answer: string) => void;

interface Entry {
  /** Who asked again while it runs; undefined once it is answered. */
  waiting: Tell[] | undefined;
  answer: string | undefined;
  at: number;
}

/**
 * The calls of methods that are not idempotent, by their ids, so that none runs twice on this node. One that failed is not
 * remembered: who was told so may try it again.
 */
export class AnsweredCalls {
  readonly #entries = new Map<string, Entry>();

  /**
   * Whether the call of this key has to run now; then `settle` must follow. One that runs or was answered before is told with the same
   * answer; of one that was answered with more than is kept, no more is known (`forgotten`).
   */
  ask(key: string, tell: Tell): 'new' | 'known' | 'forgotten' {
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      this.#entries.set(key, { waiting: [], answer: undefined, at: 0 });
      return 'new';
    }
    if (entry.waiting !== undefined) entry.waiting.push(tell);
    else if (entry.answer === undefined) return 'forgotten';
    else tell(entry.answer);
    return 'known';
  }

  /** @param answer as it is sent; @param now milliseconds */
  settle(key: string, answer: string, failed: boolean, now: number): void {
    const waiting = this.#entries.get(key)?.waiting ?? [];
    // Set anew, so that those answered stand in the order of their answers.
    this.#entries.delete(key);
    if (!failed) {
      this.#entries.set(key, { waiting: undefined, answer: answer.length > LONGEST ? undefined : answer, at: now });
      this.#prune(now);
    }
    for (const tell of waiting) tell(answer);
  }

  #prune(now: number): void {
    for (const [key, entry] of this.#entries) {
      if (entry.waiting !== undefined) continue;
      if (this.#entries.size <= MOST && now - entry.at < REMEMBERED_FOR) return;
      this.#entries.delete(key);
    }
  }
}
