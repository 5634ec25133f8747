import { CarusoError } from '@caruso/service-manager/contract';
import type { Change } from '@caruso/storage-manager/contract';
import { dropAnnotations } from './annotation-tables.js';
import type { Admission, Door, Entry } from './door.js';
import type { Caller, Engine } from './engine.js';
import { alreadyTaken, recordMissing, type Violation, validationFailed } from './errors.js';
import { encodeKey } from './key.js';
import { dropLinks } from './linker.js';
import type { ModelObject } from './model.js';
import { RowCheck } from './row-check.js';
import { RowLookup, uniquesOf } from './row-lookup.js';
import type { Values } from './row-reader.js';
import { RowStore, type RowToStore, type StoredRow } from './row-store.js';

/** A row that waits to be stored. */
interface Waiting extends RowToStore {
  /** Its place among those that were given. */
  readonly at: number;
  readonly key: string | null;
  readonly before: Values | null;
}

/**
 * Writes rows of objects within the running unit of work, one or many at once: checks, stores, journals nothing. Rights are the caller's
 * business.
 */
export class Writer {
  readonly #engine: Engine;
  readonly #caller: Caller;
  readonly #anyway: boolean;
  readonly #check: RowCheck;
  readonly #lookup: RowLookup;
  readonly #store: RowStore;

  /** @param anyway stores records although the door would turn them away as duplicates */
  constructor(engine: Engine, caller: Caller, anyway = false) {
    this.#engine = engine;
    this.#caller = caller;
    this.#anyway = anyway;
    this.#check = new RowCheck(engine, caller);
    this.#lookup = new RowLookup(engine, caller);
    this.#store = new RowStore(engine, caller);
  }

  /**
   * Reads a row for changing it, or `only` one that was deleted and kept; on servers it stays locked until the unit of work ends.
   * Throws KEY_INVALID.
   */
  async read(object: ModelObject, key: string, deleted?: 'only'): Promise<StoredRow | undefined> {
    const [row] = await this.#store.read(object, [key], deleted);
    return row;
  }

  /** As `read`, of many, in no order. */
  readAll(object: ModelObject, keys: readonly string[]): Promise<StoredRow[]> {
    return this.#store.read(object, keys);
  }

  /** Fills in generated keys and defaults, checks all, inserts. Throws VALIDATION_FAILED, CONSTRAINT_VIOLATED. */
  async create(object: ModelObject, given: Readonly<Values>): Promise<Change> {
    const [outcome] = await this.createAll(object, [given]);
    if (outcome === undefined || outcome instanceof CarusoError) throw outcome;
    return outcome;
  }

  /**
   * As `create`, of many in few statements, each as if those before it were stored: what is wrong with one is its own answer. Throws what
   * only the database knows, of whichever it is.
   */
  async createAll(object: ModelObject, given: readonly Readonly<Values>[]): Promise<(Change | CarusoError)[]> {
    const outcomes: (Change | CarusoError)[] = [];
    const rows = given.map((values) => this.#check.fresh(object, values));
    const lost = await this.#lookup.lostReferences(
      object,
      rows.map(({ values }) => values),
    );
    let open: Waiting[] = [];
    for (const [at, { columns, after, violations }] of rows.entries()) {
      const all = [...violations, ...(lost[at] ?? [])];
      if (all.length > 0) outcomes[at] = validationFailed(object.name, all);
      else open.push({ at, key: null, before: null, columns, after });
    }
    while (open.length > 0) {
      open = await this.#enter(object, open, outcomes, async (admitted) => {
        // A single row is held against the others by the database itself.
        const rows = given.length > 1 ? await this.#untaken(object, admitted, outcomes) : admitted;
        await this.#insert(object, rows, given);
        return rows;
      });
    }
    return outcomes;
  }

  /** Changes attributes of the row that was read; null where nothing is different. */
  async update(object: ModelObject, before: StoredRow, given: Readonly<Values>): Promise<Change | null> {
    const [outcome] = await this.updateAll(object, [{ before, given }]);
    if (outcome instanceof CarusoError) throw outcome;
    return outcome ?? null;
  }

  /** As `update`, of many different rows. */
  async updateAll(
    object: ModelObject,
    changes: readonly { before: StoredRow; given: Readonly<Values> }[],
  ): Promise<(Change | CarusoError | null)[]> {
    const outcomes: (Change | CarusoError | null)[] = [];
    const rows = changes.map(({ before, given }) => this.#check.changed(object, before, given));
    const lost = await this.#lookup.lostReferences(
      object,
      rows.map(({ values }) => values),
    );
    let open: Waiting[] = [];
    for (const [at, { before }] of changes.entries()) {
      const row = rows[at];
      if (row === undefined) continue;
      const all = [...row.violations, ...(lost[at] ?? [])];
      if (all.length > 0) outcomes[at] = validationFailed(object.name, all);
      else if (Object.keys(row.values).length === 0) outcomes[at] = null;
      else open.push({ at, key: before.key, before: before.values, columns: row.columns, after: row.after });
    }
    while (open.length > 0)
      open = await this.#enter(object, open, outcomes, async (rows) => {
        for (const { key, columns } of rows) if (key !== null) await this.#store.update(object, key, columns);
        return rows;
      });
    return outcomes;
  }

  /** Removes the row, or marks it as deleted where the model keeps what is deleted. */
  async delete(object: ModelObject, before: StoredRow): Promise<Change> {
    const [change] = await this.deleteAll(object, [before]);
    if (change === undefined) throw new Error('unreachable: a row was deleted without a change');
    return change;
  }

  /** As `delete`, of many different rows. */
  async deleteAll(object: ModelObject, rows: readonly StoredRow[]): Promise<Change[]> {
    const { clock, ids, storage } = this.#engine.parts;
    if (object.deletedColumn === undefined) {
      const keys = rows.map(({ key }) => key);
      await dropLinks(this.#engine, this.#caller, object, keys);
      await this.#store.delete(object, keys);
      await dropAnnotations(storage, object, keys);
    }
    for (const { key, version } of object.deletedColumn === undefined ? [] : rows) {
      const deleted = `${new Date(clock.now()).toISOString()} ${ids.next()}`;
      await this.#store.update(object, key, marked(object, deleted, Number(version) + 1));
    }
    const changes = rows.map(({ key, values }): Change => ({ object: object.name, key, before: values, after: null }));
    for (const door of this.#engine.doors)
      await door.stored(changes.map((change) => ({ change, admitted: undefined })));
    return changes;
  }

  /** Brings back a row that was deleted and kept. Throws UNIQUE_VIOLATION where another has its unique values now. */
  async restore(object: ModelObject, kept: StoredRow): Promise<Change> {
    const columns = marked(object, '', Number(kept.version) + 1);
    const outcomes: (Change | CarusoError | null)[] = [];
    const row = { at: 0, key: kept.key, before: null, after: kept.values, columns };
    await this.#enter(object, [row], outcomes, async (rows) => {
      await this.#store.update(object, kept.key, columns);
      return rows;
    });
    const [outcome] = outcomes;
    if (!isChange(outcome)) throw outcome;
    return outcome;
  }

  /** The row that is to be changed. Throws RECORD_NOT_FOUND. */
  async existing(object: ModelObject, key: string): Promise<StoredRow> {
    const row = await this.read(object, key);
    if (row === undefined) throw recordMissing(object.name, key);
    return row;
  }

  /** What would be stored, and all that is wrong with it. @param rows with the key of the record that would be changed */
  async examineAll(
    object: ModelObject,
    rows: readonly { values: Readonly<Values>; key: string | null }[],
  ): Promise<{ values: Values; violations: Violation[]; taken: Violation[] }[]> {
    const dependent = [...object.attributes.values()].some(({ dependsOn }) => dependsOn !== undefined);
    const keys = dependent ? rows.flatMap(({ key }) => key ?? []) : [];
    const before = new Map((await this.#store.read(object, keys)).map((row) => [row.key, row.values]));
    const examined = rows.map(({ values, key }) =>
      this.#check.examined(object, values, key === null ? undefined : (before.get(key) ?? {})),
    );
    const lost = await this.#lookup.lostReferences(
      object,
      examined.map(({ values }) => values),
    );
    const keyed = examined.map(({ values }, at) => ({ values, key: rows[at]?.key ?? null }));
    const taken = await this.#lookup.taken(object, keyed);
    return examined.map(({ values, violations }, at) => {
      const all = [...violations, ...(lost[at] ?? [])];
      const faulty = new Set(all.map(({ attribute }) => attribute));
      return { values, violations: all, taken: (taken[at] ?? []).filter(({ attribute }) => !faulty.has(attribute)) };
    });
  }

  /** Inserts rows; where a deleted one is kept under the key, the new one takes its place: keys are given once, and what it was is in the journal. */
  async #insert(object: ModelObject, rows: readonly Waiting[], given: readonly Readonly<Values>[]): Promise<void> {
    const keyed = rows.filter(({ at }) =>
      object.key.some(({ name, generated }) => generated === undefined || given[at]?.[name] !== undefined),
    );
    const keys = object.deletedColumn === undefined ? [] : keyed.map(({ after }) => encodeKey(object, after));
    const kept = new Map((await this.#store.read(object, keys, 'only')).map((row) => [row.key, row]));
    const place = ({ after }: Waiting) => (kept.size === 0 ? undefined : kept.get(encodeKey(object, after)));
    await this.#store.insert(
      object,
      rows.filter((row) => place(row) === undefined),
    );
    await dropAnnotations(this.#engine.parts.storage, object, [...kept.keys()]);
    for (const row of rows) {
      const former = place(row);
      if (former === undefined) continue;
      const columns = { ...row.columns, ...marked(object, '', Number(former.version) + 1) };
      await this.#store.update(object, former.key, columns);
    }
  }

  /** Rows whose keys and unique values nobody has; of those that share one with a row before them nothing is said yet. */
  async #untaken(
    object: ModelObject,
    rows: readonly Waiting[],
    outcomes: (Change | CarusoError | null)[],
  ): Promise<Waiting[]> {
    const uniques = uniquesOf(object);
    const seen = new Set<string>();
    const first = rows.filter(({ after }) => {
      const ids = uniques.flatMap(({ name }) => (after[name] === null ? [] : [JSON.stringify([name, after[name]])]));
      if (object.key.length > 1) ids.push(encodeKey(object, after));
      const free = ids.every((id) => !seen.has(id));
      for (const id of ids) seen.add(id);
      return free;
    });
    const taken = await this.#lookup.taken(
      object,
      first.map(({ after }) => ({ values: after, key: null })),
    );
    return first.filter(({ at }, index) => {
      const attributes = (taken[index] ?? []).map(({ attribute }) => attribute);
      if (attributes.length > 0) outcomes[at] = alreadyTaken(object.name, attributes);
      return attributes.length === 0;
    });
  }

  /**
   * Takes rows through the doors and stores those that are let in. Gives those of which nothing is said yet: they wait for another.
   *
   * @param store gives the rows that it stored
   */
  async #enter(
    object: ModelObject,
    rows: readonly Waiting[],
    outcomes: (Change | CarusoError | null)[],
    store: (rows: readonly Waiting[]) => Promise<readonly Waiting[]>,
  ): Promise<Waiting[]> {
    const entries = rows.map(
      ({ key, before, after }): Entry => ({ object: object.name, key, before, after, anyway: this.#anyway }),
    );
    const admissions = new Map<Door, Admission[]>();
    for (const door of this.#engine.doors) admissions.set(door, await door.admit(entries));
    const admitted = rows.filter(({ at }, index) => {
      const answers = [...admissions.values()].map((each) => each[index]);
      const refused = answers.find((answer) => typeof answer === 'object' && 'refused' in answer);
      if (typeof refused === 'object' && 'refused' in refused) outcomes[at] = refused.refused;
      return refused === undefined && !answers.includes('later');
    });
    const stored = admitted.length === 0 ? [] : await store(admitted);
    for (const { at, key, before, after } of stored)
      outcomes[at] = { object: object.name, key: key ?? encodeKey(object, after), before, after };
    for (const [door, answers] of admissions) {
      const told = rows.flatMap(({ at }, index) => {
        const [change, answer] = [outcomes[at], answers[index]];
        return isChange(change) && typeof answer === 'object' && 'admitted' in answer
          ? [{ change, admitted: answer.admitted }]
          : [];
      });
      if (told.length > 0) await door.stored(told);
    }
    return rows.filter(({ at }) => outcomes[at] === undefined);
  }
}

/** The columns that say of a kept row whether it was deleted. */
function marked(object: ModelObject, deleted: string, version: number): Record<string, unknown> {
  return {
    ...(object.deletedColumn === undefined ? {} : { [object.deletedColumn]: deleted }),
    ...(object.versionColumn === undefined ? {} : { [object.versionColumn]: version }),
  };
}

export function isChange(outcome: Change | CarusoError | null | undefined): outcome is Change {
  return outcome !== null && outcome !== undefined && !(outcome instanceof CarusoError);
}
