import type { ObjectRecord } from './contract.js';
import { columnSql, dialectOf } from './dialect.js';
import type { Caller, Engine } from './engine.js';
import { objectRefused, relationUnknown } from './errors.js';
import { filterSql, frameFor, whereAll } from './find-statement.js';
import { readRecords, recordPlan, recordsByKeys } from './finder.js';
import { decodeKeyParts, encodeKeyParts } from './key.js';
import { matchingKeys } from './key-match.js';
import { isLinked, isLinkedThere, joinPairs, linkedKeys, linkPairs } from './links.js';
import type { ManyRelation, ModelObject, Through } from './model.js';
import { columnReader } from './read-plan.js';
import { unlessDown } from './row-reader.js';
import { identifier, joinSql, raw, sql } from './sql.js';
import { sqlTypeOf } from './sql-value.js';

const CHUNK = 200;
/** Rows of a to-many relation that come with one record; the rest is a list query of its own. */
const MOST_RELATED = 100;

/** Loads relations with records, one query for each relation and 200 records, in whatever database; rights apply. `a.b` goes on from a. */
export async function includeRelated(
  engine: Engine,
  caller: Caller,
  object: ModelObject,
  records: readonly ObjectRecord[],
  include: readonly string[],
): Promise<void> {
  const deeper = new Map<string, string[]>();
  for (const path of include) {
    const [head = '', ...rest] = path.split('.');
    const known = deeper.get(head) ?? [];
    if (rest.length > 0 && rest.length < 4) known.push(rest.join('.'));
    deeper.set(head, known);
  }
  const access = caller.access.of(object);
  for (const [name, rest] of deeper) {
    const attribute = object.attributes.get(name);
    const relation = object.relations.get(name);
    const target = caller.state.model.objects.get(attribute?.to ?? relation?.to ?? '');
    const seen = relation === undefined ? access.visible.has(name) : caller.access.follows(object, relation);
    if (target === undefined || !seen || !caller.access.of(target).read) {
      throw relationUnknown(object.name, name.slice(0, 80), relationNames(caller, object));
    }
    engine.object(caller, target.name);
    if (relation?.through !== undefined) demandServing(caller, relation.through.junction);
    // A relation into a database that does not answer is left out; the records themselves are shown.
    const load = (): Promise<ObjectRecord[]> => {
      if (relation === undefined) return includeOne(engine, caller, target, name, records);
      return isLinked(relation) && !isLinkedThere(relation.through, target)
        ? includeLinked(engine, caller, object, target, relation, records)
        : includeMany(engine, caller, object, target, relation, records);
    };
    const loaded = await unlessDown(engine, target, load);
    if (rest.length > 0 && loaded !== undefined && loaded.length > 0)
      await includeRelated(engine, caller, target, loaded, rest);
  }
}

/** Relations and references of an object that the caller sees. */
export function relationNames(caller: Caller, object: ModelObject): string[] {
  const { visible } = caller.access.of(object);
  const references = [...object.attributes.values()]
    .filter((attribute) => attribute.to !== undefined)
    .map((attribute) => attribute.name);
  const manys = [...object.relations.values()].filter((relation) => caller.access.follows(object, relation));
  return [...references.filter((name) => visible.has(name)), ...manys.map(({ name }) => name)];
}

/** Throws OBJECT_REFUSED where links are out of service. */
export function demandServing(caller: Caller, junction: ModelObject): void {
  const reason = caller.state.model.refused.get(junction.name);
  if (reason !== undefined) throw objectRefused(junction.name, reason);
}

async function includeOne(
  engine: Engine,
  caller: Caller,
  target: ModelObject,
  name: string,
  records: readonly ObjectRecord[],
): Promise<ObjectRecord[]> {
  const keys = [...new Set(records.flatMap(({ values }) => (typeof values[name] === 'string' ? [values[name]] : [])))];
  const found = await recordsByKeys(engine, caller, target, keys);
  for (const record of records) {
    const key = record.values[name];
    record.related = { ...record.related, [name]: (typeof key === 'string' ? found.get(key) : undefined) ?? null };
  }
  return [...found.values()];
}

/** Over links that are in another database: first the links of all records, then what they lead to. */
async function includeLinked(
  engine: Engine,
  caller: Caller,
  object: ModelObject,
  target: ModelObject,
  relation: ManyRelation & { readonly through: Through },
  records: readonly ObjectRecord[],
): Promise<ObjectRecord[]> {
  const keys = records.map(({ key }) => key);
  const links =
    (await unlessDown(engine, relation.through.junction, () =>
      linkedKeys(engine, caller, object, relation, keys, true),
    )) ?? new Map<string, string[]>();
  const found = await recordsByKeys(engine, caller, target, [...new Set([...links.values()].flat())].sort());
  // In the order of the keys, as they are in the one statement where both are in one database.
  const place = new Map([...found.keys()].map((key) => [key, keyParts(caller, target, key)]));
  for (const record of records) {
    const related = (links.get(record.key) ?? []).flatMap((key) => found.get(key) ?? []);
    related.sort((left, right) => inKeyOrder(place.get(left.key) ?? [], place.get(right.key) ?? []));
    record.related = { ...record.related, [relation.name]: related.slice(0, MOST_RELATED) };
  }
  return [...found.values()];
}

function keyParts(caller: Caller, target: ModelObject, key: string): readonly unknown[] {
  return decodeKeyParts(caller.state.model.objects, target, key) ?? [];
}

/** Numbers by their size, all else by code points, as databases are made to order keys. */
function inKeyOrder(left: readonly unknown[], right: readonly unknown[]): number {
  for (const [index, part] of left.entries()) {
    const other = right[index];
    const order =
      typeof part === 'number' && typeof other === 'number'
        ? part - other
        : Buffer.compare(Buffer.from(String(part)), Buffer.from(String(other)));
    if (order !== 0) return order;
  }
  return 0;
}

async function includeMany(
  engine: Engine,
  caller: Caller,
  object: ModelObject,
  target: ModelObject,
  relation: ManyRelation,
  records: readonly ObjectRecord[],
): Promise<ObjectRecord[]> {
  const { storage } = engine.parts;
  const dialect = dialectOf(storage.dialect(target.database));
  const plan = recordPlan(engine, caller, target);
  const byKey = new Map<string, ObjectRecord[]>(records.map(({ key }) => [key, []]));
  const all: ObjectRecord[] = [];
  const keys = [...byKey.keys()];
  const { through } = relation;
  const backColumns = through?.from.columns ?? relation.otherColumns;
  const reads = backColumns.map((column, index) =>
    columnReader(storage, through?.junction ?? target, column, `k${index}`),
  );
  for (let from = 0; from < keys.length; from += CHUNK) {
    const frame = frameFor(engine, caller, target, {});
    const some = keys.slice(from, from + CHUNK);
    const pairs = through === undefined ? undefined : linkPairs(frame, object, through, some);
    const matching = through === undefined ? matchingKeys(frame, relation.otherColumns, object, some) : raw('(1 = 1)');
    if (matching === undefined || (through !== undefined && pairs === undefined)) continue;
    const filters = [matching, ...filterSql(caller, frame, caller.access.of(target), {})];
    const back = backColumns.map((column, index) =>
      raw(through === undefined ? `t0.${identifier(column.name)}` : `links.k${index}`),
    );
    const order = (target.keyColumns.length > 0 ? target.keyColumns : relation.otherColumns).map((column) =>
      dialect.ordered({ sql: columnSql(dialect, target.managed, 't0', column), type: sqlTypeOf(column) ?? 'text' }),
    );
    const aliased = joinSql(
      back.map((column, index) => sql`${column} as ${raw(`k${index}`)}`),
      ', ',
    );
    const place = sql`row_number() over (partition by ${joinSql(back, ', ')} order by ${joinSql(order, ', ')}) as place`;
    const linked = pairs === undefined ? sql`` : joinPairs(pairs, relation, 't0');
    const inner = sql`select ${plan.select}, ${aliased}, ${place} ${frame.scope.from()} ${linked} ${whereAll(filters)}`;
    const rows = await engine.rows(
      target,
      sql`select * from (${inner}) related where place <= ${MOST_RELATED} order by place`,
      engine.moment(caller),
    );
    const loaded = await readRecords(engine, caller, plan, rows);
    for (const [index, row] of rows.entries()) {
      const key = encodeKeyParts(
        caller.state.model.objects,
        object,
        reads.map((read) => read(row)),
      );
      const record = loaded[index];
      if (key === null || record === undefined) continue;
      byKey.get(key)?.push(record);
      all.push(record);
    }
  }
  for (const record of records) record.related = { ...record.related, [relation.name]: byKey.get(record.key) ?? [] };
  return all;
}
