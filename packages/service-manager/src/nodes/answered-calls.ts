/** How long an answer is remembered, in milliseconds. */
const REMEMBERED_FOR = 60_000;
/** How many answers are remembered at most; the oldest are forgotten first. */
const MOST = 10_000;
/** Answers longer than this, in characters, are remembered as given, without what they were. */
const LONGEST = 16_384;

interface Entry {
  /** Undefined while it runs. */
  answer: string | undefined;
  running: Promise<string> | undefined;
  at: number;
}

/** A call that was asked before. */
export type Repeated = { kind: 'new' } | { kind: 'answer'; answer: Promise<string> } | { kind: 'forgotten' };

/**
 * The calls of methods that are not idempotent, by their ids, so that none runs twice on this node. One that failed is not
 * remembered: who was told so may try it again.
 */
export class AnsweredCalls {
  readonly #entries = new Map<string, Entry>();

  find(key: string): Repeated {
    const entry = this.#entries.get(key);
    if (entry === undefined) return { kind: 'new' };
    if (entry.running !== undefined) return { kind: 'answer', answer: entry.running };
    return entry.answer === undefined
      ? { kind: 'forgotten' }
      : { kind: 'answer', answer: Promise.resolve(entry.answer) };
  }

  /** @param now milliseconds; @param run gives the answer as it is sent, after telling if the call failed */
  run(key: string, now: () => number, run: (failed: () => void) => Promise<string>): Promise<string> {
    const entry: Entry = { answer: undefined, running: undefined, at: now() };
    this.#entries.set(key, entry);
    let failed = false;
    const answered = run(() => {
      failed = true;
    }).then((text) => {
      entry.running = undefined;
      this.#entries.delete(key);
      if (!failed) {
        entry.at = now();
        entry.answer = text.length > LONGEST ? undefined : text;
        this.#entries.set(key, entry);
        this.#prune(entry.at);
      }
      return text;
    });
    entry.running = answered;
    return answered;
  }

  /** Those answered stand in the order of their answers, among those that run, which stay. */
  #prune(now: number): void {
    for (const [key, entry] of this.#entries) {
      if (entry.running !== undefined) continue;
      if (this.#entries.size <= MOST && now - entry.at < REMEMBERED_FOR) return;
      this.#entries.delete(key);
    }
  }
}
