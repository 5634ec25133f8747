import type { ModelApi } from '@caruso/business-objects/contract';
import type { Principal } from '@caruso/service-manager/contract';
import type { JournalApi, StorageApi } from '@caruso/storage-manager/contract';
import type { Format, ImportOptions, ImportState, ImportStatus, Mapping, RowState } from './contract.js';
import { importUnknown } from './errors.js';

/** Whom the model files of the package name as the writer of their objects. */
const OWNER = 'exchange';
const IMPORT = 'Import';
const MAPPING = 'ImportMapping';

/** States in which nobody works at an import. */
const IDLE: readonly ImportState[] = ['unreadable', 'read', 'checked', 'halted', 'done', 'undone'];

/** An import as it is stored. */
export interface ImportRecord extends Record<string, unknown> {
  id: string;
  object: string;
  fileName: string;
  format: Format;
  state: ImportState;
  problem: string | null;
  columns: string[] | null;
  mapping: Mapping | null;
  options: ImportOptions | null;
  rows: number;
  settled: number;
  counts: Partial<Record<RowState, number>> | null;
  at: string;
  by: string;
  /** Who runs it, with the rights of when it began. */
  principal: Principal;
}

export interface BookParts {
  storage: StorageApi;
  journal: JournalApi;
  model: ModelApi;
}

/** The imports and saved mappings: business objects that this component alone writes. */
export class ImportBook {
  readonly #parts: BookParts;

  constructor(parts: BookParts) {
    this.#parts = parts;
  }

  async find(id: string): Promise<ImportRecord | undefined> {
    const [found] = await this.#load('id = wanted', { wanted: id });
    return found;
  }

  /** The import of who asks; administrators and the house itself see all. Throws IMPORT_UNKNOWN. */
  async of(principal: Principal, id: string): Promise<ImportRecord> {
    const found = await this.find(id);
    if (found === undefined || !mayUse(principal, found)) throw importUnknown(id);
    return found;
  }

  async list(principal: Principal): Promise<ImportRecord[]> {
    const all = await this.#load('true');
    return all.filter((each) => mayUse(principal, each)).sort((a, b) => (a.at < b.at ? 1 : -1));
  }

  async working(): Promise<ImportRecord[]> {
    const where = "state = 'reading' or state = 'checking' or state = 'running' or state = 'undoing'";
    return this.#load(where);
  }

  /** Imports whose rows are to go: those that began before a moment, and those of which some went already. */
  async toClear(before: string): Promise<ImportRecord[]> {
    const where = `state = 'clearing' or (at < moment and (${IDLE.map((state) => `state = '${state}'`).join(' or ')}))`;
    return this.#load(where, { moment: before });
  }

  /** Lets no pass begin any more; false where one has begun. */
  beginClearing(id: string): Promise<boolean> {
    return this.#parts.storage.unitOfWork(async () => {
      await this.lock(id);
      const state = (await this.find(id))?.state;
      if (state === 'clearing') return true;
      if (state === undefined || !IDLE.includes(state)) return false;
      await this.update(id, { state: 'clearing' });
      return true;
    });
  }

  /** Within a unit of work: nobody else begins or clears this import until its end. */
  lock(id: string): Promise<void> {
    return this.#parts.storage.lock(`import ${id}`);
  }

  create(values: Partial<ImportRecord>): Promise<void> {
    return this.#write('create', IMPORT, values);
  }

  update(id: string, values: Partial<ImportRecord>): Promise<void> {
    return this.#write('update', IMPORT, { id, ...values });
  }

  /** Those of an object that was renamed are found, until they are saved anew. */
  async mappings(object: string): Promise<{ name: string; mapping: Mapping; options: ImportOptions }[]> {
    const { model } = this.#parts;
    const under = (wanted: string) => model.load(MAPPING, 'object = wanted', { wanted });
    const own = await under(object);
    const saved = new Set(own.map(({ name }) => name));
    const was = model.describe().find(({ name }) => name === object)?.was;
    const before = was === undefined ? [] : await under(was);
    return [...own, ...before.filter(({ name }) => !saved.has(name))].map(({ name, mapping, options }) => ({
      name: String(name),
      mapping: mapping as Mapping,
      options: options as ImportOptions,
    }));
  }

  async saveMapping(object: string, name: string, mapping: Mapping, options: ImportOptions): Promise<void> {
    const where = 'object = wanted and name = called';
    const known = (await this.#parts.model.load(MAPPING, where, { wanted: object, called: name })).length > 0;
    await this.#write(known ? 'update' : 'create', MAPPING, { object, name, mapping, options });
  }

  /** Imports by the name that their object has now. */
  async #load(where: string, params?: Record<string, unknown>): Promise<ImportRecord[]> {
    const { model } = this.#parts;
    const found = (await model.load(IMPORT, where, params)) as ImportRecord[];
    const now = new Map(model.describe().flatMap(({ name, was }) => (was === undefined ? [] : [[was, name]])));
    return found.map((each) => ({ ...each, object: now.get(each.object) ?? each.object }));
  }

  async #write(operation: 'create' | 'update', object: string, values: Record<string, unknown>): Promise<void> {
    const { storage, model, journal } = this.#parts;
    await storage.unitOfWork(async () => {
      const change = await model.write(OWNER, operation, object, values);
      const hide = (each: Record<string, unknown> | null) =>
        each === null || each['principal'] === undefined ? each : { ...each, principal: '***' };
      await journal.append({
        type: `${object}.${operation}d`,
        subject: { object, key: change.key },
        changes: [{ ...change, before: hide(change.before), after: hide(change.after) }],
      });
    });
  }
}

function mayUse(principal: Principal, { by }: ImportRecord): boolean {
  return principal.kind === 'system' || principal.id === by || principal.roles.includes('administrator');
}

export function statusOf(record: ImportRecord): ImportStatus {
  const { id, object, fileName, format, state, problem, columns, mapping, options, rows, settled, counts, at, by } =
    record;
  return {
    import: id,
    object,
    fileName,
    format,
    state,
    problem,
    columns: columns ?? [],
    mapping: mapping ?? {},
    options: options ?? { match: [], found: 'update', duplicates: 'skip' },
    rows,
    settled,
    counts: counts ?? {},
    at,
    by,
  };
}
