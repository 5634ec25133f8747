import type { Knex, StorageApi, TableShape } from '@caruso/storage-manager/contract';
import { formerNameOf } from './former-name.js';
import type { CompiledModel, ModelObject } from './model.js';

/** What people add to records of any object stands in main, also where the record is of another system. */
const DATABASE = 'main';
const NOTES = 'caruso_note';
const FILES = 'caruso_attachment';
const PARTS = 'caruso_attachment_part';

const text = (name: string, length: number) => ({ name, type: 'text', length, nullable: false }) as const;
const about = [text('object', 120), text('record', 400)];
const origin = [{ name: 'at', type: 'datetime', nullable: false } as const, text('by_id', 200), text('by_name', 200)];

const tables: TableShape[] = [
  {
    name: NOTES,
    kind: 'table',
    columns: [text('id', 60), ...about, { name: 'text', type: 'text', nullable: false }, ...origin],
    primaryKey: ['id'],
    uniques: [],
    indexes: [['object', 'record']],
    foreignKeys: [],
  },
  {
    name: FILES,
    kind: 'table',
    columns: [
      text('id', 60),
      ...about,
      text('name', 200),
      text('type', 120),
      { name: 'size', type: 'bigint', nullable: false },
      ...origin,
    ],
    primaryKey: ['id'],
    uniques: [],
    indexes: [['object', 'record']],
    foreignKeys: [],
  },
  {
    name: PARTS,
    kind: 'table',
    columns: [
      text('attachment', 60),
      { name: 'part', type: 'integer', nullable: false },
      { name: 'at', type: 'datetime', nullable: false },
      { name: 'content', type: 'binary', nullable: false },
    ],
    primaryKey: ['attachment', 'part'],
    uniques: [],
    indexes: [['at']],
    foreignKeys: [],
  },
];

type Row = Record<string, unknown>;
const builder = (name: string) => (knex: Knex) => knex<Row>(name);

/** The tables of notes and files, for statements of {@link annotations}. */
export const notesTable = builder(NOTES);
export const filesTable = builder(FILES);
export const partsTable = builder(PARTS);

/** Makes the tables as soon as an object has notes or attachments; those of an object that was renamed go with it. */
export async function ensureAnnotations(storage: StorageApi, model: CompiledModel): Promise<void> {
  const annotated = [...model.objects.values()].filter(isAnnotated);
  if (annotated.length === 0) return;
  await storage.migrate(await storage.plan(DATABASE, tables));
  for (const object of annotated) {
    const { name } = object;
    const formerName = formerNameOf(model.objects, object);
    if (formerName === undefined) continue;
    for (const table of [notesTable, filesTable])
      await annotations(storage, (knex) => table(knex).where({ object: formerName }).update({ object: name }));
  }
}

function isAnnotated({ notes, attachments }: ModelObject): boolean {
  return notes || attachments !== undefined;
}

/** Runs a statement over the tables of notes and files. */
export function annotations<T>(storage: StorageApi, statement: (knex: Knex) => PromiseLike<T>): Promise<T> {
  return storage.query<T>(DATABASE, (knex) => statement(knex) as never);
}

export function encodeTime(storage: StorageApi, iso: string): unknown {
  return storage.encode(DATABASE, 'datetime', iso);
}

export function decodeTime(storage: StorageApi, stored: unknown): string {
  return String(storage.decode(DATABASE, 'datetime', stored));
}

/** Records that one statement takes. */
const CHUNK = 200;

/** Records that are gone for good take their notes and files with them. */
export async function dropAnnotations(
  storage: StorageApi,
  object: ModelObject,
  records: readonly string[],
): Promise<void> {
  if (!isAnnotated(object)) return;
  for (let from = 0; from < records.length; from += CHUNK) {
    const of = (query: Knex.QueryBuilder<Row>) =>
      query.where({ object: object.name }).whereIn('record', records.slice(from, from + CHUNK));
    const files = await annotations<Row[]>(storage, (knex) => of(filesTable(knex)).select('id'));
    const ids = files.map(({ id }) => String(id));
    if (ids.length > 0) await annotations(storage, (knex) => partsTable(knex).whereIn('attachment', ids).delete());
    await annotations(storage, (knex) => of(filesTable(knex)).delete());
    await annotations(storage, (knex) => of(notesTable(knex)).delete());
  }
}

/** Notes and files of a record that go to another one: all, or `only` these; gives the ids of those that went. */
export async function moveAnnotations(
  storage: StorageApi,
  object: ModelObject,
  from: string,
  to: string,
  only?: readonly string[],
): Promise<string[]> {
  if (!isAnnotated(object)) return [];
  const place = { object: object.name, record: from };
  const wanted = only === undefined ? undefined : new Set(only);
  const moved: string[] = [];
  for (const table of [notesTable, filesTable]) {
    const rows = await annotations<Row[]>(storage, (knex) => table(knex).where(place).select('id'));
    const ids = rows.map(({ id }) => String(id)).filter((id) => wanted?.has(id) !== false);
    for (let at = 0; at < ids.length; at += CHUNK) {
      const some = ids.slice(at, at + CHUNK);
      await annotations(storage, (knex) => table(knex).whereIn('id', some).update({ record: to }));
    }
    moved.push(...ids);
  }
  return moved;
}
