import type { ModelApi } from '@caruso/business-objects/contract';
import type { SessionEvent } from '@caruso/dialog-script';
import { CarusoError, type Principal } from '@caruso/service-manager/contract';
import type { Change, JournalApi, NewEvent, StorageApi } from '@caruso/storage-manager/contract';
import { z } from 'zod';

const owner = 'scripts';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null);

/** A session's row. */
export const SessionRow = z.object({
  id: z.string(),
  script: z.string(),
  version: z.string(),
  content: z.string(),
  channel: z.string(),
  language: z.string(),
  owner: z.string(),
  request: text,
  interaction: text,
  state: z.enum(['waiting', 'acting', 'ended']),
  step: text,
  outcome: text,
  seq: z.number(),
  startedAt: z.string(),
  changedAt: z.string(),
  endedAt: text,
});
export type SessionRow = z.output<typeof SessionRow>;

/** A session as it is stored. */
export interface StoredSession {
  row: SessionRow;
  events: readonly SessionEvent[];
}

/** Thrown when another answer was committed in between. */
export class Overtaken extends Error {}

/** Keeps sessions, their events and the scripts they run; all that belongs together in one unit of work. */
export class SessionStore {
  constructor(
    readonly model: ModelApi,
    readonly storage: StorageApi,
    readonly journal: JournalApi,
  ) {}

  async row(id: string): Promise<SessionRow | undefined> {
    const [row] = await this.model.load('ScriptSession', 'id = wanted', { wanted: id });
    return row === undefined ? undefined : SessionRow.parse(row);
  }

  async load(id: string): Promise<StoredSession | undefined> {
    const row = await this.row(id);
    if (row === undefined) return undefined;
    const rows = await this.model.load('ScriptSessionEvent', 'session = wanted', { wanted: id });
    const events = rows
      .map(({ seq, data }) => ({
        seq: Number(seq),
        event: (typeof data === 'string' ? JSON.parse(data) : data) as SessionEvent,
      }))
      .sort((left, right) => left.seq - right.seq)
      .map(({ event }) => event);
    return { row, events };
  }

  async byRequest(request: string): Promise<string | undefined> {
    const [row] = await this.model.load('ScriptSession', 'request = wanted', { wanted: request });
    return row === undefined ? undefined : String(row.id);
  }

  /** Sessions with an action whose outcome is not known. */
  async acting(): Promise<string[]> {
    const rows = await this.model.load('ScriptSession', "state = 'acting'");
    return rows.map(({ id }) => String(id));
  }

  async text(content: string): Promise<{ text: string; file: string } | undefined> {
    const [row] = await this.model.load('ScriptText', 'content = wanted', { wanted: content });
    return row === undefined ? undefined : { text: String(row.text), file: String(row.file) };
  }

  async keepText(row: { content: string; script: string; file: string; text: string; keptAt: string }): Promise<void> {
    if ((await this.text(row.content)) !== undefined) return;
    try {
      await this.model.write(owner, 'create', 'ScriptText', row);
    } catch (error) {
      // Another start kept the same text at the same moment.
      if (!isConflict(error)) throw error;
    }
  }

  /**
   * Appends events and moves the row along, with what the journal tells of it. The number of each event is part of its key:
   * of two answers to one view the second finds it taken and nothing of it is stored.
   */
  async append(
    session: StoredSession,
    events: readonly SessionEvent[],
    row: SessionRow,
    told: NewEvent[],
  ): Promise<void> {
    const first = session.events.length;
    try {
      await this.storage.unitOfWork(async () => {
        for (const [index, event] of events.entries()) {
          const { type, at } = event;
          const values = { session: row.id, seq: first + index + 1, type, at, data: event };
          await this.model.write(owner, 'create', 'ScriptSessionEvent', values);
        }
        const change = await this.model.write(owner, first === 0 ? 'create' : 'update', 'ScriptSession', { ...row });
        await this.#tell(row, change, told);
      });
    } catch (error) {
      if (isConflict(error)) throw new Overtaken();
      throw error;
    }
  }

  async #tell(row: SessionRow, change: Change, told: NewEvent[]): Promise<void> {
    const subject = { object: 'ScriptSession', key: row.id };
    for (const [index, event] of told.entries()) {
      await this.journal.append({ subject, audience: [row.owner], ...event, changes: index === 0 ? [change] : [] });
    }
  }
}

export function ownerOf({ kind, id }: Principal): string {
  return `${kind}:${id}`;
}

function isConflict(error: unknown): boolean {
  return error instanceof CarusoError && error.code === 'CONSTRAINT_VIOLATED';
}
