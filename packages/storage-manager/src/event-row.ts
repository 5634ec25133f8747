import type { ColumnType, JournalEvent } from './contract.js';

/** A row of `caruso_event`. */
export interface EventRow {
  seq: number;
  id: string;
  type: string;
  subject_object: string | null;
  subject_key: string | null;
  at: string;
  actor_kind: string;
  actor_id: string;
  call: string;
  data: string;
  changes: string;
  audience: string;
  /** The process that appended it. */
  process: string;
}

export function eventOf(row: EventRow): JournalEvent {
  return {
    seq: row.seq,
    id: row.id,
    type: row.type,
    subject:
      row.subject_object === null || row.subject_key === null
        ? null
        : { object: row.subject_object, key: row.subject_key },
    at: row.at,
    actor: { kind: row.actor_kind, id: row.actor_id },
    call: row.call,
    data: JSON.parse(row.data) as JournalEvent['data'],
    changes: JSON.parse(row.changes) as JournalEvent['changes'],
    audience: JSON.parse(row.audience) as string[],
  };
}

export function rowOf(
  event: Omit<JournalEvent, 'seq'>,
  process: string,
  encode: (type: ColumnType, value: unknown) => unknown,
): Record<string, unknown> {
  return {
    id: event.id,
    type: event.type,
    subject_object: event.subject?.object ?? null,
    subject_key: event.subject?.key ?? null,
    at: encode('datetime', event.at),
    actor_kind: event.actor.kind,
    actor_id: event.actor.id,
    call: event.call,
    data: encode('json', event.data),
    changes: encode('json', event.changes),
    audience: encode('json', event.audience),
    process,
  };
}
