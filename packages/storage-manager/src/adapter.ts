import type { Knex } from 'knex';
import type { ViolationDetails } from './errors.js';

/** One statement as knex wrote it, and whether it changes anything. */
export type Statement = Knex.QueryBuilder | Knex.Raw | Knex.SchemaBuilder;

/** A row in the values of the wire. */
export type Row = Record<string, unknown>;

/** Marks within the running transaction, of units of work that share it one after the other; none of these waits for anything. */
export interface Savepoints {
  set(): void;
  /** Keeps what was changed since the mark. */
  release(): void;
  /** Takes back what was changed since the mark. */
  rollBack(): void;
  /** Whether the database has taken back the whole transaction by itself, as it does where the disk is full. */
  lost(): boolean;
  /** Whether the schema has something that takes back a whole transaction, or refuses it at its commit, for one change in it. */
  alone(): boolean;
}

/** A connection lent for one unit of work or one bare statement. */
export interface Session {
  /** Runs a statement of this adapter's `knex`; rows come back in the values of the wire, not of the driver. */
  run(statement: Statement): Promise<unknown>;
  /** Runs the text of a reading statement (see `StorageApi.rows`), without knex. */
  rows(text: string, bindings: readonly unknown[]): Promise<Row[]>;
  begin(): Promise<void>;
  /** Where units of work can share a transaction. */
  readonly savepoints?: Savepoints;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Gives the connection back; with `broken` it is closed instead. */
  release(broken?: boolean): Promise<void>;
}

/** What kind of trouble an error of the driver is. */
export type Trouble =
  | { kind: 'unreachable'; reason: string }
  | { kind: 'constraint'; details: Omit<ViolationDetails, 'database'> }
  | { kind: 'timeout'; reason: string }
  /** A view, or a column of one, that the database cannot change. */
  | { kind: 'view'; reason: string }
  | { kind: 'failed'; reason: string };

/** All that differs between drivers. The only place that touches their internals. */
export interface Adapter {
  /** Builds statements; has no connection of its own. */
  readonly knex: Knex;
  /** True where a commit waits for the disk, and several are done faster as one. */
  readonly commitSyncs?: boolean;
  /** Opens the connection or pool; throws what the driver throws. */
  open(): Promise<void>;
  isOpen(): boolean;
  session(): Promise<Session>;
  /**
   * Rows of a reading statement from a driver that answers without waiting; absent where there is none. Undefined where it would have to
   * wait after all. Only to be asked while no unit of work has the connection.
   */
  rowsAtOnce?(text: string, bindings: readonly unknown[]): Row[] | undefined;
  close(): Promise<void>;
  /** Copies the database into a file; only where a database is a file. */
  backup?(to: string): Promise<void>;
  /** Rows of a reading statement as they lie there now, committed or not; only where numbers are given out before their commit. */
  uncommittedRows?(text: string, bindings: readonly unknown[]): Promise<Row[]>;
  classify(error: unknown): Trouble;
  /** Connections in use and callers waiting for one. */
  load(): { used: number; waiting: number };
}

/** The driver's error inside TypeORM's and knex's wrappings. */
export function driverError(error: unknown): { code: string; message: string; fields: Record<string, unknown> } {
  let inner: unknown = error;
  while (inner instanceof Error && 'driverError' in inner && inner.driverError instanceof Error)
    inner = inner.driverError;
  if (inner instanceof AggregateError && inner.errors[0] instanceof Error) inner = inner.errors[0];
  const fields: Record<string, unknown> = inner instanceof Error ? { ...inner } : {};
  const code = typeof fields['code'] === 'string' ? fields['code'] : '';
  return { code, message: inner instanceof Error ? inner.message : String(inner), fields };
}

/** knex puts the SQL before the driver's message; people need only the latter. */
export function withoutSql(message: string): string {
  const end = message.lastIndexOf(' - ');
  return end === -1 ? message : message.slice(end + 3);
}
