import type { Clock } from './clock.js';

interface Timer {
  due: number;
  order: number;
  period: number | undefined;
  run: () => void;
}

/**
 * A clock for tests: time passes only when the test says so, and timers fire in order of their due time.
 *
 * @example
 * const clock = new VirtualClock(Date.UTC(2026, 0, 5, 8));
 * clock.after(60_000, () => reminded());
 * await clock.advance(60_000);
 */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  readonly #timers = new Set<Timer>();

  constructor(start: number = Date.UTC(2026, 0, 5, 8)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(delay: number, run: () => void): () => void {
    return this.#add(delay, undefined, run);
  }

  every(period: number, run: () => void): () => void {
    return this.#add(period, period, run);
  }

  /** Moves time on by `ms`, firing what falls due and letting promises settle after each timer. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const next = [...this.#timers].filter((t) => t.due <= end).sort((a, b) => a.due - b.due || a.order - b.order)[0];
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.due);
      if (next.period === undefined) this.#timers.delete(next);
      else next.due += next.period;
      next.run();
      await settle();
    }
    this.#now = end;
    await settle();
  }

  /** How many timers are pending; a component that leaks one shows here. */
  get pending(): number {
    return this.#timers.size;
  }

  #add(delay: number, period: number | undefined, run: () => void): () => void {
    const timer: Timer = { due: this.#now + delay, order: this.#order++, period, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }
}

async function settle(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}
