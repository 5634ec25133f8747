import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import type { Clock, Ids, Log } from '@caruso/service-manager/contract';
import type { Row, Session, Statement } from './adapter.js';
import type { Database } from './database.js';
import { unitOfWorkBroken, unitOfWorkEnded } from './errors.js';
import type { Intent, Intents } from './intents.js';
import type { Turn } from './mutex.js';
import { abandon, SharedTransaction } from './shared-transaction.js';
import { inOrder, isMain, type Part, settled, type Work } from './work.js';

/** A statement that is to run, whether knex wrote it or it came as text. */
interface Command<T = unknown> {
  statement: Statement | string;
  writes: () => boolean;
  run: (session: Session) => Promise<T>;
}

export interface UnitsOfWorkOptions {
  databases: ReadonlyMap<string, Database>;
  clock: Clock;
  ids: Ids;
  log: Log;
  intents: Intents;
  /** Milliseconds that a turn is waited for. */
  wait: number;
}

/**
 * Units of work over several databases. A database joins at its first statement; on SQLite it then belongs to this unit of work
 * alone until the end. `main` takes its turn before any other SQLite database, so that two that meet in opposite orders cannot
 * block each other over it. Where `main` is SQLite, those that wait for each other share a transaction (`SharedTransaction`).
 */
export class UnitsOfWork {
  readonly #running = new AsyncLocalStorage<Work>();
  readonly #options: UnitsOfWorkOptions;

  constructor(options: UnitsOfWorkOptions) {
    this.#options = options;
  }

  /** True inside a unit of work that has not ended. */
  inside(): boolean {
    const work = this.#running.getStore();
    return work !== undefined && !work.ended;
  }

  /** The running unit of work, to hang facts on; undefined outside of one. */
  current(): object | undefined {
    const work = this.#running.getStore();
    return work === undefined || work.ended ? undefined : work;
  }

  /** Throws UNIT_OF_WORK_ENDED where a promise has outlived its unit of work. */
  refuseEnded(database: string): void {
    if (this.#running.getStore()?.ended === true) throw unitOfWorkEnded(database);
  }

  /** To be called when the storage closes: Node hands what is never disabled on to every later promise, which all pay for it. */
  close(): void {
    this.#running.disable();
  }

  /** Runs `work` outside of any unit of work. */
  outside<T>(work: () => T): T {
    return this.#running.exit(work);
  }

  /** @param options `alone`: it may take long, and shares its transaction with nobody */
  async run<T>(body: () => Promise<T>, options: { alone?: boolean } = {}): Promise<T> {
    const outer = this.#running.getStore();
    if (outer !== undefined && !outer.ended) return this.#join(outer, body);
    const work: Work = {
      label: `unit of work ${this.#options.ids.next()}`,
      alone: options.alone === true,
      ended: false,
      broken: undefined,
      writes: 0,
      turns: new Map(),
      parts: new Map(),
      transaction: undefined,
      afterCommit: [],
    };
    let result: T;
    try {
      result = await this.#running.run(work, body);
      if (work.broken !== undefined) throw work.broken;
    } catch (reason) {
      await this.#end(work, { reason });
      throw reason;
    }
    await this.#end(work);
    return result;
  }

  afterCommit(body: () => void | Promise<void>): void {
    const work = this.#running.getStore();
    // Not awaited: the caller need not wait for a mail server once its change is safe.
    if (work !== undefined && !work.ended) work.afterCommit.push(AsyncResource.bind(() => void this.#guarded(body)));
    else void this.#guarded(body);
  }

  /** Runs a statement within the running unit of work, else alone. */
  async statement(database: Database, build: () => Statement): Promise<unknown> {
    const make = (): Command => {
      const statement = build();
      return { statement, writes: () => writes(statement), run: (session) => session.run(statement) };
    };
    const work = this.#running.getStore();
    return work === undefined ? bare(database, make()) : this.#within(work, database, make);
  }

  /** Rows of a reading statement: within the running unit of work, else alone. */
  async rows(database: Database, text: string, bindings: readonly unknown[]): Promise<Row[]> {
    const work = this.#running.getStore();
    if (work === undefined) {
      const rows = database.rowsAtOnce(text, bindings);
      if (rows !== undefined) return rows;
    }
    const command: Command<Row[]> = {
      statement: text,
      writes: () => !reads(text),
      run: (session) => session.rows(text, bindings),
    };
    return work === undefined ? bare(database, command) : this.#within(work, database, () => command);
  }

  async #within<T>(work: Work, database: Database, make: () => Command<T>): Promise<T> {
    if (work.ended) throw unitOfWorkEnded(database.name);
    if (work.broken !== undefined) throw unitOfWorkBroken(database.name, work.broken);
    const part = await this.#part(work, database);
    if (work.ended) throw unitOfWorkEnded(database.name);
    const { statement, writes: mayWrite, run } = make();
    // A statement that cannot be compiled changes nothing, so it breaks nothing either.
    if (await database.guard(statement, async () => mayWrite())) {
      part.wrote = true;
      work.writes++;
    }
    const running = part.last.then(() => database.guard(statement, () => run(part.session)));
    part.last = running.catch(async (error: unknown) => {
      // PostgreSQL takes nothing more after a failed statement; SQLite is held to the same, so that both behave alike.
      work.broken ??= error;
      if (part.shared !== false) (await work.transaction)?.failed(part, error);
    });
    return running;
  }

  async #join<T>(outer: Work, body: () => Promise<T>): Promise<T> {
    const before = outer.writes;
    try {
      return await body();
    } catch (error) {
      // Who catches this outside must not commit the half of it.
      if (outer.writes > before) outer.broken ??= error;
      throw error;
    }
  }

  #part(work: Work, database: Database): Promise<Part> {
    let part = work.parts.get(database.name);
    if (part === undefined) {
      part = this.#enter(work, database);
      work.parts.set(database.name, part);
      // A database that is down is not part of the work: it may be tried again, and the others may commit.
      part.catch(() => work.parts.delete(database.name));
    }
    return part;
  }

  async #enter(work: Work, database: Database): Promise<Part> {
    const main = this.#options.databases.get('main');
    if (main?.settings.dialect === 'sqlite' && database.settings.dialect === 'sqlite') {
      work.transaction ??= this.#share(work, main, database);
      const transaction = await work.transaction;
      const part = transaction.part(work, database);
      if (part !== undefined) return part;
    }
    await this.#turn(work, database);
    const session = await database.session();
    try {
      await database.guard('begin', () => session.begin());
    } catch (error) {
      await session.release(true);
      throw error;
    }
    return { database, session, last: Promise.resolve(), wrote: false, shared: false };
  }

  /** The transaction of those before, or one that this unit of work begins. */
  async #share(work: Work, main: Database, database: Database): Promise<SharedTransaction> {
    try {
      const turn = await main.turn(work.label, work.alone ? undefined : (left) => left.takes(database.name));
      const transaction = turn.left ?? new SharedTransaction(this.#options, work, turn);
      if (turn.left !== undefined) transaction.join(work, turn);
      return transaction;
    } catch (error) {
      work.transaction = undefined;
      throw error;
    }
  }

  #turn(work: Work, database: Database): Promise<Turn<SharedTransaction>> {
    let turn = work.turns.get(database.name);
    if (turn === undefined) {
      const held = [...(work.transaction === undefined ? [] : ['main']), ...work.turns.keys()];
      turn = database.turn(
        held.length === 0 ? work.label : `${work.label}, which holds ${held.map((name) => `'${name}'`).join(', ')}`,
      );
      work.turns.set(database.name, turn);
      turn.catch(() => work.turns.delete(database.name));
    }
    return turn;
  }

  /** Commits a unit of work, or takes it back where it failed; rejects where it did not become durable. */
  async #end(work: Work, failed?: { reason: unknown }): Promise<void> {
    const parts = await settled(work);
    const transaction = await work.transaction?.catch(() => undefined);
    const own = parts.filter(({ shared }) => shared === false);
    const shared = parts.filter((part) => part.shared !== false);
    let error = failed ?? (work.broken === undefined ? undefined : { reason: work.broken });
    let intent: Intent | undefined;
    const left = new Set(own);
    try {
      if (error === undefined) {
        const changed = parts.filter(({ wrote }) => wrote).map(({ database }) => database.name);
        if (changed.length > 1 && own.some(({ wrote }) => wrote)) intent = await this.#options.intents.intend(changed);
        await commitOwn(own, left, intent);
      }
    } catch (reason) {
      error = { reason };
    }
    for (const { database, session } of left) await abandon(database, session, this.#options.log);
    await endTurns(work);
    if (error !== undefined) {
      try {
        // What it saw of others may come to nothing, too: then that is what it is told.
        await transaction?.finish(work, shared, { error });
      } finally {
        // Only now, as the report needs a turn itself.
        await intent?.failed(error.reason);
      }
      throw error.reason;
    }
    if (transaction !== undefined) {
      await transaction.finish(work, shared, { intent, closing: own.some(({ wrote }) => wrote) });
      return;
    }
    for (const next of work.afterCommit) next();
    await intent?.done();
  }

  /** What runs after a commit cannot undo it, so its failure is reported, not thrown. */
  async #guarded(body: () => void | Promise<void>): Promise<void> {
    try {
      await this.outside(body);
    } catch (error) {
      this.#options.log.error({ error }, 'work after a commit failed');
    }
  }
}

async function commitOwn(own: readonly Part[], left: Set<Part>, intent: Intent | undefined): Promise<void> {
  for (const part of inOrder(own)) {
    await part.database.guard('commit', async () => {
      if (isMain(part) && part.wrote) await intent?.fulfil(part.session);
      await part.session.commit();
    });
    left.delete(part);
    if (part.wrote) intent?.committed(part.database.name);
    await part.session.release();
  }
}

async function endTurns(work: Work): Promise<void> {
  for (const turn of await Promise.allSettled(work.turns.values())) if (turn.status === 'fulfilled') turn.value.end();
}

async function bare<T>(database: Database, { statement, run }: Command<T>): Promise<T> {
  const turn = await database.turn('a single statement');
  try {
    const session = await database.session();
    try {
      return await database.guard(statement, () => run(session));
    } finally {
      await session.release();
    }
  } finally {
    turn.end();
  }
}

const READS = new Set(['select', 'first', 'pluck', 'columnInfo']);

/** Whether a statement may change something; where it cannot be told, it may. */
function writes(statement: Statement): boolean {
  const compiled: unknown = statement.toSQL();
  const parts: unknown[] = Array.isArray(compiled) ? compiled : [compiled];
  return parts.some((part) => {
    if (typeof part !== 'object' || part === null) return true;
    if ('method' in part && typeof part.method === 'string' && READS.has(part.method)) return false;
    return !('sql' in part && typeof part.sql === 'string' && reads(part.sql));
  });
}

function reads(text: string): boolean {
  return /^\s*(select|pragma|explain|show)\b/i.test(text);
}
