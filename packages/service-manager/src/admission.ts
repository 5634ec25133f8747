import { serviceBusy } from './errors.js';
import { isMadeIn, type RunningCall } from './running-call.js';

/** How many calls of remote contracts a component takes at once. */
export interface Limits {
  /** Calls that run at the same time (1,000 if absent). */
  concurrency?: number | undefined;
  /** Calls that may wait for one of those places (10,000 if absent); those beyond fail with SERVICE_BUSY. */
  waiting?: number | undefined;
}

/** Bounds the calls that run at once, so that a slow legacy system is not buried and its callers are told in time. */
export class Admission {
  #running = 0;
  readonly #queue: { call: RunningCall; go: () => void }[] = [];

  constructor(
    private readonly name: string,
    private readonly concurrency: number,
    private readonly waiting: number,
  ) {}

  /** Gives the call a place; undefined once it has one, else the promise of one to be asked for again. Throws SERVICE_BUSY. */
  enter(call: RunningCall): Promise<void> | undefined {
    if (call.release !== undefined) return undefined;
    if (this.#running < this.concurrency) {
      this.#take(call);
      return undefined;
    }
    // One made within a call that has a place here would wait for that one to end, which waits for it.
    if (isMadeIn(call.within, (ancestor) => ancestor.release === this.#leave)) return undefined;
    // Those given up meanwhile hold no place in the queue.
    while (this.#queue[0] !== undefined && this.#queue[0].call.state !== 'running') this.#queue.shift();
    if (this.#queue.length >= this.waiting) {
      throw serviceBusy(call.method, this.name, this.concurrency, this.#queue.length);
    }
    return new Promise((go) => this.#queue.push({ call, go }));
  }

  #take(call: RunningCall): void {
    this.#running++;
    call.release = this.#leave;
  }

  // One for all calls: a closure for each would cost more than the counting.
  readonly #leave = (): void => {
    this.#running--;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      if (next.call.state !== 'running') continue;
      // Taken for it at once: nobody may slip in between.
      this.#take(next.call);
      next.go();
      return;
    }
  };
}
