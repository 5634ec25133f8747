import { type Clock, type Log, systemPrincipal, withinCall } from '@caruso/service-manager/contract';
import type { Delivery, JournalEvent } from './contract.js';
import type { CursorStore } from './cursor-store.js';
import type { EventLog } from './event-log.js';
import type { UnitsOfWork } from './unit-of-work.js';

export interface ConsumerOptions {
  name: string;
  handler: (event: JournalEvent, delivery: Delivery) => Promise<void>;
  types: string[] | undefined;
  from: 'beginning' | 'now';
  attempts: number;
  transactional: boolean;
  log: Log;
  clock: Clock;
  events: EventLog;
  cursors: CursorStore;
  units: UnitsOfWork;
}

const BATCH = 100;
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 60_000;

/** Milliseconds before the next attempt, after `tried` ones. */
function pauseAfter(tried: number): number {
  return Math.min(FIRST_PAUSE * 2 ** (tried - 1), LONGEST_PAUSE);
}

/** One consumer of the journal: reads on from its durable cursor, one event after the other. */
export class Consumer {
  readonly #options: ConsumerOptions;
  #position = 0;
  #attempts = 0;
  #stopped = false;
  #wakes = 0;
  #wake: () => void = () => {};
  #loop: Promise<void> = Promise.resolve();
  #waiters: { target: number; resolve: () => void }[] = [];
  #trouble: string | undefined;

  constructor(options: ConsumerOptions) {
    this.#options = options;
  }

  /** Finds or makes the cursor, then consumes in the background. */
  async start(): Promise<void> {
    const { cursors, events, name, from } = this.#options;
    const cursor = await cursors.open(name, async () => (from === 'beginning' ? 0 : await events.horizon()));
    this.#position = cursor.seq;
    this.#attempts = cursor.attempts;
    // The loop outlives whatever it was started in.
    this.#options.units.outside(() => {
      this.#loop = this.#run();
    });
  }

  /** Tells that there may be something to read. */
  wake(): void {
    this.#wakes++;
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.wake();
    await this.#loop;
    await this.#options.cursors.release(this.#options.name);
  }

  /** Resolves when everything up to `target` is handled, or it was stopped. */
  reached(target: number): Promise<void> {
    if (this.#stopped || this.#position >= target) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ target, resolve }));
  }

  inspect(last: number): object {
    return {
      consumer: this.#options.name,
      position: this.#position,
      lag: Math.max(0, last - this.#position),
      ...(this.#options.types === undefined ? {} : { types: this.#options.types }),
      ...(this.#attempts === 0 ? {} : { attempts: this.#attempts }),
      ...(this.#trouble === undefined ? {} : { trouble: this.#trouble }),
    };
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const seen = this.#wakes;
      try {
        if (!(await this.#consumeBatch()) && seen === this.#wakes) await this.#sleep();
      } catch (error) {
        // Not the handler's fault: the journal's database does not answer.
        this.#note(error);
        this.#options.log.warn({ consumer: this.#options.name, error }, 'a consumer cannot read the journal and waits');
        await this.#sleep(FIRST_PAUSE);
      }
    }
    for (const waiter of this.#waiters.splice(0)) waiter.resolve();
  }

  /** False when there was nothing left. */
  async #consumeBatch(): Promise<boolean> {
    const { events, types, transactional, cursors, name } = this.#options;
    if (!transactional && !(await cursors.hold(name))) {
      // Another process has it; its effects must not be doubled here.
      await this.#sleep(FIRST_PAUSE);
      return true;
    }
    const horizon = await events.horizon();
    const batch = await events.read({ after: this.#position, until: horizon, types, limit: BATCH });
    for (const event of batch) {
      if (!(await this.#deliver(event))) return true;
      this.#reach(event.seq);
    }
    if (batch.length === BATCH) return true;
    this.#reach(Math.max(this.#position, horizon));
    this.#trouble = undefined;
    return false;
  }

  #reach(seq: number): void {
    this.#position = seq;
    const reached = this.#waiters.filter((waiter) => waiter.target <= seq);
    this.#waiters = this.#waiters.filter((waiter) => waiter.target > seq);
    for (const waiter of reached) waiter.resolve();
  }

  /** Tries one event until it is handled or set aside; false when stopped before. */
  async #deliver(event: JournalEvent): Promise<boolean> {
    const { attempts, cursors, name, log } = this.#options;
    while (!this.#stopped) {
      try {
        await withinCall({ id: event.call, principal: systemPrincipal }, () => this.#handle(event));
        this.#attempts = 0;
        return true;
      } catch (error) {
        this.#note(error);
        this.#attempts++;
        if (this.#attempts >= attempts) {
          await cursors.setAside(name, event, this.#trouble ?? 'unknown', this.#attempts);
          log.error(
            { consumer: name, event: event.id, type: event.type, error },
            'an event could not be handled and was set aside',
          );
          this.#attempts = 0;
          return true;
        }
        log.warn(
          { consumer: name, event: event.id, type: event.type, attempt: this.#attempts, error },
          'an event could not be handled yet',
        );
        await cursors.tried(name, this.#attempts);
        await this.#sleep(pauseAfter(this.#attempts), false);
      }
    }
    return false;
  }

  async #handle(event: JournalEvent): Promise<void> {
    const { cursors, handler, name, transactional, units } = this.#options;
    const delivery: Delivery = { attempt: this.#attempts, idempotencyKey: `${name}/${event.id}` };
    if (transactional) {
      await units.run(async () => {
        // Another process may have been faster.
        if (await cursors.lock(name, event.seq)) {
          await handler(event, delivery);
          await cursors.move(name, event.seq);
        }
      });
    } else if (await cursors.hold(name)) {
      await handler(event, delivery);
      await cursors.move(name, event.seq);
    }
  }

  #note(error: unknown): void {
    this.#trouble = error instanceof Error ? error.message : String(error);
  }

  /** Until woken, stopped, or `ms` have passed; with `wakeable` false news do not end it. */
  #sleep(ms?: number, wakeable = true): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        cancel?.();
        this.#wake = () => {};
        resolve();
      };
      const cancel = ms === undefined ? undefined : this.#options.clock.after(ms, end);
      this.#wake = () => {
        if (wakeable || this.#stopped) end();
      };
    });
  }
}
