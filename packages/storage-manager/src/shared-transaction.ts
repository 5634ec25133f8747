import type { Clock, Log } from '@caruso/service-manager/contract';
import type { Session } from './adapter.js';
import type { Database } from './database.js';
import { heldUp } from './errors.js';
import type { Intent, Intents } from './intents.js';
import type { Turn } from './mutex.js';
import { inOrder, isMain, type Part, settled, type Work } from './work.js';

/** Units of work that share one transaction at most. */
const MOST = 32;
/** Milliseconds after which nobody joins any more: so long the first one waits for others at most, and for the end of the last. */
const LONGEST = 10;

/** A database's transaction, open for all. */
interface Opened {
  database: Database;
  session: Session;
  wrote: boolean;
  /** None of main's: that is the turn of all. */
  turn: Turn<SharedTransaction> | undefined;
}

/** A unit of work that ended and waits for the commit. */
interface Member {
  work: Work;
  intent: Intent | undefined;
  /** Why it failed by itself, and was taken back. */
  error: { reason: unknown } | undefined;
  resolve: () => void;
  reject: (reason: unknown) => void;
}

export interface SharedTransactionOptions {
  clock: Clock;
  log: Log;
  intents: Intents;
  /** Milliseconds that one unit of work may keep those waiting that ended before it. */
  wait: number;
}

/**
 * The transaction of SQLite that units of work which wait for each other share, so that a file is synced once for all of them. They run
 * one after the other, each within a savepoint; one that fails takes back its own changes alone. All are answered after the common
 * commit; what fails there fails all of them. The first one says over which databases the transaction goes: those join that begin with
 * the same, and a database that one of them brings is its own affair.
 */
export class SharedTransaction {
  readonly #options: SharedTransactionOptions;
  readonly #first: Work;
  readonly #opened = new Map<string, Promise<Opened>>();
  readonly #members: Member[] = [];
  /** When the first one ended that waits for the commit. */
  #since = Number.POSITIVE_INFINITY;
  #turn: Turn<SharedTransaction>;
  /** One that ended changed something. */
  #dirty = false;
  #closing: boolean;
  #gathering = false;
  /** SQLite took back all of it by itself. */
  #lost: { reason: unknown } | undefined;
  #unwatch: (() => void) | undefined;

  constructor(options: SharedTransactionOptions, first: Work, turn: Turn<SharedTransaction>) {
    this.#options = options;
    this.#first = first;
    this.#turn = turn;
    this.#closing = first.alone;
  }

  /** Whether a unit of work that begins with this database may join: it is not to fail for one that it has nothing to do with. */
  takes(database: string): boolean {
    return this.#opened.has(database) && [...this.#opened.keys()].every((name) => name === database || name === 'main');
  }

  /** Lets the next one run. */
  join(work: Work, turn: Turn<SharedTransaction>): void {
    this.#turn = turn;
    const { clock, wait } = this.#options;
    // What waits for the answer of one that ended would wait for itself.
    if (this.#members.length > 0) this.#unwatch = clock.after(wait, () => void this.#turnOut(work));
  }

  /** The part of the unit of work that runs; undefined where it has this database for itself. */
  part(work: Work, database: Database): Promise<Part> | undefined {
    const opened = this.#opened.get(database.name);
    if (opened !== undefined) return this.#mark(opened);
    return work === this.#first ? this.#begin(work, database) : undefined;
  }

  /** After a statement failed: whether that took everything back. */
  failed(part: Part, reason: unknown): void {
    if (part.session.savepoints?.lost() === true) this.#lost ??= { reason };
  }

  /**
   * Ends the unit of work that runs. Resolves when what it changed and what it saw of others is durable; rejects where it is not.
   *
   * @param parts its own, after their last statement
   * @param closing the transaction goes to its commit at once
   */
  async finish(
    work: Work,
    parts: readonly Part[],
    { error, intent, closing }: { error?: Member['error']; intent?: Intent | undefined; closing?: boolean },
  ): Promise<void> {
    this.#unwatch?.();
    this.#unwatch = undefined;
    if (closing === true) this.#closing = true;
    for (const part of parts) await this.#endPart(part, error === undefined);
    if (this.#members.length === 0) this.#since = this.#options.clock.now();
    const waits = this.#dirty || this.#lost !== undefined || intent !== undefined;
    const outcome = waits
      ? new Promise<void>((resolve, reject) => this.#members.push({ work, intent, error, resolve, reject }))
      : Promise.resolve();
    outcome.catch(() => {});
    if (!waits && error === undefined) for (const next of work.afterCommit) next();
    await this.#next();
    return outcome;
  }

  async #mark(opened: Promise<Opened>): Promise<Part> {
    const { database, session } = await opened;
    await database.guard('savepoint', async () => session.savepoints?.set());
    return { database, session, last: Promise.resolve(), wrote: false, shared: 'savepoint' };
  }

  async #begin(work: Work, database: Database): Promise<Part> {
    const opening = this.#open(work, database);
    this.#opened.set(database.name, opening);
    opening.catch(() => this.#opened.delete(database.name));
    const { session } = await opening;
    return { database, session, last: Promise.resolve(), wrote: false, shared: 'beginning' };
  }

  async #open(work: Work, database: Database): Promise<Opened> {
    const turn = isMain({ database }) ? undefined : await database.turn(`${work.label}, which holds 'main'`);
    try {
      const session = await database.session();
      try {
        await database.guard('begin', () => session.begin());
      } catch (error) {
        await session.release(true);
        throw error;
      }
      return { database, session, wrote: false, turn };
    } catch (error) {
      turn?.end();
      throw error;
    }
  }

  /** Keeps or takes back what one changed in one database. */
  async #endPart(part: Part, keep: boolean): Promise<void> {
    const { database, session } = part;
    const opened = await this.#opened.get(database.name);
    if (opened === undefined || this.#lost !== undefined) return;
    try {
      if (keep) {
        if (part.shared === 'savepoint') await database.guard('release', async () => session.savepoints?.release());
        opened.wrote ||= part.wrote;
        this.#dirty ||= part.wrote;
      } else if (part.shared === 'savepoint') {
        await database.guard('rollback', async () => session.savepoints?.rollBack());
      } else {
        await this.#letGo(opened);
      }
    } catch (error) {
      this.#lost ??= { reason: error };
    }
  }

  /** Hands on to who waits; waits a moment for others where a commit costs a sync of the disk; else commits. */
  async #next(): Promise<void> {
    const opened = await Promise.all(this.#opened.values());
    const full =
      this.#closing ||
      this.#lost !== undefined ||
      this.#members.length >= MOST ||
      this.#options.clock.now() - this.#since >= LONGEST ||
      opened.some(({ wrote, session }) => wrote && session.savepoints?.alone() === true);
    const syncs = opened.some(({ database, wrote }) => wrote && database.adapter.commitSyncs === true);
    if (!full && this.#dirty) {
      // Nothing of it is to be committed, and who comes next is to see it as it is then.
      for (const each of opened) if (!each.wrote) await this.#letGo(each);
      if (this.#turn.pass(this)) return;
      if (syncs && this.#turn.offer(this)) {
        this.#gather(this.#members.length);
        return;
      }
    }
    await this.#commit();
  }

  /** Ends what was only read, or is taken back. */
  async #letGo(opened: Opened): Promise<void> {
    this.#opened.delete(opened.database.name);
    await this.#abandon(opened);
    opened.turn?.end();
  }

  /** Commits when a turn of the event loop brought nobody new. @param seen those that were there before it */
  #gather(seen: number): void {
    if (this.#gathering) return;
    this.#gathering = true;
    setImmediate(() => {
      this.#gathering = false;
      if (this.#members.length > seen) this.#gather(this.#members.length);
      // Where somebody runs, the end of that one comes here again.
      else if (this.#turn.resume()) void this.#commit();
    });
  }

  async #commit(): Promise<void> {
    const opened = await Promise.all(this.#opened.values());
    const members = this.#members;
    const intents = members.flatMap(({ intent }) => (intent === undefined ? [] : [intent]));
    const left = new Set(opened);
    try {
      if (this.#lost !== undefined) throw this.#lost.reason;
      const changed = opened.filter(({ wrote }) => wrote).map(({ database }) => database.name);
      if (changed.length > 1) intents.push(await this.#options.intents.intend(changed));
      for (const each of inOrder(opened)) {
        await each.database.guard('commit', async () => {
          if (isMain(each) && each.wrote) for (const intent of intents) await intent.fulfil(each.session);
          await each.session.commit();
        });
        left.delete(each);
        if (each.wrote) for (const intent of intents) intent.committed(each.database.name);
        await each.session.release();
      }
    } catch (reason) {
      for (const each of left) await this.#abandon(each);
      this.#endTurns(opened);
      // Only now, as the report needs a turn itself.
      for (const intent of intents) await intent.failed(reason);
      for (const member of members) member.reject(reason);
      return;
    }
    // In order, and before the next one begins.
    for (const { work, error } of members) if (error === undefined) for (const next of work.afterCommit) next();
    this.#endTurns(opened);
    for (const intent of intents) await intent.done();
    for (const { error, resolve, reject } of members)
      if (error === undefined) resolve();
      else reject(error.reason);
  }

  #endTurns(opened: readonly Opened[]): void {
    for (const { turn } of opened) turn?.end();
    this.#turn.end();
  }

  /** Ends a unit of work whose work goes on, so that the others are answered. */
  async #turnOut(work: Work): Promise<void> {
    if (work.ended) return;
    const { wait } = this.#options;
    work.broken ??= heldUp(work.label, this.#members.length, wait);
    const parts = await settled(work);
    work.transaction = undefined;
    for (const { database, shared } of parts) if (shared !== false) work.parts.delete(database.name);
    const shared = parts.filter((part) => part.shared !== false);
    await this.finish(work, shared, { error: { reason: work.broken }, closing: true }).catch(() => {});
  }

  async #abandon({ database, session }: Opened): Promise<void> {
    await abandon(database, session, this.#options.log);
  }
}

/** Takes back a transaction; where that cannot be, its connection is given up. */
export async function abandon(database: Database, session: Session, log: Log): Promise<void> {
  try {
    await session.rollback();
    await session.release();
  } catch (error) {
    log.warn(
      { database: database.name, error },
      `a unit of work could not be rolled back on '${database.name}'; its connection is given up`,
    );
    await session.release(true);
  }
}
