import type { z } from 'zod';
import type { ObjectQuery, ObjectRecord } from './contract.js';
import {
  afterSql,
  cursorParameters,
  orderSql,
  querySignature,
  readCursor,
  type SortCriterion,
  writeCursor,
} from './cursor.js';
import { columnIsOne, dialectOf } from './dialect.js';
import type { Caller, Engine } from './engine.js';
import { accessDenied, linksTooMany } from './errors.js';
import { filterSql, frameFor, sortCriteria, whereAll } from './find-statement.js';
import { demandServing, includeRelated } from './include.js';
import { decodeKey, decodeKeyParts } from './key.js';
import { matchingKeys } from './key-match.js';
import { isLinked, isLinkedThere, linkedKeys } from './links.js';
import type { Column, ManyRelation, ModelObject } from './model.js';
import { encodeOpen } from './open-value.js';
import type { ReadPlan, Row } from './read-plan.js';
import { displayAttributes, toRecord } from './record.js';
import { planFor, readValues } from './row-reader.js';
import type { Frame } from './scope.js';
import { bind, joinSql, raw, type Sql, sql } from './sql.js';
import { shapeOf, sqlTypeOf } from './sql-value.js';
import { linkedRow } from './translate-path.js';

type Query = z.output<typeof ObjectQuery>;

/** A list query made ready: its statement without and with a cursor. */
interface FindStatement {
  readonly plan: ReadPlan;
  readonly criteria: readonly SortCriterion[];
  readonly head: Sql;
  readonly filters: readonly Sql[];
  readonly order: Sql;
}

/** How a plan's rows become records for a caller. */
export async function readRecords(
  engine: Engine,
  caller: Caller,
  plan: ReadPlan,
  rows: readonly Row[],
): Promise<ObjectRecord[]> {
  const { visible, clear } = caller.access.of(plan.object);
  const display = displayAttributes(plan.object).filter((name) => visible.has(name));
  const shown = [...plan.object.attributes.keys()].filter((name) => visible.has(name));
  const values = await readValues(engine, caller, plan, rows);
  return rows.map((row, index) => toRecord(plan, shown, display, row, values[index] ?? {}, !clear));
}

/** The plan for whole records of an object, as the caller sees them. */
export function recordPlan(engine: Engine, caller: Caller, object: ModelObject): ReadPlan {
  const { visible } = caller.access.of(object);
  return caller.state.plans.get(`record:${object.name}:${caller.access.key}`, () => {
    const names = [...object.attributes.keys()].filter((name) => visible.has(name));
    return planFor(engine, caller, object, names, true);
  });
}

/** Holds a list to the rows that one record's relation leads to. */
export interface Origin {
  readonly parent: ModelObject;
  readonly relation: ManyRelation;
  readonly key: string;
}

export interface Page {
  records: ObjectRecord[];
  next: string | null;
}

/** Lists records: filter, search, sort, keyset page. */
export function find(engine: Engine, query: Query): Promise<Page> {
  return findPage(engine, engine.caller(), query);
}

/** A page of a list, or of what a relation leads to. */
export async function findPage(engine: Engine, caller: Caller, query: Query, origin?: Origin): Promise<Page> {
  const { object, access } = engine.object(caller, query.object);
  if (query.deleted !== undefined) demandRestorer(engine, caller, object);
  const params = query.params ?? {};
  const dialect = dialectOf(engine.parts.storage.dialect(object.database));
  const sort = query.sort ?? [];
  const shapes = Object.entries(params).map(([name, value]) => [name, shapeOf(value)]);
  const id = JSON.stringify([
    'find',
    object.name,
    caller.access.key,
    caller.userShape,
    query.where,
    query.search,
    query.deleted,
    sort,
    shapes,
    origin === undefined ? '' : `${origin.parent.name}.${origin.relation.name}`,
  ]);
  const far = origin === undefined ? undefined : await farKeys(engine, caller, object, origin);
  const prepare = () => {
    const frame = frameFor(engine, caller, object, params);
    const plan = recordPlan(engine, caller, object);
    const filters = filterSql(caller, frame, access, query);
    if (far !== undefined) filters.unshift(matchingKeys(frame, object.keyColumns, object, far) ?? raw('(1 = 0)'));
    else if (origin !== undefined) filters.unshift(originSql(engine, caller, frame, origin));
    const criteria = sortCriteria(frame, access, caller, sort);
    const extra = criteria.map(({ value }, index) => sql`, ${value.sql} as ${raw(`s${index}`)}`);
    const head = sql`select ${plan.select}${joinSql(extra, '')} ${frame.scope.from()}`;
    return { plan, criteria, head, filters, order: orderSql(criteria, dialect) } satisfies FindStatement;
  };
  // A statement that names keys is good once.
  const prepared = far === undefined ? (caller.state.statements.get(id, prepare) as FindStatement) : prepare();

  const keyed = object.key.length > 0;
  const from = origin === undefined ? [] : [origin.parent.name, origin.relation.name, origin.key];
  const { where, search, deleted } = query;
  const signature = () => querySignature([object.name, where, search, deleted, sort, params, ...from]);
  const cursor =
    query.after === undefined
      ? undefined
      : readCursor(query.after, signature(), keyed ? prepared.criteria : undefined, dialect);
  const values = cursor !== undefined && 'values' in cursor ? cursor.values : undefined;
  const offset = cursor !== undefined && 'offset' in cursor ? cursor.offset : 0;
  const page = (): Sql => {
    const filters =
      values === undefined ? prepared.filters : [...prepared.filters, afterSql(prepared.criteria, values, dialect)];
    const limited = sql`limit ${query.limit + 1}${offset > 0 ? sql` offset ${offset}` : sql``}`;
    return sql`${prepared.head} ${whereAll(filters)} ${prepared.order} ${limited}`;
  };
  const statement =
    cursor === undefined && far === undefined
      ? (caller.state.statements.get(`${id} first ${query.limit}`, page) as Sql)
      : page();
  const bound = origin === undefined ? params : { ...params, ...keyParameters(origin.key) };
  const moment = engine.moment(caller, values === undefined ? bound : { ...bound, ...cursorParameters(values) });

  const rows = await engine.rows(object, statement, moment);
  const shown = rows.slice(0, query.limit);
  const records = await readRecords(engine, caller, prepared.plan, shown);
  if (query.include !== undefined && query.include.length > 0)
    await includeRelated(engine, caller, object, records, query.include);
  const last = rows.length > query.limit ? shown.at(-1) : undefined;
  if (last === undefined) return { records, next: null };
  const position = keyed
    ? { values: prepared.criteria.map((_, index) => last[`s${index}`]) }
    : { offset: offset + shown.length };
  return { records, next: writeCursor(signature(), position) };
}

/** Holds for rows that the relation of the record with the bound key leads to. */
function originSql(engine: Engine, caller: Caller, frame: Frame, { parent, relation }: Origin): Sql {
  const { through } = relation;
  const { object } = frame.scope;
  if (through === undefined) return boundKeySql(engine, caller, parent, object, relation.otherColumns, 't0');
  return linkedRow(frame, relation, through, 't0', (link) =>
    boundKeySql(engine, caller, parent, through.junction, through.from.columns, link),
  );
}

/** What one record may be linked to where the links are in another database than it. */
const MOST_FAR = 5000;

/** Keys that a record is linked to, where its links are in another database than what they lead to. Throws LINKS_TOO_MANY. */
async function farKeys(
  engine: Engine,
  caller: Caller,
  object: ModelObject,
  { parent, relation, key }: Origin,
): Promise<string[] | undefined> {
  if (relation.through !== undefined) demandServing(caller, relation.through.junction);
  if (!isLinked(relation) || isLinkedThere(relation.through, object)) return undefined;
  const links = await linkedKeys(engine, caller, parent, relation, [key], true, MOST_FAR);
  const keys = [...links.values()].flat();
  if (keys.length > MOST_FAR) throw linksTooMany(parent.name, relation.name, key, MOST_FAR);
  return keys;
}

/** Deleted records are for those who may delete, and so restore. Throws ACCESS_DENIED. */
function demandRestorer(engine: Engine, caller: Caller, object: ModelObject): void {
  if (!caller.access.of(object).delete)
    throw accessDenied(engine.who(caller), `see ${object.labelPlural} that were deleted`);
}

/** The statement that reads one row by its key; `rules` holds it to the rows the caller may see. */
function getStatement(engine: Engine, caller: Caller, object: ModelObject, plan: ReadPlan, deleted: boolean): Sql {
  const id = JSON.stringify([
    'get',
    object.name,
    caller.access.key,
    caller.userShape,
    plan.stored.length,
    plan.hashed.length,
    deleted,
  ]);
  return caller.state.statements.get(id, () => {
    const frame = frameFor(engine, caller, object, {});
    const filters = [
      keySql(engine, caller, object),
      ...filterSql(caller, frame, caller.access.of(object), deleted ? { deleted: 'also' } : {}),
    ];
    return sql`select ${plan.select} ${frame.scope.from()} ${whereAll(filters)}`;
  }) as Sql;
}

const KEY = '#key';

/** Each key column of t0 against its part of the key that is bound under {@link keyParameters}. */
export function keySql(engine: Engine, caller: Caller, object: ModelObject, alias = 't0'): Sql {
  return boundKeySql(engine, caller, object, object, object.keyColumns, alias);
}

/** Columns of `holder` against the parts of the bound key of `keyed`. */
function boundKeySql(
  engine: Engine,
  caller: Caller,
  keyed: ModelObject,
  holder: ModelObject,
  columns: readonly Column[],
  alias: string,
): Sql {
  const dialect = dialectOf(engine.parts.storage.dialect(holder.database));
  const { objects } = caller.state.model;
  const pairs = columns.map((column, index) => {
    const type = sqlTypeOf(column) ?? 'text';
    const encode = (key: unknown) =>
      encodeOpen('key', type, dialect, column.scale ?? 0)(decodeKeyParts(objects, keyed, key)?.[index]);
    return columnIsOne(dialect, holder.managed, alias, column, [
      dialect.typed(type, bind({ kind: 'parameter', name: KEY, encode })),
    ]);
  });
  return joinSql(pairs, ' and ');
}

export function keyParameters(key: string): Record<string, unknown> {
  return { [KEY]: key };
}

const CHUNK = 200;

/** Records by their keys as far as the caller may see them, in no order: one statement for 200 keys. */
export async function recordsByKeys(
  engine: Engine,
  caller: Caller,
  object: ModelObject,
  keys: readonly string[],
): Promise<Map<string, ObjectRecord>> {
  const found = new Map<string, ObjectRecord>();
  const plan = recordPlan(engine, caller, object);
  for (let from = 0; from < keys.length; from += CHUNK) {
    const frame = frameFor(engine, caller, object, {});
    const matching = matchingKeys(frame, object.keyColumns, object, keys.slice(from, from + CHUNK));
    if (matching === undefined) continue;
    const filters = [matching, ...filterSql(caller, frame, caller.access.of(object), {})];
    const rows = await engine.rows(
      object,
      sql`select ${plan.select} ${frame.scope.from()} ${whereAll(filters)}`,
      engine.moment(caller),
    );
    for (const record of await readRecords(engine, caller, plan, rows)) found.set(record.key, record);
  }
  return found;
}

/** Reads one record by its key; null where there is none that the caller may see. Throws KEY_INVALID. */
export async function get(
  engine: Engine,
  input: { object: string; key: string; include?: string[] | undefined; deleted?: boolean | undefined },
): Promise<ObjectRecord | null> {
  const caller = engine.caller();
  const { object } = engine.object(caller, input.object);
  decodeKey(caller.state.model.objects, object, input.key);
  if (input.deleted === true) demandRestorer(engine, caller, object);
  const plan = recordPlan(engine, caller, object);
  const rows = await engine.rows(
    object,
    getStatement(engine, caller, object, plan, input.deleted === true),
    engine.moment(caller, keyParameters(input.key)),
  );
  const records = await readRecords(engine, caller, plan, rows.slice(0, 1));
  if (input.include !== undefined && input.include.length > 0)
    await includeRelated(engine, caller, object, records, input.include);
  return records[0] ?? null;
}
