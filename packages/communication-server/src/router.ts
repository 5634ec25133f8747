import { AsyncResource } from 'node:async_hooks';
import type { Clock, Log } from '@caruso/service-manager/contract';
import { decide } from './decide.js';
import type { Decision, Snapshot } from './routing-snapshot.js';

export interface RouterOptions {
  clock: Clock;
  log: Log;
  snapshot: () => Snapshot;
  /** Takes one decision into the database; false where the floor had changed in the meantime. */
  take: {
    offer: (offer: Decision['offers'][number]) => Promise<boolean>;
    expiry: (expiry: Decision['expiries'][number]) => Promise<boolean>;
    overflow: (overflow: Decision['overflows'][number]) => Promise<boolean>;
    completion: (completion: Decision['completions'][number]) => Promise<boolean>;
  };
}

/** Decides again at least this often, for the hours of queues. */
const heartbeat = 30_000;
/** Pause after a failure, so that a database that is down is not asked in a loop. */
const pause = 1_000;
/** More rounds in one go mean that two things undo each other. */
const rounds = 1_000;

/** The routing loop: one decision at a time, after each change and when time has made a difference. */
export class Router {
  readonly #options: RouterOptions;
  readonly #outside = new AsyncResource('caruso.router');
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = false;
  #cancel: () => void = () => {};
  decisions = 0;

  constructor(options: RouterOptions) {
    this.#options = options;
  }

  /** Something changed: decide soon. Calls that come together are one. */
  wake(): void {
    if (this.#stopped) return;
    this.#again = true;
    if (this.#running !== undefined) return;
    // Not within the call or the unit of work that woke it.
    this.#outside.runInAsyncScope(() => {
      this.#running = this.#run().finally(() => {
        this.#running = undefined;
        if (this.#again) this.wake();
      });
    });
  }

  /** Resolves when nothing is left to decide now. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#again = false;
    this.#cancel();
    await this.idle();
  }

  async #run(): Promise<void> {
    let wakeAt: number | null = null;
    for (let round = 0; this.#again && !this.#stopped; round += 1) {
      this.#again = false;
      if (round === rounds) {
        this.#options.log.error({ rounds }, 'routing does not settle; it pauses');
        wakeAt = this.#options.clock.now() + pause;
        break;
      }
      const decision = decide(this.#options.snapshot(), this.#options.clock.now());
      this.decisions += 1;
      wakeAt = decision.wakeAt;
      if (!(await this.#take(decision))) {
        wakeAt = this.#options.clock.now() + pause;
        this.#again = false;
        break;
      }
    }
    this.#schedule(wakeAt);
  }

  /** False where a decision could not be taken for a reason other than that the floor had changed. */
  async #take(decision: Decision): Promise<boolean> {
    const { take } = this.#options;
    try {
      for (const expiry of decision.expiries) this.#again = (await take.expiry(expiry)) || this.#again;
      for (const completion of decision.completions) this.#again = (await take.completion(completion)) || this.#again;
      for (const overflow of decision.overflows) this.#again = (await take.overflow(overflow)) || this.#again;
      for (const offer of decision.offers) this.#again = (await take.offer(offer)) || this.#again;
      return true;
    } catch (error) {
      this.#options.log.error({ error }, 'a routing decision could not be taken; it is tried again');
      return false;
    }
  }

  #schedule(wakeAt: number | null): void {
    this.#cancel();
    if (this.#stopped) return;
    const delay = wakeAt === null ? heartbeat : Math.min(Math.max(wakeAt - this.#options.clock.now(), 1), heartbeat);
    this.#cancel = this.#options.clock.after(delay, () => this.wake());
  }
}
