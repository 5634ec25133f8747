import { hash } from 'node:crypto';
import { CarusoError } from '@caruso/service-manager/contract';
import { rootFrame } from './condition.js';
import { dialectOf } from './dialect.js';
import type { Caller, Engine } from './engine.js';
import { encodeKey, encodeKeyParts } from './key.js';
import { matchingKeys } from './key-match.js';
import { linkedFigures } from './linked-figures.js';
import { isLinked, isLinkedThere, joinPairs, linkPairs } from './links.js';
import type { Attribute, ManyRelation, ModelObject } from './model.js';
import { columnReader, figureOf, planReading, type ReadPlan, type Row, type Wanted } from './read-plan.js';
import { andLive } from './scope.js';
import { identifier, raw, sql } from './sql.js';
import { rollUpFigure } from './translate-path.js';

export type Values = Record<string, unknown>;

const CHUNK = 200;

/** Turns rows into wire values: stored attributes, then roll-ups of other databases, what formulas need, formulas. */
export async function readValues(
  engine: Engine,
  caller: Caller,
  plan: ReadPlan,
  rows: readonly Row[],
): Promise<Values[]> {
  const all = rows.map((row) => {
    const values: Values = {};
    for (const { name, read } of plan.stored) values[name] = read(row);
    return values;
  });
  if (all.length === 0) return all;
  for (const { attribute, relation } of plan.remote)
    await addRemoteFigures(engine, caller, plan.object, attribute, relation, all);
  if (plan.formulas.length === 0) return all;
  const related = new Map<string, Map<string, Values>>();
  for (const [name, inner] of plan.references) {
    const keys = new Set(all.flatMap((values) => (typeof values[name] === 'string' ? [values[name]] : [])));
    related.set(
      name,
      (await unlessDown(engine, inner.object, () => loadByKeys(engine, caller, inner, [...keys]))) ?? new Map(),
    );
  }
  // Where the object a reference leads to is out of service, what lies behind it is unknown.
  const unreachable = Object.fromEntries([...plan.unreachable].map((name) => [name, {}]));
  const formulasRefer = related.size > 0 || plan.unreachable.length > 0;
  const context = engine.context();
  for (const values of all) {
    const environment = formulasRefer ? { ...values, ...unreachable } : values;
    for (const [name, loaded] of related) environment[name] = referenced(values[name], loaded);
    for (const { name, formula } of plan.formulas) {
      const result = evaluated(engine, plan.object, name, () => formula?.evaluate(environment, context) ?? null);
      values[name] = result;
      environment[name] = result;
    }
  }
  return all;
}

/** What lies in a database that does not answer is unknown (undefined); whatever else goes wrong is an error. */
export async function unlessDown<T>(
  engine: Engine,
  object: ModelObject,
  work: () => Promise<T>,
): Promise<T | undefined> {
  const { storage } = engine.parts;
  // A statement that fails would break the unit of work it runs in.
  const down = () => storage.databases().some(({ name, reachable }) => name === object.database && !reachable);
  if (storage.inUnitOfWork() && down()) return undefined;
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CarusoError) || error.code !== 'DATABASE_UNREACHABLE') throw error;
    engine.parts.log.warn(
      { object: object.name, database: object.database },
      'values are unknown, since their database does not answer',
    );
    return undefined;
  }
}

/** The row a reference leads to; an empty one where it leads nowhere, so that the reference itself is not null. */
function referenced(key: unknown, loaded: ReadonlyMap<string, Values>): Values | null {
  if (typeof key !== 'string') return null;
  return loaded.get(key) ?? {};
}

/** A formula that fails on the data of one row leaves that value unknown; the row and the list are shown all the same. */
function evaluated(engine: Engine, object: ModelObject, name: string, evaluate: () => unknown): unknown {
  try {
    return evaluate();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    engine.parts.log.warn(
      { object: object.name, attribute: name, error: message },
      'a formula cannot be computed for a row',
    );
    return null;
  }
}

/** Values of rows by their keys, whoever may see them: what formulas read through references. */
async function loadByKeys(
  engine: Engine,
  caller: Caller,
  plan: ReadPlan,
  keys: readonly string[],
): Promise<Map<string, Values>> {
  const found = new Map<string, Values>();
  for (let from = 0; from < keys.length; from += CHUNK) {
    const frame = rootFrame(engine.site(caller, plan.object), plan.object, false);
    const where = matchingKeys(frame, plan.object.keyColumns, plan.object, keys.slice(from, from + CHUNK));
    if (where === undefined) continue;
    const rows = await engine.rows(
      plan.object,
      sql`select ${plan.select} ${frame.scope.from()} where ${andLive(where, frame.scope)}`,
      engine.moment(caller),
    );
    for (const values of await readValues(engine, caller, plan, rows))
      found.set(encodeKey(plan.object, values), values);
  }
  return found;
}

/** A roll-up over rows of another database: one query for all rows. Where that database is down, the figure is unknown. */
async function addRemoteFigures(
  engine: Engine,
  caller: Caller,
  object: ModelObject,
  attribute: Attribute,
  relation: ManyRelation,
  all: readonly Values[],
): Promise<void> {
  const target = caller.state.model.objects.get(relation.to);
  const { rollUp } = attribute;
  if (target === undefined || rollUp === undefined) return;
  const { storage } = engine.parts;
  const dialect = dialectOf(storage.dialect(target.database));
  const keys = [...new Set(all.map((values) => encodeKey(object, values)))];
  if (isLinked(relation) && !isLinkedThere(relation.through, target)) {
    const linked = await unlessDown(engine, target, () => {
      const { junction } = relation.through;
      return unlessDown(engine, junction, () =>
        linkedFigures(engine, caller, object, target, attribute, relation, keys),
      );
    });
    for (const values of all) values[attribute.name] = linked?.get(encodeKey(object, values)) ?? null;
    return;
  }
  const { through } = relation;
  const back = through?.from.columns ?? relation.otherColumns;
  const figures = new Map<string, unknown>();
  const known = await unlessDown(engine, target, async () => {
    for (let from = 0; from < keys.length; from += CHUNK) {
      const frame = { ...rootFrame(engine.site(caller, target), target, false), names: new Set([relation.name]) };
      const figure = rollUpFigure(NOWHERE, frame, attribute);
      const some = keys.slice(from, from + CHUNK);
      const pairs = through === undefined ? undefined : linkPairs(frame, object, through, some);
      const matching = through === undefined ? matchingKeys(frame, back, object, some) : raw('(1 = 1)');
      if (matching === undefined || (through !== undefined && pairs === undefined)) continue;
      const linked = andLive(matching, frame.scope);
      const where = rollUp.where === undefined ? linked : sql`${linked} and ${frame.truth(rollUp.where.tree, frame)}`;
      const names = back.map(({ name }, index) =>
        through === undefined ? `t0.${identifier(name)}` : `links.k${index}`,
      );
      const join = pairs === undefined ? sql`` : joinPairs(pairs, relation, 't0');
      const aliased = raw(names.map((name, index) => `${name} as k${index}`).join(', '));
      const statement = sql`select ${aliased}, ${figure.sql} as figure ${frame.scope.from()} ${join} where ${where} group by ${raw(names.join(', '))}`;
      const reads = back.map((column, index) =>
        columnReader(storage, through?.junction ?? target, column, `k${index}`),
      );
      for (const row of await engine.rows(target, statement, engine.moment(caller))) {
        const key = keyOfParts(
          caller,
          object,
          reads.map((read) => read(row)),
        );
        if (key !== null) figures.set(key, figureOf(dialect, attribute, row['figure']));
      }
    }
    return true;
  });
  const none = figureOf(dialect, attribute, attribute.type === 'number' ? 0 : '0');
  for (const values of all) {
    const figure = figures.get(encodeKey(object, values));
    values[attribute.name] = known === true ? (figure ?? (attribute.type === 'integer' ? 0 : none)) : null;
  }
}

const NOWHERE = { kind: 'literal', value: null, type: 'null', offset: 0, length: 0 } as const;

function keyOfParts(caller: Caller, object: ModelObject, parts: readonly unknown[]): string | null {
  return encodeKeyParts(caller.state.model.objects, object, parts);
}

/** The plan for reading some attributes of an object, with its version; kept for the model's life. */
export function planFor(
  engine: Engine,
  caller: Caller,
  object: ModelObject,
  names: Iterable<string>,
  whole: boolean,
): ReadPlan {
  const list = [...names];
  return caller.state.plans.get(JSON.stringify([object.name, whole, list]), () => {
    const wanted: Wanted = new Map(list.map((name) => [name, new Map()]));
    return planReading(engine.planParts(caller), object, wanted, whole);
  });
}

/** The version of a row: its counter, or for a legacy row a hash over all that the model knows of it. */
export function versionOf(plan: ReadPlan, row: Row): string {
  if (plan.object.versionColumn !== undefined) return String(row['v'] ?? 1);
  let text = '';
  for (const name of plan.hashed) {
    const value = row[name];
    text += Buffer.isBuffer(value) ? `${value.toString('base64')}\0` : `${typeof value}:${String(value)}\0`;
  }
  // At once: feeding a hash piece by piece costs more than all else of reading a row.
  return hash('sha1', text, 'base64url');
}
