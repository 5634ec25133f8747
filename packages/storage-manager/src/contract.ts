import { defineLocalContract } from '@caruso/service-manager/contract';
import type { Knex } from 'knex';
import { z } from 'zod';

export type { Knex } from 'knex';

/** How a column is stored; each dialect has its own spelling, the values that come and go are the same. */
export type ColumnType =
  | 'text'
  | 'integer'
  | 'bigint'
  | 'number'
  | 'decimal'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'json'
  | 'binary';

/** One column as wanted, or as found in a database. */
export interface ColumnShape {
  name: string;
  type: ColumnType;
  /** The database's own word for the type, where found by introspection. */
  nativeType?: string;
  nullable: boolean;
  /** Characters, for text; total digits, for decimals. */
  length?: number;
  /** Digits behind the point, for decimals. */
  scale?: number;
  default?: string | number | boolean | null;
  /** Filled by the database itself. */
  generated?: 'identity' | 'computed';
  /** Found columns: false where the type is one we read, as text or JSON, but do not write. */
  writable?: false;
  /** Found columns of an enumeration: its values, in their order. */
  values?: string[];
  /** Found texts of MariaDB whose character set has fewer characters than we may ask for: that set, and how it is compared. */
  narrow?: { charset: string; collation: string };
  /** Wanted texts: at most 255 characters, and part of an index over several columns, which MariaDB orders by such texts alone. */
  short?: true;
  /** Wanted columns: the name it had before. Where a column of that name is still there, it is renamed. */
  was?: string;
}

export interface ForeignKey {
  columns: string[];
  /** `schema`: where it is another than that of the tables that name none. */
  references: { table: string; schema?: string; columns: string[] };
}

/** An index over several columns, in their order. */
export interface CompositeIndex {
  columns: { name: string; descending: boolean }[];
  unique: boolean;
}

export interface TableShape {
  name: string;
  schema?: string;
  kind: 'table' | 'view';
  columns: ColumnShape[];
  primaryKey: string[];
  uniques: string[][];
  indexes: string[][];
  foreignKeys: ForeignKey[];
  /** The column whose words are indexed, for full-text search. */
  words?: string;
  /** Wanted tables: one that was wanted before and is not any more is dropped. */
  composites?: CompositeIndex[];
  /** Found tables: the names of indexes that can be dropped; on servers of those alone that `composites` made. */
  named?: { name: string; columns: string[] }[];
  /** Wanted tables: the name it had before, and columns that are to go with all they hold. Both are declared, never guessed. */
  was?: string;
  removed?: string[];
  /** Wanted tables: columns that were unique, and now are together with others only. */
  outgrown?: string[][];
}

export interface DatabaseSchema {
  database: string;
  dialect: Dialect;
  tables: TableShape[];
  /** Of the database's own definition; equal hashes mean that nothing was altered. */
  hash: string;
}

export type Dialect = 'sqlite' | 'postgres' | 'mariadb';

export interface DatabaseInfo {
  name: string;
  dialect: Dialect;
  /** False: a legacy database, never altered. */
  managed: boolean;
  reachable: boolean;
  /** Why it is not reachable; never holds a password. */
  reason?: string;
}

export interface MigrationStep {
  database: string;
  statement: string;
  /** Where one step is several statements, taken together or not at all: these, in order. */
  statements?: string[];
  /** What the statement does, in words. */
  summary: string;
  /** `add` changes nothing that is there, `rename` loses nothing, `loosen` takes an index away, or lets in what was refused before, `remove` loses data. */
  kind: 'add' | 'rename' | 'loosen' | 'remove';
  /** Loses data. */
  destructive: boolean;
  /** Of a destructive step: the column that goes, of the table as it is called now, and how many of its values are not null. */
  loses?: { table: string; column: string; values?: number };
}

export interface MigrationPlan {
  database: string;
  steps: MigrationStep[];
  /** What was found and left alone: columns and tables the model does not name. */
  notes: string[];
}

/** Rows that are stored at once, with values as `encode` gives them. */
export interface RowsToInsert {
  table: string;
  schema?: string | undefined;
  columns: readonly string[];
  /** In the order of the columns. */
  rows: readonly (readonly unknown[])[];
  /** Of a row that is there under this key, these columns are set instead; without it such a row is refused. */
  replace?: { key: readonly string[]; columns: readonly string[] } | undefined;
  /** Columns to give back, of the rows in no order that could be relied on. */
  returning?: readonly string[] | undefined;
}

/**
 * Connections, units of work and statements. All statements of one unit of work commit or roll back together, per database.
 */
export interface StorageApi {
  databases(): DatabaseInfo[];
  dialect(database: string): Dialect;
  /**
   * Runs `work` in a unit of work; a nested call joins the running one. What throws rolls back.
   * On SQLite it may share its commit with others that wait for it; a long one is to run `alone`, or keeps them waiting.
   * Throws DATABASE_UNREACHABLE, CONSTRAINT_VIOLATED (status 409), STORAGE_TIMEOUT.
   */
  unitOfWork<T>(work: () => Promise<T>, options?: { alone?: boolean }): Promise<T>;
  /**
   * Lets the running unit of work wait until no other one, of this or another process, holds the lock of this name in `main`; it holds the
   * lock itself until its end. On SQLite a unit of work has the whole database for itself anyway.
   */
  lock(name: string): Promise<void>;
  /** True inside a unit of work. */
  inUnitOfWork(): boolean;
  /** Runs `work` after the running unit of work has committed; at once outside of one. */
  afterCommit(work: () => void | Promise<void>): void;
  /**
   * Runs one knex statement: within the running unit of work, else alone (on SQLite in its turn).
   *
   * @example
   * const rows = await storage.query<Row[]>('main', (knex) => knex('customer').where({ customer_no: 'C1' }));
   */
  query<T = unknown>(
    database: string,
    build: (knex: Knex) => Knex.QueryBuilder | Knex.Raw | Knex.SchemaBuilder,
  ): Promise<T>;
  /**
   * Rows of a statement that only reads, in the database's own SQL: as `query`, but without knex, and on SQLite prepared once for all
   * calls with the same text. `?` stands for a value, `\?` for a question mark in a name, `\\` for a backslash.
   *
   * @example
   * const rows = await storage.rows<{ name: string }>('main', 'select name from customer where customer_no = ?', ['C1']);
   */
  rows<T extends object = Record<string, unknown>>(
    database: string,
    text: string,
    bindings?: readonly unknown[],
  ): Promise<T[]>;
  /**
   * Stores many rows in few statements, within the running unit of work or one of its own. Throws CONSTRAINT_VIOLATED.
   *
   * @example
   * await storage.insertRows('main', { table: 'tag', columns: ['id', 'name'], rows: [[1, 'new'], [2, 'old']] });
   */
  insertRows<T extends object = Record<string, unknown>>(database: string, into: RowsToInsert): Promise<T[]>;
  introspect(database: string): Promise<DatabaseSchema>;
  /** What must be done so that `database` has these tables; does nothing. Unmanaged databases give an empty plan with notes. */
  plan(database: string, wanted: TableShape[]): Promise<MigrationPlan>;
  /**
   * Applies a plan and records each step in the ledger `caruso_migration`. Destructive steps need `allowLoss`. A SQLite file is copied
   * first, into `backups` beside it, where a step does more than add, or with `backup`. After a crash, plan and migrate again.
   */
  migrate(plan: MigrationPlan, options?: { allowLoss?: boolean; backup?: boolean }): Promise<{ backup?: string }>;
  /** Encodes a value of the wire for a column, and back; identical on every database. */
  encode(database: string, type: ColumnType, value: unknown, scale?: number): unknown;
  decode(database: string, type: ColumnType, stored: unknown, scale?: number): unknown;
}

export const Storage = defineLocalContract<StorageApi>()({
  id: 'storage',
  version: '1.4.0',
  methods: [
    'databases',
    'dialect',
    'unitOfWork',
    'lock',
    'inUnitOfWork',
    'afterCommit',
    'query',
    'rows',
    'insertRows',
    'introspect',
    'plan',
    'migrate',
    'encode',
    'decode',
  ],
});

/** A business object as it was and as it is; `null` where it did not exist. Metrics are computed from these. */
export const Change = z.object({
  object: z.string(),
  key: z.string(),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
});
export type Change = z.infer<typeof Change>;

/** One thing that happened. */
export const JournalEvent = z.object({
  /** Position in the journal; grows, with gaps. */
  seq: z.number().int(),
  id: z.string(),
  /** `Object.verb` in the past tense: `Customer.created`, `Interaction.queued`, `Reminder.due`. */
  type: z.string(),
  /** The business object it is about. */
  subject: z.object({ object: z.string(), key: z.string() }).nullable(),
  /** ISO UTC. */
  at: z.string(),
  actor: z.object({ kind: z.string(), id: z.string() }),
  /** The call it happened in. */
  call: z.string(),
  data: z.record(z.string(), z.unknown()),
  /** Every business object the event changed, with values before and after. */
  changes: z.array(Change),
  /** Who is told beside the staff: `visitor:<id>`, `user:<id>`. */
  audience: z.array(z.string()),
});
export type JournalEvent = z.infer<typeof JournalEvent>;

export interface NewEvent {
  type: string;
  subject?: { object: string; key: string };
  data?: Record<string, unknown>;
  changes?: Change[];
  audience?: string[];
}

/** What a consumer sees beside the event. */
export interface Delivery {
  /** How often this event was tried before, 0 at first. */
  attempt: number;
  /** Stable over re-deliveries: consumer and event id. */
  idempotencyKey: string;
}

export interface JournalApi {
  /** Appends within the running unit of work (or in one of its own); actor, call and time are taken from the current call and clock. */
  append(event: NewEvent): Promise<JournalEvent>;
  /** Appends many, in their order and in few statements. */
  appendAll(events: readonly NewEvent[]): Promise<JournalEvent[]>;
  /** Events in order, optionally from a position, of some types (`Case.*` allowed), about a subject, newest first with `descending`. */
  read(query?: {
    after?: number;
    types?: string[];
    subject?: { object: string; key: string };
    limit?: number;
    descending?: boolean;
  }): Promise<JournalEvent[]>;
  /**
   * Consumes events in order, at least once, from a durable cursor named `consumer`. The handler runs in a unit of work in which
   * the cursor moves too, so that its own writes happen exactly once. A handler that throws is tried again with growing pauses; after
   * `attempts` (default 8) the event is set aside in `caruso_dead_letter`, reported, and the consumer goes on. Returns the way to stop.
   */
  consume(
    consumer: string,
    handler: (event: JournalEvent, delivery: Delivery) => Promise<void>,
    options?: {
      types?: string[];
      /** Where a consumer that has no cursor yet begins. Default 'now'. */
      from?: 'beginning' | 'now';
      attempts?: number;
      /** False for handlers with effects outside the database (an SMTP server): the cursor then moves after the handler returned. */
      transactional?: boolean;
    },
  ): Promise<() => Promise<void>>;
  /** Live events without a durable cursor, after their commit, for pushes to screens. */
  follow(listener: (event: JournalEvent) => void): () => void;
  /** Resolves when every consumer has handled all that is committed now. */
  idle(): Promise<void>;
  deadLetters(): Promise<{ consumer: string; event: JournalEvent; error: string; at: string }[]>;
}

export const Journal = defineLocalContract<JournalApi>()({
  id: 'journal',
  version: '1.1.0',
  methods: ['append', 'appendAll', 'read', 'consume', 'follow', 'idle', 'deadLetters'],
});
