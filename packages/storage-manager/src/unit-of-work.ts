import { AsyncLocalStorage } from 'node:async_hooks';
import type { Ids, Log } from '@caruso/service-manager/contract';
import type { Row, Session, Statement } from './adapter.js';
import type { Database } from './database.js';
import { unitOfWorkBroken, unitOfWorkEnded } from './errors.js';
import type { Intent, Intents } from './intents.js';

/** One database's part in a unit of work. */
interface Part {
  database: Database;
  session: Session;
  /** Statements of one connection run one after the other. */
  last: Promise<unknown>;
  wrote: boolean;
}

/** A statement that is to run, whether knex wrote it or it came as text. */
interface Command<T = unknown> {
  statement: Statement | string;
  writes: () => boolean;
  run: (session: Session) => Promise<T>;
}

interface Work {
  label: string;
  ended: boolean;
  /** Why it can no longer commit. */
  broken: unknown;
  writes: number;
  turns: Map<string, Promise<() => void>>;
  parts: Map<string, Promise<Part>>;
  afterCommit: (() => void | Promise<void>)[];
}

export interface UnitsOfWorkOptions {
  databases: ReadonlyMap<string, Database>;
  ids: Ids;
  log: Log;
  intents: Intents;
}

/**
 * Units of work over several databases. A database joins at its first statement; on SQLite it then belongs to this unit of work
 * alone until the end. `main` takes its turn before any other SQLite database, so that two that meet in opposite orders cannot
 * block each other over it.
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

  /** Runs `work` outside of any unit of work. */
  outside<T>(work: () => T): T {
    return this.#running.exit(work);
  }

  async run<T>(body: () => Promise<T>): Promise<T> {
    const outer = this.#running.getStore();
    if (outer !== undefined && !outer.ended) return this.#join(outer, body);
    const work: Work = {
      label: `unit of work ${this.#options.ids.next()}`,
      ended: false,
      broken: undefined,
      writes: 0,
      turns: new Map(),
      parts: new Map(),
      afterCommit: [],
    };
    let result: T;
    try {
      result = await this.#running.run(work, body);
      if (work.broken !== undefined) throw work.broken;
    } catch (error) {
      await this.#rollBack(work);
      throw error;
    }
    await this.#commit(work);
    // Not awaited: the caller need not wait for a mail server once its change is safe.
    for (const next of work.afterCommit) void this.#guarded(next);
    return result;
  }

  afterCommit(body: () => void | Promise<void>): void {
    const work = this.#running.getStore();
    if (work !== undefined && !work.ended) work.afterCommit.push(body);
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
    part.last = running.catch((error: unknown) => {
      // PostgreSQL takes nothing more after a failed statement; SQLite is held to the same, so that both behave alike.
      work.broken ??= error;
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
    if (main !== undefined && main !== database && database.settings.dialect === 'sqlite') await this.#turn(work, main);
    await this.#turn(work, database);
    const session = await database.session();
    try {
      await database.guard('begin', () => session.begin());
    } catch (error) {
      await session.release(true);
      throw error;
    }
    return { database, session, last: Promise.resolve(), wrote: false };
  }

  #turn(work: Work, database: Database): Promise<() => void> {
    let turn = work.turns.get(database.name);
    if (turn === undefined) {
      const held = [...work.turns.keys()];
      turn = database.turn(
        held.length === 0 ? work.label : `${work.label}, which holds ${held.map((name) => `'${name}'`).join(', ')}`,
      );
      work.turns.set(database.name, turn);
      turn.catch(() => work.turns.delete(database.name));
    }
    return turn;
  }

  /** The parts that began, after their last statement. */
  async #settled(work: Work): Promise<Part[]> {
    work.ended = true;
    const begun = await Promise.allSettled(work.parts.values());
    const parts = begun.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    for (const part of parts) await part.last;
    return parts;
  }

  async #rollBack(work: Work): Promise<void> {
    const parts = await this.#settled(work);
    try {
      for (const part of parts) await this.#abandon(part);
    } finally {
      await endTurns(work);
    }
  }

  async #abandon(part: Part): Promise<void> {
    try {
      await part.session.rollback();
      await part.session.release();
    } catch (error) {
      this.#options.log.warn(
        { database: part.database.name, error },
        `a unit of work could not be rolled back on '${part.database.name}'; its connection is given up`,
      );
      await part.session.release(true);
    }
  }

  /** The others first, then main with the journal: what fails before main leaves no event of what did not happen. */
  async #commit(work: Work): Promise<void> {
    const parts = await this.#settled(work);
    const left = new Set(parts);
    let intent: Intent | undefined;
    try {
      if (work.broken !== undefined) throw work.broken;
      const changed = parts.filter((part) => part.wrote).map((part) => part.database.name);
      if (changed.length > 1) intent = await this.#options.intents.intend(changed);
      for (const part of parts.toSorted((a, b) => Number(isMain(a)) - Number(isMain(b)))) {
        await part.database.guard('commit', async () => {
          if (isMain(part) && part.wrote) await intent?.fulfil(part.session);
          await part.session.commit();
        });
        left.delete(part);
        if (part.wrote) intent?.committed(part.database.name);
        await part.session.release();
      }
    } catch (error) {
      for (const part of left) await this.#abandon(part);
      await endTurns(work);
      // Only now, as the report needs a turn itself.
      await intent?.failed(error);
      throw error;
    }
    await endTurns(work);
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

const isMain = (part: Part): boolean => part.database.name === 'main';

async function endTurns(work: Work): Promise<void> {
  for (const turn of await Promise.allSettled(work.turns.values())) if (turn.status === 'fulfilled') turn.value();
}

async function bare<T>(database: Database, { statement, run }: Command<T>): Promise<T> {
  const endTurn = await database.turn('a single statement');
  try {
    const session = await database.session();
    try {
      return await database.guard(statement, () => run(session));
    } finally {
      await session.release();
    }
  } finally {
    endTurn();
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
