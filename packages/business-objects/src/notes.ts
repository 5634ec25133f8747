import { demandAnnotator, demandRemover, journalAnnotation, seen } from './annotating.js';
import { annotations, decodeTime, encodeTime, notesTable } from './annotation-tables.js';
import type { Note } from './contract.js';
import type { Engine } from './engine.js';
import { annotationMissing, annotationsUnknown } from './errors.js';

interface Place {
  object: string;
  key: string;
}

/** Notes on a record, the newest first, for whoever sees the record. */
export async function notes(engine: Engine, input: Place & { limit: number }): Promise<{ notes: Note[] }> {
  const { object, key } = await seenWithNotes(engine, input);
  const { storage } = engine.parts;
  const rows = await annotations(storage, (knex) =>
    notesTable(knex)
      .where({ object: object.name, record: key })
      .orderBy([
        { column: 'at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(input.limit),
  );
  return {
    notes: rows.map((row) => ({
      id: String(row['id']),
      text: String(row['text']),
      at: decodeTime(storage, row['at']),
      by: { id: String(row['by_id']), name: String(row['by_name']) },
    })),
  };
}

/** Adds a note, for whoever may change something of the record. */
export async function addNote(engine: Engine, input: Place & { text: string }): Promise<Note> {
  const { storage, clock, ids } = engine.parts;
  return storage.unitOfWork(async () => {
    const annotated = await seenWithNotes(engine, input);
    const { caller, object, key } = annotated;
    await demandAnnotator(engine, annotated, `add notes to this ${object.label}`);
    const { id: byId, name: byName } = caller.principal;
    const at = new Date(clock.now()).toISOString();
    const note: Note = { id: ids.next(), text: input.text.trim(), at, by: { id: byId, name: byName } };
    await annotations(storage, (knex) =>
      notesTable(knex).insert({
        id: note.id,
        object: object.name,
        record: key,
        text: note.text,
        at: encodeTime(storage, at),
        by_id: byId.slice(0, 200),
        by_name: byName.slice(0, 200),
      }),
    );
    await journalAnnotation(engine, annotated, 'noted', { note: note.id });
    return note;
  });
}

/** Removes a note, for who wrote it and for whoever may delete the record. */
export async function removeNote(engine: Engine, input: Place & { note: string }): Promise<{ removed: boolean }> {
  const { storage } = engine.parts;
  return storage.unitOfWork(async () => {
    const annotated = await seenWithNotes(engine, input);
    const { object, key } = annotated;
    const place = { id: input.note, object: object.name, record: key };
    const [found] = await annotations(storage, (knex) => notesTable(knex).where(place));
    if (found === undefined) throw annotationMissing(object.name, key, 'note', input.note);
    await demandRemover(engine, annotated, found['by_id'], 'remove a note of somebody else');
    await annotations(storage, (knex) => notesTable(knex).where(place).delete());
    await journalAnnotation(engine, annotated, 'noteRemoved', { note: input.note });
    return { removed: true };
  });
}

async function seenWithNotes(engine: Engine, input: Place): ReturnType<typeof seen> {
  const annotated = await seen(engine, input);
  if (!annotated.object.notes) throw annotationsUnknown(annotated.object.name, 'notes');
  return annotated;
}
