import { CarusoError } from '@caruso/service-manager/contract';
import type { Knex } from '@caruso/storage-manager/contract';
import { dialectOf } from './dialect.js';
import type { Caller, Engine } from './engine.js';
import { alreadyTaken, recordMissing, stillReferred, validationFailed, wrongRowCount } from './errors.js';
import { frameFor } from './find-statement.js';
import { decodeKey, encodeKey } from './key.js';
import { matchingKeys } from './key-match.js';
import { type ModelObject, storedAttributes } from './model.js';
import { columnReader, type Row } from './read-plan.js';
import { planFor, readValues, type Values, versionOf } from './row-reader.js';
import { liveRow, tableName } from './scope.js';
import { raw, resolve, sql } from './sql.js';

/** A row as it is stored now. */
export interface StoredRow {
  readonly key: string;
  readonly values: Values;
  readonly version: string;
}

export interface RowToStore {
  readonly columns: Record<string, unknown>;
  readonly after: Values;
}

/** Rows that one statement reads or deletes. */
const CHUNK = 200;

/** The statements that read, insert, change and delete rows of objects; what the database refuses is told by attributes. */
export class RowStore {
  readonly #engine: Engine;
  readonly #caller: Caller;

  constructor(engine: Engine, caller: Caller) {
    this.#engine = engine;
    this.#caller = caller;
  }

  /**
   * Rows by their keys, in no order, or `only` those that were deleted and kept; on servers they stay locked until the unit of work ends.
   * Throws KEY_INVALID.
   */
  async read(object: ModelObject, keys: readonly string[], deleted?: 'only'): Promise<StoredRow[]> {
    const { storage } = this.#engine.parts;
    for (const key of keys) decodeKey(this.#caller.state.model.objects, object, key);
    const names = storedAttributes(object).map((attribute) => attribute.name);
    const plan = planFor(this.#engine, this.#caller, object, names, true);
    const lock = raw(dialectOf(storage.dialect(object.database)).lockRows);
    const found: StoredRow[] = [];
    for (let from = 0; from < keys.length; from += CHUNK) {
      const frame = frameFor(this.#engine, this.#caller, object, {});
      const where = matchingKeys(frame, object.keyColumns, object, keys.slice(from, from + CHUNK));
      if (where === undefined) continue;
      const live = liveRow(frame.scope);
      if (live === undefined && deleted === 'only') return [];
      const state = live === undefined ? sql`` : deleted === 'only' ? sql` and not (${live})` : sql` and ${live}`;
      const statement = sql`select ${plan.select} ${frame.scope.from()} where ${where}${state}${lock}`;
      const rows: Row[] = await this.#engine.rows(object, statement, this.#engine.moment(this.#caller));
      for (const [at, values] of (await readValues(this.#engine, this.#caller, plan, rows)).entries())
        found.push({ key: encodeKey(object, values), values, version: versionOf(plan, rows[at] ?? {}) });
    }
    const counts = new Map<string, number>();
    for (const { key } of found) counts.set(key, (counts.get(key) ?? 0) + 1);
    for (const [key, count] of counts) if (count > 1) throw wrongRowCount(object.name, key, count);
    return found;
  }

  /** Inserts rows; keys that the database makes are in `after` then. */
  async insert(object: ModelObject, rows: readonly RowToStore[]): Promise<void> {
    const { storage } = this.#engine.parts;
    const made = object.key.filter(({ generated }) => generated === 'database');
    const into = { table: object.table, schema: object.schema };
    if (made.length === 0) {
      const shapes = new Map<string, RowToStore[]>();
      for (const row of rows) {
        const shape = Object.keys(row.columns).join('\n');
        const same = shapes.get(shape);
        if (same === undefined) shapes.set(shape, [row]);
        else same.push(row);
      }
      for (const same of shapes.values()) {
        const columns = Object.keys(same[0]?.columns ?? {});
        const values = same.map((row) => columns.map((name) => row.columns[name]));
        await this.#guard(object, '', () => storage.insertRows(object.database, { ...into, columns, rows: values }));
      }
    }
    // Which row the database gave which key is only certain for one at a time.
    for (const { columns, after } of made.length === 0 ? [] : rows) {
      const returning = object.keyColumns.map(({ name }) => name);
      const values = { columns: Object.keys(columns), rows: [Object.values(columns)], returning };
      const [row] = await this.#guard(object, '', () => storage.insertRows(object.database, { ...into, ...values }));
      for (const {
        name,
        columns: [column],
      } of made) {
        if (column === undefined || row === undefined) continue;
        after[name] = columnReader(storage, object, column, column.name)(row);
      }
    }
  }

  async update(object: ModelObject, key: string, columns: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#touching(object, [key], (table) => table.update(columns));
  }

  async delete(object: ModelObject, keys: readonly string[]): Promise<void> {
    for (let from = 0; from < keys.length; from += CHUNK)
      await this.#touching(object, keys.slice(from, from + CHUNK), (table) => table.delete());
  }

  /** Runs a statement that must touch the rows with these keys, and no other. Throws KEY_NOT_UNIQUE. */
  async #touching(
    object: ModelObject,
    keys: readonly string[],
    build: (table: Knex.QueryBuilder) => Knex.QueryBuilder,
  ): Promise<void> {
    const { storage } = this.#engine.parts;
    const frame = frameFor(this.#engine, this.#caller, object, {});
    const where = matchingKeys(frame, object.keyColumns, object, keys, tableName(object));
    if (where === undefined) throw recordMissing(object.name, keys[0] ?? '');
    const bindings = resolve(where.bindings, this.#engine.moment(this.#caller)) as never[];
    const affected = await this.#guard(object, keys[0] ?? '', () =>
      storage.query<number>(object.database, (knex) => {
        const table = object.schema === undefined ? knex(object.table) : knex(object.table).withSchema(object.schema);
        return build(table.whereRaw(where.text, bindings));
      }),
    );
    if (affected !== keys.length) throw wrongRowCount(object.name, keys[0] ?? '', affected);
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

function attributesOf(object: ModelObject, columns: readonly string[]): string[] {
  const wanted = new Set(columns.map((column) => column.toLowerCase()));
  return storedAttributes(object)
    .filter((attribute) => attribute.columns.some((column) => wanted.has(column.name.toLowerCase())))
    .map((attribute) => attribute.name);
}
