import type { Readable } from 'node:stream';
import { type Annotated, demandAnnotator, demandRemover, journalAnnotation, seen } from './annotating.js';
import { annotations, decodeTime, encodeTime, filesTable, partsTable } from './annotation-tables.js';
import type { AttachedFile, Attachment, AttachmentsApi } from './contract.js';
import type { Engine } from './engine.js';
import {
  annotationMissing,
  annotationsUnknown,
  attachmentRefused,
  attachmentTooLarge,
  attachmentTooMany,
} from './errors.js';

/** Bytes of one stored part. */
const PART = 262_144;
/** Files of one record. */
const MOST = 200;
/** Parts of uploads that were broken off are kept no longer than this (ms). */
const ABANDONED = 86_400_000;

interface Place {
  object: string;
  key: string;
}
type Row = Record<string, unknown>;

/** Files of a record, the newest first, for whoever sees the record. */
export async function listAttachments(engine: Engine, input: Place): Promise<{ attachments: Attachment[] }> {
  const { object, key } = await seenWithFiles(engine, input);
  const rows = await annotations(engine.parts.storage, (knex) =>
    filesTable(knex)
      .where({ object: object.name, record: key })
      .orderBy([
        { column: 'at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(MOST),
  );
  return { attachments: rows.map((row) => told(engine, row)) };
}

/** Removes a file, for who attached it and for whoever may delete the record. */
export function detach(engine: Engine, input: Place & { attachment: string }): Promise<{ removed: boolean }> {
  const { storage } = engine.parts;
  return storage.unitOfWork(async () => {
    const annotated = await seenWithFiles(engine, input);
    const found = await fileRow(engine, annotated, input.attachment);
    await demandRemover(engine, annotated, found['by_id'], 'remove a file of somebody else');
    await annotations(storage, (knex) => filesTable(knex).where({ id: input.attachment }).delete());
    await annotations(storage, (knex) => partsTable(knex).where({ attachment: input.attachment }).delete());
    const { name } = found;
    await journalAnnotation(engine, annotated, 'detached', { attachment: input.attachment, name });
    return { removed: true };
  });
}

/** Files that come and go as streams, with the rights of the current call. */
export class AttachmentStreams implements AttachmentsApi {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async attach(...[input, bytes]: Parameters<AttachmentsApi['attach']>): Promise<Attachment> {
    const { storage, clock, ids } = this.#engine.parts;
    const annotated = await seenWithFiles(this.#engine, input);
    await this.#admit(annotated, input);
    const id = ids.next();
    const at = new Date(clock.now()).toISOString();
    // Each part is stored by itself, so that a slow sender holds nobody up; the file is there when all of them are.
    const size = await this.#take(annotated, id, at, bytes);
    const { caller, object, key } = annotated;
    const row = {
      id,
      object: object.name,
      record: key,
      name: fileName(input.name),
      type: input.type.toLowerCase().slice(0, 120),
      size,
      at: encodeTime(storage, at),
      by_id: caller.principal.id.slice(0, 200),
      by_name: caller.principal.name.slice(0, 200),
    };
    try {
      await storage.unitOfWork(async () => {
        const now = await seenWithFiles(this.#engine, input);
        await demandAnnotator(this.#engine, now, `attach files to this ${object.label}`);
        await annotations(storage, (knex) => filesTable(knex).insert(row));
        const { name, type } = row;
        await journalAnnotation(this.#engine, now, 'attached', { attachment: id, name, type, size });
      });
    } catch (error) {
      await this.#discard(id);
      throw error;
    }
    return told(this.#engine, row);
  }

  async open({ attachment, ...place }: Parameters<AttachmentsApi['open']>[0]): Promise<AttachedFile> {
    const { storage } = this.#engine.parts;
    const annotated = await seenWithFiles(this.#engine, place);
    const found = told(this.#engine, await fileRow(this.#engine, annotated, attachment));
    const parts = Math.ceil(found.size / PART);
    async function* bytes(): AsyncGenerator<Uint8Array> {
      for (let part = 0; part < parts; part++) {
        const [row] = await annotations(storage, (knex) => partsTable(knex).where({ attachment, part }));
        // Somebody removed it while it was read.
        if (row === undefined) throw annotationMissing(place.object, place.key, 'file', attachment);
        yield row['content'] as Uint8Array;
      }
    }
    return { ...found, bytes: bytes() };
  }

  async #admit(annotated: Annotated, input: Parameters<AttachmentsApi['attach']>[0]): Promise<void> {
    const { object, key } = annotated;
    const { storage, clock } = this.#engine.parts;
    await demandAnnotator(this.#engine, annotated, `attach files to this ${object.label}`);
    const { largest, types } = limitsOf(annotated);
    if ((input.announced ?? 0) > largest) throw attachmentTooLarge(object.name, largest);
    const type = input.type.toLowerCase();
    const taken = types.some((each) => each === type || (each.endsWith('/*') && type.startsWith(each.slice(0, -1))));
    if (types.length > 0 && !taken) throw attachmentRefused(object.name, type, types);
    const [count] = await annotations(storage, (knex) =>
      filesTable(knex).where({ object: object.name, record: key }).count({ n: '*' }),
    );
    if (Number(count?.['n'] ?? 0) >= MOST) throw attachmentTooMany(object.name, key, MOST);
    const old = encodeTime(storage, new Date(clock.now() - ABANDONED).toISOString());
    await annotations(storage, (knex) =>
      partsTable(knex)
        .where('at', '<', old as never)
        .whereNotIn('attachment', filesTable(knex).select('id'))
        .delete(),
    );
  }

  /** Stores the parts of a file; gives its size. */
  async #take(annotated: Annotated, attachment: string, at: string, bytes: Readable): Promise<number> {
    const { storage } = this.#engine.parts;
    const { largest } = limitsOf(annotated);
    let size = 0;
    let part = 0;
    let held: Buffer[] = [];
    let holding = 0;
    const store = async (content: Buffer): Promise<void> => {
      const row = { attachment, part: part++, at: encodeTime(storage, at), content };
      await annotations(storage, (knex) => partsTable(knex).insert(row));
    };
    try {
      for await (const chunk of bytes) {
        const piece = Buffer.from(chunk as Uint8Array);
        size += piece.length;
        if (size > largest) throw attachmentTooLarge(annotated.object.name, largest);
        held.push(piece);
        holding += piece.length;
        if (holding < PART) continue;
        const whole = Buffer.concat(held);
        const end = whole.length - (whole.length % PART);
        for (let from = 0; from < end; from += PART) await store(whole.subarray(from, from + PART));
        held = [whole.subarray(end)];
        holding = whole.length - end;
      }
      if (holding > 0) await store(Buffer.concat(held));
    } catch (error) {
      await this.#discard(attachment);
      throw error;
    }
    return size;
  }

  async #discard(attachment: string): Promise<void> {
    await annotations(this.#engine.parts.storage, (knex) => partsTable(knex).where({ attachment }).delete());
  }
}

function limitsOf({ object }: Annotated): { largest: number; types: readonly string[] } {
  if (object.attachments === undefined) throw annotationsUnknown(object.name, 'attachments');
  return object.attachments;
}

async function seenWithFiles(engine: Engine, input: Place): Promise<Annotated> {
  const annotated = await seen(engine, input);
  limitsOf(annotated);
  return annotated;
}

async function fileRow(engine: Engine, { object, key }: Annotated, id: string): Promise<Row> {
  const place = { id, object: object.name, record: key };
  const [found] = await annotations(engine.parts.storage, (knex) => filesTable(knex).where(place));
  if (found === undefined) throw annotationMissing(object.name, key, 'file', id);
  return found;
}

function told(engine: Engine, row: Row): Attachment {
  return {
    id: String(row['id']),
    name: String(row['name']),
    type: String(row['type']),
    size: Number(row['size']),
    at: decodeTime(engine.parts.storage, row['at']),
    by: { id: String(row['by_id']), name: String(row['by_name']) },
  };
}

/** The name alone, of whatever path it comes with. */
function fileName(given: string): string {
  const name =
    given
      .replaceAll(/\p{Cc}/gu, '')
      .split(/[/\\]/)
      .at(-1)
      ?.trim() ?? '';
  return name === '' ? 'file' : name.slice(-200);
}
