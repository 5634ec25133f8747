/** Stops policies that set one another off without end: counts firings by policy and subject within a minute. */
export class LoopGuard {
  readonly #limit: number;
  readonly #firings = new Map<string, number[]>();

  constructor(limit = 20) {
    this.#limit = limit;
  }

  /** How often `key` fired within the minute before `now` (ms), this time included; undefined while that is bearable. */
  excess(key: string, now: number): number | undefined {
    const recent = (this.#firings.get(key) ?? []).filter((at) => at > now - 60_000);
    recent.push(now);
    this.#firings.set(key, recent);
    if (this.#firings.size > 10_000) this.#forget(now);
    return recent.length > this.#limit ? recent.length : undefined;
  }

  #forget(now: number): void {
    for (const [key, times] of this.#firings) if (times.every((at) => at <= now - 60_000)) this.#firings.delete(key);
  }
}
