import type { Readable } from 'node:stream';
import type { Batch, BusinessObjects, ModelApi, ObjectDescription } from '@caruso/business-objects/contract';
import type { Matching } from '@caruso/data-quality/contract';
import { type Client, type Clock, currentCall, type Ids, type Log, withinCall } from '@caruso/service-manager/contract';
import type { StorageApi } from '@caruso/storage-manager/contract';
import type { CellSetting } from './cell.js';
import { checkMapping } from './check-mapping.js';
import type { ExchangeApi, Format, ImportOptions, ImportState, ImportStatus, Mapping } from './contract.js';
import { formatUnknown, importBusy, importCleared, importDenied, mappingInvalid, uploadTooLarge } from './errors.js';
import { readInto, takeIn } from './file-reader.js';
import { followedMapping } from './followed-mapping.js';
import { type ImportBook, type ImportRecord, statusOf } from './import-book.js';
import type { ImportRows } from './import-rows.js';
import { ImportRunner } from './import-runner.js';
import { type Lookup, RowConverter } from './row-converter.js';
import type { Work } from './step.js';
import { suggestMapping } from './suggest-mapping.js';

export interface ImportsParts {
  storage: StorageApi;
  model: ModelApi;
  objects: Client<typeof BusinessObjects>;
  batch: Client<typeof Batch>;
  /** Undefined where nothing is said of an object's duplicates, or nobody looks for them. */
  matcher: (object: string) => ReturnType<Client<typeof Matching>['of']>;
  book: ImportBook;
  rows: ImportRows;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** Bytes of the largest file. */
  limit: number;
  setting: () => Omit<CellSetting, 'format'>;
}

/** As the methods of imports: whoever may not run one has no use for sending its file. */
const IMPORTERS: readonly string[] = ['supervisor', 'administrator'];

const CLEARED: ReadonlySet<ImportState> = new Set(['clearing', 'cleared']);

const DEFAULTS: ImportOptions = { match: [], found: 'update', duplicates: 'skip' };

/** Imports from the arriving file to their undoing, for the calling user. */
export class Imports {
  readonly #parts: ImportsParts;
  readonly runner: ImportRunner;
  readonly #reading = new Set<Promise<void>>();

  constructor(parts: ImportsParts) {
    this.#parts = parts;
    const { storage, book, rows, clock, log } = parts;
    this.runner = new ImportRunner({ storage, book, rows, clock, log, work: (record) => this.#work(record) });
  }

  async receive(
    { object, fileName, format: given, announced = 0 }: Parameters<ExchangeApi['receive']>[0],
    bytes: Readable,
  ): Promise<ImportStatus> {
    const { book, clock, ids, limit } = this.#parts;
    const { principal } = currentCall();
    if (principal.kind !== 'system' && !principal.roles.some((role) => IMPORTERS.includes(role))) throw importDenied();
    const description = await this.#mayImport(object);
    const format = given ?? formatOf(fileName);
    if (format === undefined) throw formatUnknown(fileName);
    if (announced > limit) throw uploadTooLarge(limit);
    const file = await takeIn(bytes, limit);
    const id = ids.next();
    await book.create({
      id,
      object,
      fileName: fileName.slice(-300),
      format,
      state: 'reading',
      options: DEFAULTS,
      at: new Date(clock.now()).toISOString(),
      by: principal.id.slice(0, 200),
      principal,
    });
    const suggest = (columns: readonly string[]) => suggestMapping(columns, description.attributes);
    // A call of its own: whoever sent the file does not wait for its end.
    const reading = withinCall({ id: `import ${id}`, principal }, () =>
      readInto({ ...this.#parts, suggest }, id, file, format),
    )
      .catch((error: unknown) => this.#parts.log.error({ import: id, error }, 'a file could not be read'))
      .finally(() => this.#reading.delete(reading));
    this.#reading.add(reading);
    return statusOf(await book.of(principal, id));
  }

  async map(
    id: string,
    given: {
      mapping?: Mapping | undefined;
      saved?: string | undefined;
      options: ImportOptions;
      saveAs?: string | undefined;
    },
  ): Promise<ImportStatus> {
    const { book, objects } = this.#parts;
    const record = await this.#in(id, ['read', 'checked'], 'mapped');
    const description = await this.#mayImport(record.object);
    const saved =
      given.saved === undefined
        ? undefined
        : (await book.mappings(record.object)).find(({ name }) => name === given.saved);
    if (given.saved !== undefined && saved === undefined)
      throw mappingInvalid([{ column: given.saved, message: 'is no saved mapping' }]);
    const known = new Map((await objects.describe({})).objects.map((each) => [each.name, each]));
    const followed = saved === undefined ? undefined : followedMapping(known, description, saved);
    const mapping = given.mapping ?? followed?.mapping ?? record.mapping ?? {};
    const options = followed?.options ?? given.options;
    const issues = checkMapping(known, description, record.columns ?? [], mapping, options);
    if (issues.length > 0) throw mappingInvalid(issues);
    await book.update(id, { mapping, options, state: 'read' });
    if (given.saveAs !== undefined) await book.saveMapping(record.object, given.saveAs, mapping, options);
    return this.status(id);
  }

  /** Begins a pass, and gives the status as it is then. */
  async begin(id: string, pass: 'checking' | 'running' | 'undoing'): Promise<ImportStatus> {
    const from: Record<typeof pass, ImportState[]> = {
      checking: ['read', 'checked'],
      running: ['read', 'checked', 'halted'],
      undoing: ['done', 'halted'],
    };
    const words = { checking: 'checked', running: 'run', undoing: 'undone' };
    const record = await this.#in(id, from[pass], words[pass]);
    if (record.state === pass) return statusOf(record);
    if (pass !== 'undoing') {
      const description = await this.#mayImport(record.object);
      const known = new Map((await this.#parts.objects.describe({})).objects.map((each) => [each.name, each]));
      const issues = checkMapping(
        known,
        description,
        record.columns ?? [],
        record.mapping ?? {},
        record.options ?? DEFAULTS,
      );
      if (issues.length > 0) throw mappingInvalid(issues);
    }
    await this.#parts.storage.unitOfWork(async () => {
      await this.#parts.book.lock(id);
      // Its rows may have gone meanwhile.
      await this.#in(id, from[pass], words[pass]);
      await this.#parts.book.update(id, { state: pass, settled: 0, problem: null });
    });
    this.runner.start(id);
    return this.status(id);
  }

  async halt(id: string): Promise<ImportStatus> {
    const record = await this.#in(id, ['checking', 'running', 'halted'], 'halted');
    if (record.state !== 'halted')
      await this.#parts.book.update(id, { state: record.state === 'checking' ? 'read' : 'halted' });
    return this.status(id);
  }

  /** Deletes the rows of imports that began before `before` (ISO UTC) and that nobody works at; the imports themselves stay. */
  async clear(before: string): Promise<void> {
    const { book, rows } = this.#parts;
    for (const { id } of await book.toClear(before)) {
      // First it can no longer be undone, then its rows go, so that what a crash leaves is taken up here again.
      if (!(await book.beginClearing(id))) continue;
      await rows.clear(id);
      await book.update(id, { state: 'cleared' });
    }
  }

  /** The status of an import whose rows are there. Throws IMPORT_CLEARED. */
  async withRows(id: string): Promise<ImportStatus> {
    const status = await this.status(id);
    if (CLEARED.has(status.state)) throw importCleared(id, status.fileName, 'looked at row by row');
    return status;
  }

  async status(id: string): Promise<ImportStatus> {
    return statusOf(await this.#parts.book.of(currentCall().principal, id));
  }

  /** Takes up what a stop or a crash left; a file that was being read is gone with its process. */
  async resume(): Promise<void> {
    const { book } = this.#parts;
    for (const { id, state } of await book.working()) {
      if (state === 'reading') {
        const problem = 'the front office was stopped while it was read; send the file again';
        await book.update(id, { state: 'unreadable', problem });
      } else this.runner.start(id);
    }
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await Promise.all(this.#reading);
    await this.runner.idle();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#reading);
    await this.runner.stop();
  }

  async #in(id: string, states: readonly ImportState[], wanted: string): Promise<ImportRecord> {
    const record = await this.#parts.book.of(currentCall().principal, id);
    const already =
      wanted === 'checked' ? 'checking' : wanted === 'run' ? 'running' : wanted === 'undone' ? 'undoing' : undefined;
    if (CLEARED.has(record.state)) throw importCleared(id, record.fileName, wanted);
    if (!states.includes(record.state) && record.state !== already) throw importBusy(id, record.state, wanted);
    return record;
  }

  async #mayImport(object: string): Promise<ObjectDescription> {
    const [description] = (await this.#parts.objects.describe({ object })).objects;
    if (description === undefined || !description.may.create)
      throw mappingInvalid([{ column: object, message: 'is nothing that you may create' }]);
    return description;
  }

  async #work(record: ImportRecord): Promise<Work> {
    const { objects, batch, model, matcher, rows, setting } = this.#parts;
    const { id, object } = record;
    const options = record.options ?? DEFAULTS;
    const [description] = (await objects.describe({ object })).objects;
    if (description === undefined) throw new Error(`${object} is gone from the model`);
    const plain = setting();
    const lookup: Lookup = async (to, attribute, values) => {
      const found = await batch.findBy(
        to,
        [attribute],
        values.map((value) => ({ [attribute]: value })),
      );
      return found.map(({ records }) => (records.length > 1 ? null : records[0]?.key));
    };
    const converter = new RowConverter(
      description,
      record.mapping ?? {},
      { ...plain, decimal: options.decimal ?? plain.decimal },
      lookup,
    );
    return { description, converter, options, batch, model, matcher: matcher(object), undone: () => rows.undone(id) };
  }
}

function formatOf(fileName: string): Format | undefined {
  const ending = /\.([a-z]+)$/i.exec(fileName)?.[1]?.toLowerCase();
  if (ending === 'csv' || ending === 'tsv' || ending === 'txt') return 'csv';
  if (ending === 'xlsx') return 'xlsx';
  return ending === 'json' || ending === 'jsonl' || ending === 'ndjson' ? 'json' : undefined;
}
