import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { StorageApi } from '@caruso/storage-manager/contract';
import type { Format, Mapping } from './contract.js';
import { uploadTooLarge } from './errors.js';
import type { ImportBook } from './import-book.js';
import type { ImportRows } from './import-rows.js';
import { readTable, type TableRow } from './read-table.js';

/** Rows stored at once. */
const BATCH = 500;

/** A file that came in and waits to be read. */
export interface Received {
  path: string;
  remove(): Promise<void>;
}

/** Takes the bytes of a file to disk as they come. Throws UPLOAD_TOO_LARGE as soon as there are too many. */
export async function takeIn(bytes: Readable, limit: number): Promise<Received> {
  const folder = await mkdtemp(path.join(tmpdir(), 'caruso-import-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  const file = path.join(folder, 'file');
  try {
    const target = await open(file, 'wx', 0o600);
    try {
      let size = 0;
      // Not destroyed where it is not read to its end: its sender is still to be answered.
      for await (const chunk of bytes.iterator({ destroyOnReturn: false })) {
        const piece = chunk as Buffer;
        size += piece.length;
        if (size > limit) throw uploadTooLarge(limit);
        await target.write(piece);
      }
    } finally {
      await target.close();
    }
    return { path: file, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

export interface ReaderParts {
  storage: StorageApi;
  book: ImportBook;
  rows: ImportRows;
  suggest: (columns: readonly string[]) => Mapping;
}

/** Reads a file into the rows of an import; what cannot be read is told by the import, which then goes no further. */
export async function readInto(parts: ReaderParts, id: string, file: Received, format: Format): Promise<void> {
  const { storage, book, rows, suggest } = parts;
  const columns = new Set<string>();
  let count = 0;
  const store = async (batch: readonly TableRow[]) => {
    if (batch.length === 0) return;
    for (const { cells } of batch) for (const name of Object.keys(cells)) columns.add(name);
    count += batch.length;
    await storage.unitOfWork(
      async () => {
        await rows.add(id, batch);
        await book.update(id, { rows: count, counts: { read: count } });
      },
      { alone: true },
    );
  };
  try {
    let batch: TableRow[] = [];
    for await (const row of readTable(file.path, format)) {
      batch.push(row);
      if (batch.length < BATCH) continue;
      await store(batch);
      batch = [];
      await new Promise((resolve) => setImmediate(resolve));
    }
    await store(batch);
    const names = [...columns].slice(0, 500);
    await book.update(id, { state: 'read', columns: names, mapping: suggest(names) });
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    await book.update(id, { state: 'unreadable', problem: printable(problem).slice(0, 4000) });
  } finally {
    await file.remove();
  }
}

/** What of a hostile file is quoted can be stored. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Surrogate}]/gu, '\ufffd');
}
