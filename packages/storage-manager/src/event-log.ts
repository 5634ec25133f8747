import { type Clock, currentCall, type Ids } from '@caruso/service-manager/contract';
import type { Knex } from 'knex';
import type { JournalEvent, NewEvent } from './contract.js';
import { type EventHorizon, eventHorizon } from './event-horizon.js';
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

/** The table of events: appending, reading, and the horizon up to which nothing can still appear (see event-horizon.ts). */
export class EventLog {
  readonly process: string;
  readonly #options: EventLogOptions;
  readonly #horizon: EventHorizon;

  constructor(options: EventLogOptions) {
    this.#options = options;
    this.process = options.ids.next();
    const { storage, units } = options;
    this.#horizon = eventHorizon({ storage, units, last: () => this.last() });
  }

  /** Appends within the running unit of work. */
  async append(events: readonly NewEvent[]): Promise<JournalEvent[]> {
    const { storage, clock, ids } = this.#options;
    const call = currentCall();
    const actor = { kind: call.principal.kind, id: call.principal.id };
    const at = new Date(clock.now()).toISOString();
    const entries = events.map((event) => ({
      id: ids.next(),
      type: event.type,
      subject: event.subject ?? null,
      at,
      actor,
      call: call.id,
      data: event.data ?? {},
      changes: event.changes ?? [],
      audience: event.audience ?? [],
    }));
    await this.#horizon.announce();
    const rows = entries.map((entry) =>
      rowOf(entry, this.process, (type, value) => storage.encode('main', type, value)),
    );
    const numbers = await storage.insertRows<{ seq: number; id: string }>('main', {
      table: 'caruso_event',
      columns: Object.keys(rows[0] ?? {}),
      rows: rows.map((row) => Object.values(row)),
      returning: ['seq', 'id'],
    });
    const seqs = new Map(numbers.map(({ seq, id }) => [id, Number(seq)]));
    return entries.map((entry) => ({ seq: seqs.get(entry.id) ?? 0, ...entry }));
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
  horizon(): Promise<number> {
    return this.#horizon.read();
  }
}

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
