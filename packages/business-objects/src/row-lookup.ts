import { columnIsOne, dialectOf } from './dialect.js';
import type { Caller, Engine } from './engine.js';
import type { Violation } from './errors.js';
import { frameFor } from './find-statement.js';
import { encodeKey } from './key.js';
import { matchingKeys } from './key-match.js';
import { type Attribute, type ModelObject, storedAttributes } from './model.js';
import { encodeAs } from './open-value.js';
import { planFor, readValues, type Values } from './row-reader.js';
import { andLive, type Frame } from './scope.js';
import { constant, type Sql, sql } from './sql.js';
import { sqlTypeOf } from './sql-value.js';

/** Values that one statement looks for. */
const CHUNK = 200;

/** Holds rows against what is stored, many at once, whoever may see it. */
export class RowLookup {
  readonly #engine: Engine;
  readonly #caller: Caller;

  constructor(engine: Engine, caller: Caller) {
    this.#engine = engine;
    this.#caller = caller;
  }

  /** References that lead nowhere, for each row. */
  async lostReferences(object: ModelObject, rows: readonly Readonly<Values>[]): Promise<Violation[][]> {
    const wanted = new Map<string, Set<string>>();
    const references = [...object.attributes.values()].flatMap(({ name, to }) =>
      to === undefined ? [] : [{ name, to }],
    );
    for (const row of rows) {
      for (const { name, to } of references) {
        const key = row[name];
        if (typeof key !== 'string') continue;
        const keys = wanted.get(to);
        if (keys === undefined) wanted.set(to, new Set([key]));
        else keys.add(key);
      }
    }
    const lost = new Map<string, Set<string>>();
    for (const [to, keys] of wanted) {
      const target = this.#caller.state.model.objects.get(to);
      if (target !== undefined) lost.set(to, await this.#lost(target, [...keys]));
    }
    return rows.map((row) =>
      references.flatMap(({ name, to }) => {
        const key = row[name];
        if (typeof key !== 'string' || lost.get(to)?.has(key) !== true) return [];
        const label = this.#caller.state.model.objects.get(to)?.label ?? to;
        return [{ attribute: name, message: `leads to ${label} '${key}', which does not exist` }];
      }),
    );
  }

  /**
   * Keys and unique values of rows that a stored record has already; of a row that is to be changed, another record than the one with
   * its key. References and values of several columns are left to the database.
   */
  async taken(
    object: ModelObject,
    rows: readonly { values: Readonly<Values>; key: string | null }[],
  ): Promise<Violation[][]> {
    const violations: Violation[][] = rows.map(() => []);
    for (const unique of uniquesOf(object)) {
      const holders = await this.#holders(
        object,
        unique,
        rows.map(({ values }) => values[unique.name]),
      );
      for (const [at, { values, key }] of rows.entries()) {
        const keys = holders.get(JSON.stringify(values[unique.name]));
        if (keys?.some((each) => each !== key) === true)
          violations[at]?.push({ attribute: unique.name, message: 'is taken already' });
      }
    }
    if (object.key.length > 1) {
      const fresh = rows.filter(({ key }) => key === null).map(({ values }) => encodeKey(object, values));
      const missing = await this.#missing(object, fresh);
      for (const [at, { values, key }] of rows.entries())
        if (key === null && !missing.has(encodeKey(object, values)))
          for (const { name } of object.key) violations[at]?.push({ attribute: name, message: 'is taken already' });
    }
    return violations;
  }

  /** Which of these keys lead nowhere. One that is written otherwise than the record's own (007 for 7) leads there all the same. */
  async #lost(target: ModelObject, keys: readonly string[]): Promise<Set<string>> {
    const lost = await this.#missing(target, keys);
    for (const key of keys.length > 1 ? lost : [])
      if ((await this.#missing(target, [key])).size === 0) lost.delete(key);
    return lost;
  }

  /** Keys of records by the value of one attribute, as JSON. */
  async #holders(
    object: ModelObject,
    attribute: Attribute,
    values: readonly unknown[],
  ): Promise<Map<string, string[]>> {
    const [column] = attribute.columns;
    const type = column === undefined ? undefined : sqlTypeOf(column);
    const holders = new Map<string, string[]>();
    if (column === undefined || type === undefined) return holders;
    const dialect = dialectOf(this.#engine.parts.storage.dialect(object.database));
    const known = [...new Set(values.filter((value) => value !== null && value !== undefined))];
    const names = [...object.key.map(({ name }) => name), attribute.name];
    const found = this.#rows(object, names, known, (frame, some) => {
      const among = some.map((value) =>
        dialect.typed(type, constant(encodeAs(type, dialect, column.scale ?? 0, value))),
      );
      return columnIsOne(dialect, object.managed, frame.scope.alias, column, among);
    });
    for await (const values of found) {
      const value = JSON.stringify(values[attribute.name]);
      const keys = holders.get(value);
      if (keys === undefined) holders.set(value, [encodeKey(object, values)]);
      else keys.push(encodeKey(object, values));
    }
    return holders;
  }

  /** Which of these keys no record has. */
  async #missing(object: ModelObject, keys: readonly string[]): Promise<Set<string>> {
    const missing = new Set(keys);
    const names = object.key.map(({ name }) => name);
    const found = this.#rows(object, names, keys, (frame, some) =>
      matchingKeys(frame, object.keyColumns, object, some),
    );
    for await (const values of found) {
      if (keys.length === 1) missing.clear();
      missing.delete(encodeKey(object, values));
    }
    return missing;
  }

  /** Rows that meet a condition made of some values, so many at once as a statement should hold; whoever may see them. */
  async *#rows<T>(
    object: ModelObject,
    names: readonly string[],
    values: readonly T[],
    condition: (frame: Frame, some: readonly T[]) => Sql | undefined,
  ): AsyncGenerator<Values> {
    const plan = planFor(this.#engine, this.#caller, object, names, false);
    for (let from = 0; from < values.length; from += CHUNK) {
      const frame = frameFor(this.#engine, this.#caller, object, {});
      const where = condition(frame, values.slice(from, from + CHUNK));
      if (where === undefined) continue;
      const statement = sql`select ${plan.select} ${frame.scope.from()} where ${andLive(where, frame.scope)}`;
      const rows = await this.#engine.rows(object, statement, this.#engine.moment(this.#caller));
      yield* await readValues(this.#engine, this.#caller, plan, rows);
    }
  }
}

/** Attributes whose values no two records may share, those whose value is one column. */
export function uniquesOf(object: ModelObject): Attribute[] {
  return storedAttributes(object).filter(
    ({ unique, key, to, columns }) =>
      (unique || (key && object.key.length === 1)) && to === undefined && columns.length === 1,
  );
}
