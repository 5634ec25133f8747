import type { Clock, Log } from '@caruso/service-manager/contract';
import type { Adapter, Row, Session, Statement } from './adapter.js';
import type { DatabaseInfo } from './contract.js';
import type { DatabaseSettings } from './database-settings.js';
import { constraintViolated, databaseUnreachable, statementFailed, storageTimeout, viewNotWritable } from './errors.js';
import { mariadbAdapter } from './mariadb-adapter.js';
import { freeTurn, Mutex, type Turn } from './mutex.js';
import { postgresAdapter } from './postgres-adapter.js';
import type { SharedTransaction } from './shared-transaction.js';
import { sqliteAdapter } from './sqlite-adapter.js';

export interface DatabaseOptions {
  settings: DatabaseSettings;
  clock: Clock;
  log: Log;
  /** Milliseconds that a turn, a lock or a connection is waited for. */
  wait: number;
  /** False only in the test that shows what the mutex is for. */
  serialize: boolean;
}

/** The one place that knows every adapter. */
function adapterOf({ settings, clock, wait }: DatabaseOptions): Adapter {
  switch (settings.dialect) {
    case 'sqlite':
      return sqliteAdapter(settings, clock, wait);
    case 'postgres':
      return postgresAdapter(settings, wait);
    case 'mariadb':
      return mariadbAdapter(settings, clock, wait);
  }
}

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

/** One database: its reachability, its turns (SQLite has one connection), and errors in Caruso's words. */
export class Database {
  readonly settings: DatabaseSettings;
  readonly adapter: Adapter;
  readonly #options: DatabaseOptions;
  readonly #mutex: Mutex<SharedTransaction>;
  #opening: Promise<void> | undefined;
  #reason: string | undefined = 'it was not asked yet';
  #pause = FIRST_PAUSE;
  #cancelProbe: (() => void) | undefined;
  #closed = false;

  constructor(options: DatabaseOptions) {
    this.#options = options;
    this.settings = options.settings;
    this.adapter = adapterOf(options);
    this.#mutex = new Mutex(options.clock);
  }

  get name(): string {
    return this.settings.name;
  }

  info(): DatabaseInfo {
    const { name, dialect, managed } = this.settings;
    const reachable = this.#reason === undefined;
    return { name, dialect, managed, reachable, ...(this.#reason === undefined ? {} : { reason: this.#reason }) };
  }

  inspect(): object {
    const { used, waiting } = this.adapter.load();
    return {
      ...this.info(),
      where: this.settings.where,
      ...(this.settings.dialect === 'sqlite'
        ? { turn: this.#mutex.holder ?? null, waiting: this.#mutex.waiting }
        : { connections: used, limit: this.settings.pool, waiting }),
    };
  }

  /** Opens it; throws DATABASE_UNREACHABLE and goes on trying in the background. */
  async open(): Promise<void> {
    if (this.#closed) throw this.#unreachable('it is closed');
    if (this.#cancelProbe !== undefined) throw this.#unreachable(this.#reason ?? 'it is down');
    await this.#connect();
  }

  /** The turn for one unit of work or bare statement; servers need none. @param takes whether it goes on with a transaction of others */
  async turn(label: string, takes?: (left: SharedTransaction) => boolean): Promise<Turn<SharedTransaction>> {
    if (this.settings.dialect !== 'sqlite' || !this.#options.serialize) return freeTurn();
    const { wait } = this.#options;
    return this.#mutex.acquire(
      label,
      wait,
      (holder) => storageTimeout(this.name, `${label}; its turn is held by ${holder}`, wait),
      takes,
    );
  }

  /** A connection; on SQLite only to be asked for within a turn. */
  async session(): Promise<Session> {
    if (!this.adapter.isOpen()) await this.open();
    return this.guard('connect', () => this.adapter.session());
  }

  /** Runs `work` and tells its failures in Caruso's words. */
  async guard<T>(statement: Statement | string, work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      if (this.#reason !== undefined) this.#recovered();
      return result;
    } catch (error) {
      throw this.#translate(error, typeof statement === 'string' ? statement : sqlOf(statement));
    }
  }

  /** Rows of a reading statement, where they can be had without waiting for anything; else undefined. */
  rowsAtOnce(text: string, bindings: readonly unknown[]): Row[] | undefined {
    // A turn that is held may be a unit of work, whose changes are nobody else's business yet.
    if (this.#mutex.holder !== undefined || this.#reason !== undefined) return undefined;
    try {
      return this.adapter.rowsAtOnce?.(text, bindings);
    } catch (error) {
      throw this.#translate(error, text);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelProbe?.();
    this.#cancelProbe = undefined;
    await this.#opening?.catch(() => {});
    await this.adapter.close();
    this.#reason = 'it is closed';
  }

  #connect(): Promise<void> {
    this.#opening ??= this.adapter
      .open()
      .then(
        () => this.#recovered(),
        (error: unknown) => {
          const trouble = this.adapter.classify(error);
          throw this.#lost('reason' in trouble ? trouble.reason : 'it refuses', error);
        },
      )
      .finally(() => {
        this.#opening = undefined;
      });
    return this.#opening;
  }

  #recovered(): void {
    const before = this.#reason;
    this.#reason = undefined;
    this.#pause = FIRST_PAUSE;
    this.#cancelProbe?.();
    this.#cancelProbe = undefined;
    if (before !== undefined) this.#options.log.info({ database: this.name }, `database '${this.name}' answers`);
  }

  /** Notes that it is down and asks again after growing pauses. */
  #lost(reason: string, cause: unknown): Error {
    if (this.#reason !== reason)
      this.#options.log.warn({ database: this.name, reason }, `database '${this.name}' does not answer`);
    this.#reason = reason;
    if (!this.#closed) {
      this.#cancelProbe?.();
      this.#cancelProbe = this.#options.clock.after(this.#pause, () => {
        this.#cancelProbe = undefined;
        this.#probe().catch(() => {});
      });
      this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
    }
    return this.#unreachable(reason, cause);
  }

  async #probe(): Promise<void> {
    const turn = await this.turn('a check whether it answers');
    try {
      if (!this.adapter.isOpen()) return await this.#connect();
      const session = await this.session();
      try {
        await this.guard('select 1', () => session.run(this.adapter.knex.raw('select 1')));
      } finally {
        await session.release(this.#reason !== undefined);
      }
    } finally {
      turn.end();
    }
  }

  #unreachable(reason: string, cause?: unknown): Error {
    return databaseUnreachable(this.name, this.settings.where, reason, cause);
  }

  #translate(error: unknown, sql: string): unknown {
    if (error instanceof Error && error.name === 'CarusoError') return error;
    const trouble = this.adapter.classify(error);
    switch (trouble.kind) {
      case 'unreachable':
        return this.#lost(trouble.reason, error);
      case 'constraint':
        return constraintViolated({ database: this.name, ...trouble.details }, error);
      case 'timeout':
        return storageTimeout(this.name, trouble.reason, this.#options.wait, error);
      case 'view':
        return viewNotWritable(this.name, trouble.reason, error);
      case 'failed':
        return statementFailed(this.name, sql, trouble.reason, error);
    }
  }
}

function sqlOf(statement: Statement): string {
  try {
    const compiled: { sql: string } | { sql: string }[] = statement.toSQL();
    return Array.isArray(compiled) ? compiled.map((part) => part.sql).join('; ') : compiled.sql;
  } catch {
    return '';
  }
}
