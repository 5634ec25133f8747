import { isDeepStrictEqual } from 'node:util';
import { CarusoError } from '@caruso/service-manager/contract';
import type { Change, Knex } from '@caruso/storage-manager/contract';
import { dropAnnotations } from './annotation-tables.js';
import { dialectOf } from './dialect.js';
import type { Entry } from './door.js';
import type { Caller, Engine } from './engine.js';
import {
  alreadyTaken,
  recordMissing,
  stillReferred,
  type Violation,
  validationFailed,
  wrongRowCount,
} from './errors.js';
import { frameFor, whereAll } from './find-statement.js';
import { keyParameters, keySql } from './finder.js';
import { decodeKey, encodeKey } from './key.js';
import { matchingKeys } from './key-match.js';
import { MASK, type ModelObject, searchedAttributes, storedAttributes } from './model.js';
import { columnReader, type Row } from './read-plan.js';
import { planFor, readValues, type Values, versionOf } from './row-reader.js';
import { toColumns } from './row-writer.js';
import { andLive, liveRow, tableName } from './scope.js';
import { raw, resolve, sql } from './sql.js';
import { validate } from './validate.js';
import { indexedText } from './words.js';

/** A row as it is stored now. */
export interface StoredRow {
  readonly key: string;
  readonly values: Values;
  readonly version: string;
}

/** Writes rows of objects within the running unit of work: checks, stores, journals nothing. Rights are the caller's business. */
export class Writer {
  readonly #engine: Engine;
  readonly #caller: Caller;
  readonly #anyway: boolean;

  /** @param anyway stores records although the door would turn them away as duplicates */
  constructor(engine: Engine, caller: Caller, anyway = false) {
    this.#engine = engine;
    this.#caller = caller;
    this.#anyway = anyway;
  }

  /** Reads a row for changing it, or `only` one that was deleted and kept; on servers it stays locked until the unit of work ends. */
  async read(object: ModelObject, key: string, deleted?: 'only'): Promise<StoredRow | undefined> {
    const { storage } = this.#engine.parts;
    decodeKey(this.#objects, object, key);
    const names = storedAttributes(object).map((attribute) => attribute.name);
    const plan = planFor(this.#engine, this.#caller, object, names, true);
    const frame = frameFor(this.#engine, this.#caller, object, {});
    const lock = raw(dialectOf(storage.dialect(object.database)).lockRows);
    const live = liveRow(frame.scope);
    const place = keySql(this.#engine, this.#caller, object);
    if (live === undefined && deleted === 'only') return undefined;
    const where = whereAll(live === undefined ? [place] : [place, deleted === 'only' ? sql`not (${live})` : live]);
    const statement = sql`select ${plan.select} ${frame.scope.from()} ${where}${lock}`;
    const rows: Row[] = await this.#engine.rows(
      object,
      statement,
      this.#engine.moment(this.#caller, keyParameters(key)),
    );
    if (rows.length > 1) throw wrongRowCount(object.name, key, rows.length);
    const [row] = rows;
    if (row === undefined) return undefined;
    const [values = {}] = await readValues(this.#engine, this.#caller, plan, [row]);
    return { key: encodeKey(object, values), values, version: versionOf(plan, row) };
  }

  /** Fills in generated keys and defaults, checks all, inserts. Throws VALIDATION_FAILED, CONSTRAINT_VIOLATED. */
  async create(object: ModelObject, given: Readonly<Values>): Promise<Change> {
    const { values, violations } = this.#checked(object, this.#completed(object, given), undefined);
    const { columns, violations: contradictions } = toColumns(
      this.#engine.parts.storage,
      this.#objects,
      object,
      values,
    );
    await this.#refuse(object, values, [...violations, ...contradictions]);
    const after = wholeValues(object, values);
    const admitted = await this.#admit(object, null, null, after);
    const kept = await this.#keptUnder(object, given, after);
    if (object.versionColumn !== undefined) columns[object.versionColumn] = Number(kept?.version ?? 0) + 1;
    if (object.wordColumn !== undefined) columns[object.wordColumn] = wordsOfRow(object, values);
    if (kept !== undefined) {
      await dropAnnotations(this.#engine.parts.storage, object, kept.key);
      await this.#store(object, kept.key, {
        ...toColumns(this.#engine.parts.storage, this.#objects, object, after).columns,
        ...columns,
        ...marked(object, ''),
      });
      return admitted({ object: object.name, key: kept.key, before: null, after });
    }
    const keys = object.keyColumns.map((column) => column.name);
    const inserted = await this.#guard(object, '', () =>
      this.#engine.parts.storage.query<Row[]>(object.database, (knex) =>
        this.#table(knex, object).insert(columns, keys),
      ),
    );
    const [row] = inserted;
    for (const attribute of object.key) {
      const [column] = attribute.columns;
      if (attribute.generated !== 'database' || column === undefined || row === undefined) continue;
      after[attribute.name] = columnReader(this.#engine.parts.storage, object, column, column.name)(row);
    }
    return admitted({ object: object.name, key: encodeKey(object, after), before: null, after });
  }

  /** Changes attributes of the row that was read; null where nothing is different. */
  async update(object: ModelObject, before: StoredRow, given: Readonly<Values>): Promise<Change | null> {
    const { values, violations } = this.#checked(object, given, before.values);
    for (const attribute of object.key) {
      const { name } = attribute;
      if (name in values && !sameValue(values[name], before.values[name]))
        violations.push({ attribute: name, message: 'is part of the key and stays as it is' });
    }
    const changed = Object.fromEntries(
      Object.entries(values).filter(([name, value]) => !sameValue(value, before.values[name])),
    );
    const { columns, violations: contradictions } = toColumns(
      this.#engine.parts.storage,
      this.#objects,
      object,
      changed,
    );
    await this.#refuse(object, changed, [...violations, ...contradictions]);
    if (Object.keys(changed).length === 0) return null;
    const after = { ...before.values, ...changed };
    const admitted = await this.#admit(object, before.key, before.values, after);
    const { versionColumn, wordColumn } = object;
    if (wordColumn !== undefined && searchedAttributes(object).some(({ name }) => name in changed))
      columns[wordColumn] = wordsOfRow(object, after);
    if (versionColumn !== undefined) columns[versionColumn] = Number(before.version) + 1;
    await this.#store(object, before.key, columns);
    return admitted({ object: object.name, key: before.key, before: before.values, after });
  }

  /** Removes the row, or marks it as deleted where the model keeps what is deleted. */
  async delete(object: ModelObject, before: StoredRow): Promise<Change> {
    if (object.deletedColumn === undefined) {
      await this.#store(object, before.key, undefined);
      await dropAnnotations(this.#engine.parts.storage, object, before.key);
    } else {
      const { clock, ids } = this.#engine.parts;
      const version = Number(before.version) + 1;
      await this.#store(
        object,
        before.key,
        marked(object, `${new Date(clock.now()).toISOString()} ${ids.next()}`, version),
      );
    }
    const change: Change = { object: object.name, key: before.key, before: before.values, after: null };
    for (const door of this.#engine.doors) await door.stored(change, undefined);
    return change;
  }

  /** Brings back a row that was deleted and kept. Throws UNIQUE_VIOLATION where another has its unique values now. */
  async restore(object: ModelObject, kept: StoredRow): Promise<Change> {
    const admitted = await this.#admit(object, kept.key, null, kept.values);
    await this.#store(object, kept.key, marked(object, '', Number(kept.version) + 1));
    return admitted({ object: object.name, key: kept.key, before: null, after: kept.values });
  }

  /** A deleted row whose place a new record takes: keys are given once, and what it was is in the journal. */
  async #keptUnder(object: ModelObject, given: Readonly<Values>, after: Values): Promise<StoredRow | undefined> {
    const made = object.key.every(({ name, generated }) => generated !== undefined && given[name] === undefined);
    if (object.deletedColumn === undefined || made) return undefined;
    return this.read(object, encodeKey(object, after), 'only');
  }

  /** Changes the columns of one row; without any, removes it. */
  async #store(object: ModelObject, key: string, columns: Readonly<Row> | undefined): Promise<void> {
    const affected = await this.#guard(object, key, () =>
      this.#engine.parts.storage.query<number>(object.database, (knex) => {
        const row = this.#table(knex, object).whereRaw(...this.#where(object, key));
        return columns === undefined ? row.delete() : row.update(columns);
      }),
    );
    if (affected !== 1) throw wrongRowCount(object.name, key, affected);
  }

  /** The row that is to be changed. Throws RECORD_NOT_FOUND. */
  async existing(object: ModelObject, key: string): Promise<StoredRow> {
    const row = await this.read(object, key);
    if (row === undefined) throw recordMissing(object.name, key);
    return row;
  }

  get #objects(): ReadonlyMap<string, ModelObject> {
    return this.#caller.state.model.objects;
  }

  #table(knex: Knex, object: ModelObject): Knex.QueryBuilder<Row, unknown> {
    const table = knex<Row>(object.table);
    return object.schema === undefined ? table : table.withSchema(object.schema);
  }

  #where(object: ModelObject, key: string): [string, never[]] {
    const where = keySql(this.#engine, this.#caller, object, tableName(object));
    return [where.text, resolve(where.bindings, this.#engine.moment(this.#caller, keyParameters(key))) as never[]];
  }

  /** Values in their one form, held against the model; a fault of the form takes the place of one of the check. */
  #checked(
    object: ModelObject,
    given: Readonly<Values>,
    before: Readonly<Values> | undefined,
  ): ReturnType<typeof validate> {
    let values: Readonly<Values> = withoutMasks(object, given);
    const faults: Violation[] = [];
    for (const door of this.#engine.doors) {
      const brought = door.normalise(object.name, values);
      values = brought.values;
      faults.push(...brought.violations);
    }
    const result = validate(this.#objects, object, values, before === undefined, before);
    if (faults.length === 0) return result;
    const named = new Set(faults.map(({ attribute }) => attribute));
    return {
      ...result,
      violations: [...faults, ...result.violations.filter(({ attribute }) => !named.has(attribute))],
    };
  }

  /** Asks at the doors; gives the way to tell them that the record is in. */
  async #admit(
    object: ModelObject,
    key: string | null,
    before: Values | null,
    after: Values,
  ): Promise<(change: Change) => Promise<Change>> {
    const { doors } = this.#engine;
    if (doors.size === 0) return async (change) => change;
    const entry: Entry = { object: object.name, key, before, after, anyway: this.#anyway };
    const admissions = new Map<object, unknown>();
    for (const door of doors) admissions.set(door, await door.admit(entry));
    return async (change) => {
      for (const door of doors) await door.stored(change, admissions.get(door));
      return change;
    };
  }

  #completed(object: ModelObject, given: Readonly<Values>): Values {
    const values: Values = { ...given };
    for (const attribute of object.attributes.values()) {
      const { name } = attribute;
      if (attribute.generated === 'id' && values[name] === undefined) values[name] = this.#engine.parts.ids.next();
      if (attribute.default === undefined || values[name] !== undefined) continue;
      values[name] =
        'value' in attribute.default
          ? attribute.default.value
          : attribute.default.expression.evaluate({ user: this.#caller.user }, this.#engine.context());
    }
    return values;
  }

  /**
   * What would be stored, and all that is wrong with it.
   *
   * @param key of the record that would be changed; undefined for a new one
   */
  async examine(
    object: ModelObject,
    given: Readonly<Values>,
    key: string | undefined,
  ): Promise<{ values: Values; violations: Violation[] }> {
    const dependent = [...object.attributes.values()].some(({ dependsOn }) => dependsOn !== undefined);
    const before = key === undefined ? undefined : dependent ? ((await this.read(object, key))?.values ?? {}) : {};
    const whole = key === undefined ? this.#completed(object, given) : given;
    const { values, violations } = this.#checked(object, whole, before);
    const { violations: more } = toColumns(this.#engine.parts.storage, this.#objects, object, values);
    const lost = await this.#lostReferences(object, values);
    return { values, violations: [...violations, ...more, ...lost] };
  }

  /** Throws all that is wrong at once, references that lead nowhere included. */
  async #refuse(object: ModelObject, values: Readonly<Values>, violations: readonly Violation[]): Promise<void> {
    const all = [...violations, ...(await this.#lostReferences(object, values))];
    if (all.length > 0) throw validationFailed(object.name, all);
  }

  async #lostReferences(object: ModelObject, values: Readonly<Values>): Promise<Violation[]> {
    const violations: Violation[] = [];
    for (const [name, value] of Object.entries(values)) {
      const to = object.attributes.get(name)?.to;
      const target = to === undefined ? undefined : this.#objects.get(to);
      if (target === undefined || typeof value !== 'string') continue;
      if (!(await this.#exists(target, value)))
        violations.push({ attribute: name, message: `leads to ${target.label} '${value}', which does not exist` });
    }
    return violations;
  }

  async #exists(target: ModelObject, key: string): Promise<boolean> {
    const frame = frameFor(this.#engine, this.#caller, target, {});
    const where = matchingKeys(frame, target.keyColumns, target, [key]);
    if (where === undefined) return false;
    const rows = await this.#engine.rows(
      target,
      sql`select 1 as found ${frame.scope.from()} where ${andLive(where, frame.scope)} ${raw('limit 1')}`,
      this.#engine.moment(this.#caller),
    );
    return rows.length > 0;
  }

  /** Names attributes instead of columns where the database refuses. */
  async #guard<T>(object: ModelObject, key: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof CarusoError) || error.code !== 'CONSTRAINT_VIOLATED') throw error;
      const details = error.details as { kind?: string; columns?: string[] } | undefined;
      const attributes = attributesOf(object, details?.columns ?? []);
      if (details?.kind === 'unique' && attributes.length > 0) throw alreadyTaken(object.name, attributes, error);
      if (details?.kind === 'required' && attributes.length > 0) {
        throw validationFailed(
          object.name,
          attributes.map((attribute) => ({ attribute, message: 'is required' })),
        );
      }
      if (details?.kind === 'foreign key' && key !== '') throw stillReferred(object.name, key, error);
      throw error;
    }
  }
}

/** A mask that comes back is no new value. */
function withoutMasks(object: ModelObject, given: Readonly<Values>): Readonly<Values> {
  const masked = ([name, value]: [string, unknown]) =>
    value === MASK && object.attributes.get(name)?.sensitive === true;
  return Object.values(given).includes(MASK)
    ? Object.fromEntries(Object.entries(given).filter((entry) => !masked(entry)))
    : given;
}

/** The columns that say of a kept row whether it was deleted. */
function marked(object: ModelObject, deleted: string, version?: number): Row {
  return {
    ...(object.deletedColumn === undefined ? {} : { [object.deletedColumn]: deleted }),
    ...(object.versionColumn === undefined || version === undefined ? {} : { [object.versionColumn]: version }),
  };
}

/** What the index of words holds of a row. */
function wordsOfRow(object: ModelObject, values: Readonly<Values>): string {
  const text = (value: unknown) => (Array.isArray(value) ? value.join(' ') : value);
  return indexedText(searchedAttributes(object).map(({ name }) => text(values[name])));
}

/** Every stored attribute, those that were not given as null. */
function wholeValues(object: ModelObject, values: Readonly<Values>): Values {
  return Object.fromEntries(
    storedAttributes(object).map(({ name, type }) => [name, values[name] ?? (type === 'tags' ? [] : null)]),
  );
}

function attributesOf(object: ModelObject, columns: readonly string[]): string[] {
  const wanted = new Set(columns.map((column) => column.toLowerCase()));
  return storedAttributes(object)
    .filter((attribute) => attribute.columns.some((column) => wanted.has(column.name.toLowerCase())))
    .map((attribute) => attribute.name);
}

/** Objects are the same whatever the order of their properties, which PostgreSQL's jsonb changes. */
export function sameValue(left: unknown, right: unknown): boolean {
  return left === right || isDeepStrictEqual(left ?? null, right ?? null);
}
