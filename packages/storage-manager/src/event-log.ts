import { type Clock, currentCall, type Ids } from '@caruso/service-manager/contract';
import type { Knex } from 'knex';
import type { JournalEvent, NewEvent } from './contract.js';
import { type EventRow, eventOf, rowOf } from './event-row.js';
import type { StorageManager } from './storage.js';
import type { UnitsOfWork } from './unit-of-work.js';

export interface EventQuery {
  after?: number | undefined;
  /** Inclusive. */
  until?: number | undefined;
  types?: string[] | undefined;
  subject?: { object: string; key: string } | undefined;
  limit?: number | undefined;
  descending?: boolean | undefined;
  /** Only what other processes appended. */
  notBy?: string | undefined;
}

export interface EventLogOptions {
  storage: StorageManager;
  units: UnitsOfWork;
  clock: Clock;
  ids: Ids;
}

/** Most events that one read gives. */
const MOST = 10_000;

/**
 * The table of events: appending, reading, and the horizon up to which nothing can still appear.
 *
 * PostgreSQL gives out numbers before it commits, so a lower number may appear after a higher one. Each unit of work that appends
 * therefore holds, until its end, a shared advisory lock whose key carries the number given out last before its own; nobody waits
 * for it. A reader takes the last number given out, then the lowest lock, then the events: all of an unfinished unit of work lie
 * above its lock, and all of one that began later lie above the last number.
 */
export class EventLog {
  readonly process: string;
  readonly #options: EventLogOptions;
  readonly #announced = new WeakSet<object>();

  constructor(options: EventLogOptions) {
    this.#options = options;
    this.process = options.ids.next();
  }

  /** Appends within the running unit of work. */
  async append(event: NewEvent): Promise<JournalEvent> {
    const { storage, clock, ids } = this.#options;
    const call = currentCall();
    const entry: Omit<JournalEvent, 'seq'> = {
      id: ids.next(),
      type: event.type,
      subject: event.subject ?? null,
      at: new Date(clock.now()).toISOString(),
      actor: { kind: call.principal.kind, id: call.principal.id },
      call: call.id,
      data: event.data ?? {},
      changes: event.changes ?? [],
      audience: event.audience ?? [],
    };
    await this.#announce();
    const row = rowOf(entry, this.process, (value) => storage.encode('main', 'json', value));
    const inserted = await storage.query<{ seq: number }[]>('main', (knex) =>
      knex('caruso_event').insert(row, ['seq']),
    );
    return { seq: inserted[0]?.seq ?? 0, ...entry };
  }

  async read(query: EventQuery): Promise<JournalEvent[]> {
    const rows = await this.#options.storage.query<EventRow[]>('main', (knex) => {
      const statement = knex('caruso_event')
        .orderBy('seq', query.descending === true ? 'desc' : 'asc')
        .limit(Math.min(query.limit ?? 1000, MOST));
      if (query.after !== undefined) statement.where('seq', '>', query.after);
      if (query.until !== undefined) statement.where('seq', '<=', query.until);
      if (query.subject !== undefined)
        statement.where({ subject_object: query.subject.object, subject_key: query.subject.key });
      if (query.notBy !== undefined) statement.whereNot({ process: query.notBy });
      if (query.types !== undefined) whereType(statement, query.types);
      return statement;
    });
    return rows.map(eventOf);
  }

  /** Events by their numbers, for dead letters. */
  async bySeq(numbers: number[]): Promise<Map<number, JournalEvent>> {
    const rows = await this.#options.storage.query<EventRow[]>('main', (knex) =>
      knex('caruso_event').whereIn('seq', numbers),
    );
    return new Map(rows.map((row) => [row.seq, eventOf(row)]));
  }

  /** The highest number committed now. */
  async last(): Promise<number> {
    const rows = await this.#options.storage.query<{ last: number | null }[]>('main', (knex) =>
      knex('caruso_event').max('seq as last'),
    );
    return rows[0]?.last ?? 0;
  }

  /** The number up to which every event there will ever be is visible. */
  async horizon(): Promise<number> {
    if (!this.#postgres) return this.last();
    const { storage } = this.#options;
    const given = await storage.query<{ last: number }[]>('main', (knex) => knex.raw(LAST_GIVEN));
    const open = await storage.query<{ lowest: number | null }[]>('main', (knex) => knex.raw(LOWEST_OPEN));
    return Math.min(given[0]?.last ?? 0, open[0]?.lowest ?? Number.MAX_SAFE_INTEGER);
  }

  get #postgres(): boolean {
    return this.#options.storage.dialect('main') === 'postgres';
  }

  async #announce(): Promise<void> {
    const work = this.#options.units.current();
    if (!this.#postgres || work === undefined || this.#announced.has(work)) return;
    await this.#options.storage.query('main', (knex) => knex.raw(ANNOUNCE));
    this.#announced.add(work);
  }
}

/** Journals of other schemas in the same database have locks of their own: the table's object id is part of the key. */
const JOURNAL = `('caruso_event'::regclass::oid::bigint % 32768)`;
const GIVEN = `case when is_called then last_value else 0 end`;
const LAST_GIVEN = `select ${GIVEN} as last from caruso_event_seq_seq`;
const ANNOUNCE = `select pg_advisory_xact_lock_shared((${JOURNAL} << 47) | (${GIVEN})) from caruso_event_seq_seq`;
const KEY = `((classid::bigint << 32) | objid::bigint)`;
const LOWEST_OPEN = `
  select min(${KEY} & ((1::bigint << 47) - 1)) as lowest from pg_locks
  where locktype = 'advisory' and objsubid = 1 and pid <> pg_backend_pid() and ${KEY} >> 47 = ${JOURNAL}
    and database = (select oid from pg_database where datname = current_database())`;

/** `Case.created` exactly, `Case.*` all of Case, `*` everything. */
function whereType(statement: Knex.QueryBuilder, types: string[]): void {
  if (types.includes('*')) return;
  statement.where((either) => {
    const exact = types.filter((type) => !type.endsWith('.*'));
    either.whereIn('type', exact);
    for (const type of types.filter((name) => name.endsWith('.*'))) {
      const prefix = type.slice(0, -1);
      either.orWhereRaw('substr(type, 1, ?) = ?', [prefix.length, prefix]);
    }
  });
}
