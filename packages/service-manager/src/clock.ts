/** Time as components see it, so that tests can own it. All times are milliseconds since 1970 UTC. */
export interface Clock {
  now(): number;
  /** Calls `run` once after `delay` ms; the returned function cancels it. */
  after(delay: number, run: () => void): () => void;
  /** Calls `run` every `period` ms until cancelled. */
  every(period: number, run: () => void): () => void;
  /** Milliseconds with fractions, for measuring; need not be related to `now`, which serves where this is absent. */
  elapsed?(): number;
}

/** Source of identifiers: unique, sortable by creation. */
export interface Ids {
  next(): string;
}

/** The machine's own clock; timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delay, run) {
    const timer = setTimeout(run, Math.min(delay, 2 ** 31 - 1));
    timer.unref?.();
    return () => clearTimeout(timer);
  },
  every(period, run) {
    const timer = setInterval(run, period);
    timer.unref?.();
    return () => clearInterval(timer);
  },
  elapsed: () => performance.now(),
};
