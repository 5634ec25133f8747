import type { Clock, Ids, Log } from '@caruso/service-manager/contract';
import { EventEmitter } from 'eventemitter3';
import { Consumer } from './consumer.js';
import type { JournalApi, JournalEvent, NewEvent } from './contract.js';
import { CursorStore } from './cursor-store.js';
import { consumerTaken, idleInsideUnitOfWork } from './errors.js';
import { EventLog } from './event-log.js';
import type { StorageManager } from './storage.js';
import type { UnitsOfWork } from './unit-of-work.js';

export interface JournalOptions {
  storage: StorageManager;
  units: UnitsOfWork;
  clock: Clock;
  ids: Ids;
  log: Log;
}

/** Milliseconds between looks for what other processes appended. */
const POLL = 1_000;

/** The `journal` contract: what happened, in order, for consumers with durable cursors and for live listeners. */
export class Journal implements JournalApi {
  readonly #options: JournalOptions;
  readonly #events: EventLog;
  readonly #cursors: CursorStore;
  readonly #consumers = new Map<string, Consumer>();
  readonly #live = new EventEmitter<{ event: [JournalEvent] }>();
  #last = 0;
  #polled = 0;
  #cancelPoll: (() => void) | undefined;
  #polling: Promise<void> = Promise.resolve();

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#events = new EventLog(options);
    this.#cursors = new CursorStore(options.storage, options.clock, options.ids, this.#events.process);
  }

  async start(): Promise<void> {
    this.#last = await this.#events.last();
    this.#polled = await this.#events.horizon();
    // Several processes share a server's database; a SQLite file belongs to one.
    if (this.#options.storage.dialect('main') !== 'sqlite') {
      this.#cancelPoll = this.#options.clock.every(POLL, () => {
        this.#polling = this.#polling.then(() => this.#poll());
      });
    }
  }

  async close(): Promise<void> {
    this.#cancelPoll?.();
    await this.#polling;
    await Promise.all([...this.#consumers.values()].map((consumer) => consumer.stop()));
    this.#consumers.clear();
    this.#live.removeAllListeners();
  }

  async append(event: NewEvent): Promise<JournalEvent> {
    const [appended] = await this.appendAll([event]);
    if (appended === undefined) throw new Error('unreachable: an event was appended and not given back');
    return appended;
  }

  async appendAll(events: readonly NewEvent[]): Promise<JournalEvent[]> {
    if (events.length === 0) return [];
    const { units } = this.#options;
    units.refuseEnded('main');
    return units.run(async () => {
      const appended = await this.#events.append(events);
      units.afterCommit(() => this.#committed(appended));
      return appended;
    });
  }

  async read(query: Parameters<JournalApi['read']>[0] = {}): Promise<JournalEvent[]> {
    // Who reads on from a position relies on nothing appearing behind it later.
    if (query.after === undefined || query.descending === true) return this.#events.read(query);
    return this.#events.read({ ...query, until: await this.#events.horizon() });
  }

  async consume(
    name: string,
    handler: Parameters<JournalApi['consume']>[1],
    options: Parameters<JournalApi['consume']>[2] = {},
  ): Promise<() => Promise<void>> {
    if (this.#consumers.has(name)) throw consumerTaken(name);
    const { log, clock, units } = this.#options;
    const consumer = new Consumer({
      name,
      handler,
      types: options.types,
      from: options.from ?? 'now',
      attempts: options.attempts ?? 8,
      transactional: options.transactional ?? true,
      log,
      clock,
      units,
      events: this.#events,
      cursors: this.#cursors,
    });
    this.#consumers.set(name, consumer);
    try {
      await consumer.start();
    } catch (error) {
      this.#consumers.delete(name);
      throw error;
    }
    return async () => {
      if (this.#consumers.get(name) !== consumer) return;
      this.#consumers.delete(name);
      await consumer.stop();
    };
  }

  follow(listener: (event: JournalEvent) => void): () => void {
    const guarded = (event: JournalEvent): void => {
      try {
        listener(event);
      } catch (error) {
        this.#options.log.error({ error, event: event.id }, 'a listener of the journal failed');
      }
    };
    this.#live.on('event', guarded);
    return () => this.#live.off('event', guarded);
  }

  async idle(): Promise<void> {
    if (this.#options.units.inside()) throw idleInsideUnitOfWork();
    const last = await this.#events.last();
    this.#wake();
    await Promise.all([...this.#consumers.values()].map((consumer) => consumer.reached(last)));
  }

  async deadLetters(): Promise<{ consumer: string; event: JournalEvent; error: string; at: string }[]> {
    const letters = await this.#cursors.deadLetters();
    const events = await this.#events.bySeq([...new Set(letters.map((letter) => letter.seq))]);
    return letters.flatMap(({ consumer, seq, error, at }) => {
      const event = events.get(seq);
      return event === undefined ? [] : [{ consumer, event, error, at }];
    });
  }

  inspect(): object {
    return {
      last: this.#last,
      consumers: [...this.#consumers.values()].map((consumer) => consumer.inspect(this.#last)),
    };
  }

  #committed(events: readonly JournalEvent[]): void {
    for (const event of events) {
      this.#last = Math.max(this.#last, event.seq);
      this.#live.emit('event', event);
    }
    this.#wake();
  }

  #wake(): void {
    for (const consumer of this.#consumers.values()) consumer.wake();
  }

  async #poll(): Promise<void> {
    try {
      const horizon = await this.#events.horizon();
      if (horizon > this.#polled) {
        const others = await this.#events.read({
          after: this.#polled,
          until: horizon,
          notBy: this.#events.process,
          limit: 1000,
        });
        this.#polled = others.length === 1000 ? (others.at(-1)?.seq ?? horizon) : horizon;
        this.#last = Math.max(this.#last, this.#polled);
        for (const event of others) this.#live.emit('event', event);
      }
      this.#wake();
    } catch (error) {
      this.#options.log.debug({ error }, 'the journal could not be read for news');
    }
  }
}
