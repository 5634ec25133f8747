import type { ModelApi } from '@caruso/business-objects/contract';
import type { ScriptSource, SessionEvent } from '@caruso/dialog-script';
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
  state: z.enum(['waiting', 'acting', 'paused', 'handed over', 'ended']),
  step: text,
  /** The script the step is in, which may be one that is called, with its version. */
  stepScript: text,
  stepVersion: text,
  /** When the step that waits was put, later by what it was paused. */
  since: text,
  refusals: z
    .number()
    .nullish()
    .transform((value) => value ?? 0),
  outcome: text,
  startedOn: z
    .string()
    .nullish()
    .transform((value) => value ?? 'web'),
  /** Who took it over. */
  agent: text,
  queue: text,
  /** Actions nobody waits for whose outcome is not known. */
  pending: z
    .number()
    .nullish()
    .transform((value) => value ?? 0),
  seq: z.number(),
  startedAt: z.string(),
  changedAt: z.string(),
  endedAt: text,
});
export type SessionRow = z.output<typeof SessionRow>;

/** A step that was left: what the use of scripts is measured by. */
export interface VisitRow {
  session: string;
  number: number;
  script: string;
  version: string;
  step: string;
  channel: string;
  how: 'answered' | 'back' | 'signalled' | 'taken over' | 'migrated' | 'hung up';
  arrivedAt: string;
  leftAt: string;
  refusals: number;
  corrected: boolean;
}

const Sources = z.array(z.object({ path: z.string(), text: z.string() }));

const FilePart = z.object({
  session: z.string(),
  id: z.string(),
  part: z.number(),
  parts: z.number(),
  name: z.string(),
  type: z.string(),
  size: z.number(),
  content: z.string(),
});
type FilePart = z.output<typeof FilePart>;

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
    return row === undefined ? undefined : { row, events: await this.events(id) };
  }

  /** The events of a session in their order. */
  async events(id: string): Promise<SessionEvent[]> {
    const rows = await this.model.load('ScriptSessionEvent', 'session = wanted', { wanted: id });
    return rows
      .map(({ seq, data }) => ({
        seq: Number(seq),
        event: (typeof data === 'string' ? JSON.parse(data) : data) as SessionEvent,
      }))
      .sort((left, right) => left.seq - right.seq)
      .map(({ event }) => event);
  }

  async byRequest(request: string): Promise<string | undefined> {
    const [row] = await this.model.load('ScriptSession', 'request = wanted', { wanted: request });
    return row === undefined ? undefined : String(row.id);
  }

  /** Sessions with an action whose outcome is not known. */
  async acting(): Promise<string[]> {
    const rows = await this.model.load('ScriptSession', "state = 'acting' or pending > 0");
    return rows.map(({ id }) => String(id));
  }

  /** The scripts of a version: its own first, then those it calls. */
  async text(content: string): Promise<ScriptSource[] | undefined> {
    const [row] = await this.model.load('ScriptText', 'content = wanted', { wanted: content });
    if (row === undefined) return undefined;
    const parts: unknown = typeof row.parts === 'string' ? JSON.parse(row.parts) : row.parts;
    return [{ path: String(row.file), text: String(row.text) }, ...Sources.parse(parts ?? [])];
  }

  async keepText(row: {
    content: string;
    script: string;
    file: string;
    text: string;
    parts: ScriptSource[];
    keptAt: string;
  }): Promise<void> {
    if ((await this.text(row.content)) !== undefined) return;
    try {
      await this.model.write(owner, 'create', 'ScriptText', row);
    } catch (error) {
      // Another start kept the same text at the same moment.
      if (!isConflict(error)) throw error;
    }
  }

  async fileParts(session: string, id: string): Promise<FilePart[]> {
    const rows = await this.model.load('ScriptFile', 'session = wanted and id = file', { wanted: session, file: id });
    return rows.map((row) => FilePart.parse(row)).sort((left, right) => left.part - right.part);
  }

  async keepFile(part: FilePart): Promise<void> {
    try {
      await this.storage.unitOfWork(() => this.model.write(owner, 'create', 'ScriptFile', { ...part }));
    } catch (error) {
      // The same part was sent twice at the same moment.
      if (!isConflict(error)) throw error;
    }
  }

  /**
   * Appends events and moves the row along, with what the journal tells of it. The number of each event is part of its key:
   * of two answers to one view the second finds it taken and nothing of it is stored.
   */
  async append(
    first: number,
    events: readonly SessionEvent[],
    row: SessionRow,
    told: NewEvent[],
    visit?: VisitRow,
  ): Promise<void> {
    try {
      await this.storage.unitOfWork(async () => {
        for (const [index, event] of events.entries()) {
          const { type, at } = event;
          const values = { session: row.id, seq: first + index + 1, type, at, data: event };
          await this.model.write(owner, 'create', 'ScriptSessionEvent', values);
        }
        const changes = [await this.model.write(owner, first === 0 ? 'create' : 'update', 'ScriptSession', { ...row })];
        if (visit !== undefined) changes.push(await this.model.write(owner, 'create', 'ScriptVisit', { ...visit }));
        await this.#tell(row, changes, told);
      });
    } catch (error) {
      if (isConflict(error)) throw new Overtaken();
      throw error;
    }
  }

  async #tell(row: SessionRow, changes: Change[], told: NewEvent[]): Promise<void> {
    const subject = { object: 'ScriptSession', key: row.id };
    for (const [index, event] of told.entries()) {
      await this.journal.append({ subject, audience: [row.owner], ...event, changes: index === 0 ? changes : [] });
    }
  }
}

export function ownerOf({ kind, id }: Principal): string {
  return `${kind}:${id}`;
}

function isConflict(error: unknown): boolean {
  return error instanceof CarusoError && error.code === 'CONSTRAINT_VIOLATED';
}
