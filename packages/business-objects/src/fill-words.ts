import type { Knex, StorageApi } from '@caruso/storage-manager/contract';
import { type ModelObject, searchedAttributes } from './model.js';
import type { Row } from './read-plan.js';
import { indexedText } from './words.js';

const BATCH = 500;

/** Gives rows that were there before the index their words. Stopped in its midst, it goes on from there at the next start. */
export async function fillWords(storage: StorageApi, object: ModelObject): Promise<number> {
  const { database, wordColumn } = object;
  if (wordColumn === undefined) return 0;
  const texts = searchedAttributes(object).flatMap((attribute) => attribute.columns.map(({ name }) => name));
  const keys = object.keyColumns.map(({ name }) => name);
  const table = (knex: Knex) =>
    object.schema === undefined ? knex<Row>(object.table) : knex<Row>(object.table).withSchema(object.schema);
  for (let filled = 0; ; ) {
    const rows = await storage.query<Row[]>(database, (knex) =>
      table(knex)
        .select([...new Set([...keys, ...texts])])
        .whereNull(wordColumn)
        .limit(BATCH),
    );
    await storage.unitOfWork(
      async () => {
        for (const row of rows) {
          const key = Object.fromEntries(
            object.keyColumns.map(({ name, type, scale }) => [
              name,
              storage.encode(database, type, storage.decode(database, type, row[name], scale), scale),
            ]),
          );
          const words = indexedText(texts.map((name) => row[name]));
          filled += await storage.query<number>(database, (knex) =>
            table(knex)
              .where(key)
              .update({ [wordColumn]: words }),
          );
        }
      },
      { alone: true },
    );
    if (rows.length < BATCH) return filled;
  }
}
