import { existsSync } from 'node:fs';
import type { Clock, Ids, Log } from '@caruso/service-manager/contract';
import type { Session } from './adapter.js';
import { Database } from './database.js';
import type { DatabaseSettings } from './database-settings.js';

/** A change over several databases of which nobody knows whether all of them committed. */
export interface PendingIntent {
  id: string;
  at: string;
  databases: string[];
}

/** A row of `caruso_intent`; `databases` is a JSON list. */
export interface IntentRow {
  id: string;
  at: string;
  databases: string;
}

/** One change over several databases on its way to its commits. */
export interface Intent {
  /** Notes that this database has committed. */
  committed(database: string): void;
  /** Within main's transaction: makes its commit settle the intent. */
  fulfil(main: Session): Promise<void>;
  /** After every commit. */
  done(): Promise<void>;
  /** After a commit failed: nothing committed is nothing in doubt; else the intent stays and is reported. */
  failed(error: unknown): Promise<void>;
}

export interface IntentsOptions {
  main: DatabaseSettings;
  clock: Clock;
  ids: Ids;
  log: Log;
  wait: number;
  report: (intent: PendingIntent, failure: string | undefined) => Promise<void>;
}

/** On servers other processes have intents of their own, which settle within this time (ms) while they live. */
const GRACE = 60_000;

/**
 * Intents: a row that is durable before the first of several databases commits, and that main's own commit settles. What is left
 * after a crash names a change in doubt.
 *
 * The row must be committed while main's transaction is still open, so it takes another connection. On servers that writes to
 * main itself. SQLite has one writer a file, so there the rows lie in a file beside main (`main.db-intents`), and main's commit
 * notes in its own `caruso_intent` which of them are settled.
 */
export class Intents {
  readonly #options: IntentsOptions;
  readonly #aside: boolean;
  #side: Promise<Database> | undefined;
  #settled: string[] = [];
  #cancel: (() => void) | undefined;

  constructor(options: IntentsOptions) {
    this.#options = options;
    this.#aside = options.main.dialect === 'sqlite';
  }

  async intend(databases: string[]): Promise<Intent> {
    const { clock, ids } = this.#options;
    const intent: PendingIntent = { id: ids.next(), at: new Date(clock.now()).toISOString(), databases };
    const side = await this.#open();
    await on(side, (session) =>
      session.run(side.adapter.knex('caruso_intent').insert({ ...intent, databases: JSON.stringify(databases) })),
    );
    const committed: string[] = [];
    return {
      committed: (database) => void committed.push(database),
      fulfil: (main) => this.#fulfil(main, side, intent.id),
      done: async () => {
        await this.#remove(intent.id);
        if (this.#aside) this.#settled.push(intent.id);
      },
      failed: (error) => this.#failed(intent, committed, error),
    };
  }

  /** Reports what a crash left in doubt; `inMain` reads main's `caruso_intent`. */
  async recover(inMain: () => Promise<IntentRow[]>): Promise<void> {
    const rows = await inMain();
    let waits = false;
    for (const row of this.#aside ? await this.#rowsAside() : rows) {
      if (!this.#aside || !rows.some(({ id }) => id === row.id)) {
        if (!this.#aside && Date.parse(row.at) > this.#options.clock.now() - GRACE) {
          waits = true;
          continue;
        }
        await this.#options.report({ ...row, databases: JSON.parse(row.databases) as string[] }, undefined);
      }
      await this.#remove(row.id);
    }
    if (this.#aside) this.#settled.push(...rows.map(({ id }) => id));
    if (waits) {
      this.#cancel = this.#options.clock.after(GRACE, () => {
        this.recover(inMain).catch((error: unknown) =>
          this.#options.log.error({ error }, 'intents could not be checked'),
        );
      });
    }
  }

  async #rowsAside(): Promise<IntentRow[]> {
    // No file, no intent: most front offices never write to two databases at once.
    if (!existsSync(this.#location)) return [];
    const side = await this.#open();
    return (await on(side, (session) => session.run(side.adapter.knex('caruso_intent').orderBy('id')))) as IntentRow[];
  }

  get #location(): string {
    const { location } = this.#options.main;
    return this.#aside && location !== ':memory:' ? `${location}-intents` : location;
  }

  async close(): Promise<void> {
    this.#cancel?.();
    const side = await this.#side?.catch(() => undefined);
    await side?.close();
  }

  /** An intent that cannot be reported stays, and is reported at the next start. */
  async #failed(intent: PendingIntent, committed: string[], failure: unknown): Promise<void> {
    const { report, log } = this.#options;
    try {
      if (committed.length > 0) {
        await report(
          intent,
          `${committed.join(', ')} committed, then: ${failure instanceof Error ? failure.message : String(failure)}`,
        );
      }
      await this.#remove(intent.id);
    } catch (error) {
      log.error({ error, intent }, 'a change in doubt could not be reported yet');
    }
  }

  async #fulfil(main: Session, side: Database, id: string): Promise<void> {
    const table = side.adapter.knex('caruso_intent');
    if (!this.#aside) {
      await main.run(table.where({ id }).delete());
      return;
    }
    const swept = this.#settled.splice(0, 100);
    if (swept.length > 0) await main.run(side.adapter.knex('caruso_intent').whereIn('id', swept).delete());
    await main.run(table.insert({ id, at: new Date(this.#options.clock.now()).toISOString(), databases: '[]' }));
  }

  /** An intent that stays by mistake is checked at the next start; one that is gone is not, so this never fails a commit. */
  async #remove(id: string): Promise<void> {
    try {
      const side = await this.#open();
      await on(side, (session) => session.run(side.adapter.knex('caruso_intent').where({ id }).delete()));
    } catch (error) {
      this.#options.log.warn({ error, intent: id }, 'a settled intent could not be removed');
    }
  }

  #open(): Promise<Database> {
    if (this.#side === undefined) {
      this.#side = this.#openSide();
      this.#side.catch(() => {
        this.#side = undefined;
      });
    }
    return this.#side;
  }

  async #openSide(): Promise<Database> {
    const { main, clock, log, wait } = this.#options;
    const settings = { ...main, name: 'main (intents)', location: this.#location, pool: 2 };
    const side = new Database({ settings, clock, log, wait, serialize: true });
    await side.open();
    if (this.#aside) {
      await on(side, (session) =>
        session.run(
          side.adapter.knex.raw(
            'create table if not exists caruso_intent (id text primary key, at text not null, databases text not null)',
          ),
        ),
      );
    }
    return side;
  }
}

async function on<T>(database: Database, work: (session: Session) => Promise<T>): Promise<T> {
  const turn = await database.turn('an intent');
  try {
    const session = await database.session();
    try {
      return await database.guard('intent', () => work(session));
    } finally {
      await session.release();
    }
  } finally {
    turn.end();
  }
}
