import type { Clock, Ids } from '@caruso/service-manager/contract';
import type { JournalEvent } from './contract.js';
import type { StorageManager } from './storage.js';

interface CursorRow {
  consumer: string;
  seq: number;
  attempts: number;
}

/** How long (ms) a process keeps a consumer with outside effects to itself without a sign of life. */
const HELD = 30_000;

/** The durable cursors and the dead letters. */
export class CursorStore {
  readonly #storage: StorageManager;
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #process: string;

  constructor(storage: StorageManager, clock: Clock, ids: Ids, process: string) {
    this.#storage = storage;
    this.#clock = clock;
    this.#ids = ids;
    this.#process = process;
  }

  /** The cursor of a consumer; made where it is new. */
  async open(consumer: string, begin: () => Promise<number>): Promise<{ seq: number; attempts: number }> {
    const found = await this.#find(consumer);
    if (found !== undefined) return found;
    const seq = await begin();
    await this.#insert(consumer, seq);
    return (await this.#find(consumer)) ?? { seq, attempts: 0 };
  }

  /** Within a unit of work: true when `seq` is still to be handled; nobody else handles it until the end. */
  async lock(consumer: string, seq: number): Promise<boolean> {
    const rows = await this.#storage.query<CursorRow[]>('main', (knex) =>
      knex('caruso_cursor').where({ consumer }).forUpdate(),
    );
    return (rows[0]?.seq ?? 0) < seq;
  }

  async move(consumer: string, seq: number): Promise<void> {
    const fields = { seq, attempts: 0, at: this.#now() };
    const moved = await this.#storage.query<number>('main', (knex) =>
      knex('caruso_cursor').where({ consumer }).where('seq', '<', seq).update(fields),
    );
    // Its row may have gone with the unit of work it was made in.
    if (moved === 0) await this.#insert(consumer, seq);
  }

  async tried(consumer: string, attempts: number): Promise<void> {
    await this.#storage.query('main', (knex) => knex('caruso_cursor').where({ consumer }).update({ attempts }));
  }

  /** Takes or keeps a consumer for this process; false while another one has it. One process serves a SQLite file. */
  async hold(consumer: string): Promise<boolean> {
    if (this.#storage.dialect('main') === 'sqlite') return true;
    const now = this.#clock.now();
    const taken = await this.#storage.query<number>('main', (knex) =>
      knex('caruso_cursor')
        .where({ consumer })
        .where((free) => free.whereNull('holder').orWhere({ holder: this.#process }).orWhere('held_until', '<', now))
        .update({ holder: this.#process, held_until: now + HELD }),
    );
    return taken > 0;
  }

  async release(consumer: string): Promise<void> {
    if (this.#storage.dialect('main') === 'sqlite') return;
    await this.#storage.query('main', (knex) =>
      knex('caruso_cursor').where({ consumer, holder: this.#process }).update({ holder: null }),
    );
  }

  async setAside(consumer: string, event: JournalEvent, error: string, attempts: number): Promise<void> {
    await this.#storage.unitOfWork(async () => {
      if (!(await this.lock(consumer, event.seq))) return;
      await this.#storage.query('main', (knex) =>
        knex('caruso_dead_letter').insert({
          id: this.#ids.next(),
          consumer,
          seq: event.seq,
          error: `after ${attempts} attempts: ${error}`.slice(0, 4000).replaceAll('\u0000', ''),
          at: this.#now(),
        }),
      );
      await this.move(consumer, event.seq);
    });
  }

  deadLetters(): Promise<{ consumer: string; seq: number; error: string; at: string }[]> {
    return this.#storage.query('main', (knex) => knex('caruso_dead_letter').orderBy('id').limit(1000));
  }

  async #insert(consumer: string, seq: number): Promise<void> {
    await this.#storage.query('main', (knex) =>
      knex('caruso_cursor')
        .insert({ consumer, seq, attempts: 0, at: this.#now(), held_until: 0 })
        .onConflict('consumer')
        .ignore(),
    );
  }

  async #find(consumer: string): Promise<CursorRow | undefined> {
    const rows = await this.#storage.query<CursorRow[]>('main', (knex) => knex('caruso_cursor').where({ consumer }));
    return rows[0];
  }

  #now(): unknown {
    return this.#storage.encode('main', 'datetime', this.#clock.now());
  }
}
