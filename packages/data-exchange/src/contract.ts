import type { Readable } from 'node:stream';
import { defineContract, defineLocalContract } from '@caruso/service-manager/contract';
import { z } from 'zod';

export const Format = z.enum(['csv', 'xlsx', 'json']);
export type Format = z.infer<typeof Format>;

/** Where the values of a column go. */
export const ColumnMapping = z.strictObject({
  attribute: z.string(),
  /** Of a reference: the attribute of the other object that the column holds; default: its key. */
  by: z.string().optional(),
  /** Of a date that is not written YYYY-MM-DD, as in dd-MM-yyyy (Unicode TR 35). */
  format: z.string().max(40).optional(),
});
export type ColumnMapping = z.infer<typeof ColumnMapping>;

/** By the name of the column; columns that are not named are left out. */
export const Mapping = z.record(z.string(), ColumnMapping);
export type Mapping = z.infer<typeof Mapping>;

export const ImportOptions = z.strictObject({
  /** Attributes by which a row is a record there is: it is changed, not created. */
  match: z.array(z.string()).max(5).default([]),
  /** What is done with a row whose record is there. An empty cell changes nothing. */
  found: z.enum(['update', 'skip']).default('update'),
  /** What is done with a row that is the same as a record there is, by `duplicates:` of the model. */
  duplicates: z.enum(['skip', 'update', 'create']).default('skip'),
  /** The sign before the decimals; default: of the front office's locale. */
  decimal: z.enum(['.', ',']).optional(),
});
export type ImportOptions = z.output<typeof ImportOptions>;

/**
 * `read` -> checked: `sound`, `match` (of a record there is), `same`, `perhaps`, `faulty` -> run: `created`, `updated`, `skipped`, `refused`
 * -> undone: `undone`, `left` (changed since).
 */
export const RowState = z.enum([
  'read',
  'sound',
  'match',
  'same',
  'perhaps',
  'faulty',
  'created',
  'updated',
  'skipped',
  'refused',
  'undone',
  'left',
]);
export type RowState = z.infer<typeof RowState>;

export const ImportState = z.enum([
  'reading',
  'unreadable',
  'read',
  'checking',
  'checked',
  'running',
  'halted',
  'done',
  'undoing',
  'undone',
  // Its rows go, and have gone, after the time for which they are kept.
  'clearing',
  'cleared',
]);
export type ImportState = z.infer<typeof ImportState>;

export const ImportStatus = z.object({
  import: z.string(),
  object: z.string(),
  fileName: z.string(),
  format: Format,
  state: ImportState,
  /** Why it could not be read, or waits. */
  problem: z.string().nullable(),
  columns: z.array(z.string()),
  mapping: Mapping,
  options: ImportOptions,
  rows: z.number(),
  /** Rows that the present pass is done with. */
  settled: z.number(),
  counts: z.partialRecord(RowState, z.number()),
  at: z.string(),
  by: z.string(),
});
export type ImportStatus = z.infer<typeof ImportStatus>;

const One = z.object({ import: z.string() });
const staff = ['supervisor', 'administrator'];

export const Imports = defineContract({
  id: 'imports',
  version: '1.0.0',
  methods: {
    list: {
      summary: 'Imports, newest first: of the caller; of everybody for administrators',
      input: z.object({}),
      output: z.object({ imports: z.array(ImportStatus) }),
      idempotent: true,
      allow: staff,
    },
    status: { summary: 'How far an import is', input: One, output: ImportStatus, idempotent: true, allow: staff },
    map: {
      summary: 'Says where the columns of a file go; with `saveAs` the next file can be mapped by that name',
      input: One.extend({
        mapping: Mapping.optional(),
        /** A mapping that was saved, in place of `mapping`. */
        saved: z.string().optional(),
        options: ImportOptions.prefault({}),
        saveAs: z.string().min(1).max(100).optional(),
      }),
      output: ImportStatus,
      idempotent: true,
      allow: staff,
    },
    mappings: {
      summary: 'Mappings that were saved for an object',
      input: z.object({ object: z.string() }),
      output: z.object({ mappings: z.array(z.object({ name: z.string(), mapping: Mapping, options: ImportOptions })) }),
      idempotent: true,
      allow: staff,
    },
    check: {
      summary: 'Tries every row without storing anything: faults, records there are, duplicates, also within the file',
      input: One,
      output: ImportStatus,
      idempotent: true,
      allow: staff,
    },
    run: {
      summary: 'Stores the rows, in the background; goes on where it was halted',
      input: One,
      output: ImportStatus,
      idempotent: true,
      allow: staff,
    },
    halt: { summary: 'Lets an import wait', input: One, output: ImportStatus, idempotent: true, allow: staff },
    undo: {
      summary: 'Takes back what an import stored; records that were changed since are left',
      input: One,
      output: ImportStatus,
      idempotent: true,
      allow: staff,
    },
    rows: {
      summary: 'Rows of an import with their faults, by line',
      input: One.extend({
        states: z.array(RowState).optional(),
        /** The last line of the page before. */
        after: z.number().int().default(0),
        limit: z.number().int().min(1).max(200).default(50),
      }),
      output: z.object({
        rows: z.array(
          z.object({
            /** Of the file; of JSON the number of the record. */
            line: z.number(),
            state: RowState,
            cells: z.record(z.string(), z.unknown()),
            /** Key of the record it became, or is the same as. */
            record: z.string().nullable(),
            problems: z.array(z.object({ column: z.string().nullable(), message: z.string() })),
          }),
        ),
      }),
      idempotent: true,
      allow: staff,
    },
  },
});

export interface ExportQuery {
  object: string;
  format: Format;
  /** Attributes, in this order; default: all that the caller may see. */
  columns?: string[] | undefined;
  where?: string | undefined;
  params?: Record<string, unknown> | undefined;
  search?: string | undefined;
  sort?: string[] | undefined;
}

/** A file on its way out. */
export interface FileOut {
  fileName: string;
  contentType: string;
  bytes: AsyncIterable<Uint8Array>;
}

/** Files that come and go as streams, for components in the same process. Acts with the rights of the current call. */
export interface ExchangeApi {
  /**
   * Takes a file in and begins to read it. One that is announced (bytes) too large is refused before any of it is read. Throws UPLOAD_TOO_LARGE, FORMAT_UNKNOWN, ACCESS_DENIED; what of it cannot be read is told by
   * the status of the import.
   */
  receive(
    file: { object: string; fileName: string; format?: Format | undefined; announced?: number | undefined },
    bytes: Readable,
  ): Promise<ImportStatus>;
  /** What the caller may see of an object, as a file, page by page. */
  export(query: ExportQuery): Promise<FileOut>;
  /**
   * Rows of an import in some states, all unless told, as a CSV file: as they came, with their line, state and what is said of them in
   * columns behind; corrected, it can be sent again. Throws IMPORT_UNKNOWN.
   */
  rows(id: string, states?: readonly RowState[]): Promise<FileOut>;
}

export const Exchange = defineLocalContract<ExchangeApi>()({
  id: 'exchange',
  version: '1.1.0',
  methods: ['receive', 'export', 'rows'],
});
