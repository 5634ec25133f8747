import type { ObjectRecord } from './contract.js';
import { columnSql, dialectOf } from './dialect.js';
import type { Caller, Engine } from './engine.js';
import { relationUnknown } from './errors.js';
import { filterSql, frameFor, whereAll } from './find-statement.js';
import { readRecords, recordPlan, recordsByKeys } from './finder.js';
import { encodeKeyParts } from './key.js';
import { matchingKeys } from './key-match.js';
import type { ManyRelation, ModelObject } from './model.js';
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
    if (target === undefined || !access.visible.has(name) || !caller.access.of(target).read) {
      throw relationUnknown(object.name, name.slice(0, 80), relationNames(caller, object));
    }
    engine.object(caller, target.name);
    // A relation into a database that does not answer is left out; the records themselves are shown.
    const loaded = await unlessDown(engine, target, () =>
      relation === undefined
        ? includeOne(engine, caller, target, name, records)
        : includeMany(engine, caller, object, target, relation, records),
    );
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
  return [...references, ...object.relations.keys()].filter((name) => visible.has(name));
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
  const reads = relation.otherColumns.map((column, index) => columnReader(storage, target, column, `k${index}`));
  for (let from = 0; from < keys.length; from += CHUNK) {
    const frame = frameFor(engine, caller, target, {});
    const matching = matchingKeys(frame, relation.otherColumns, object, keys.slice(from, from + CHUNK));
    if (matching === undefined) continue;
    const filters = [matching, ...filterSql(caller, frame, caller.access.of(target), {})];
    const back = relation.otherColumns.map((column) => raw(`t0.${identifier(column.name)}`));
    const order = (target.keyColumns.length > 0 ? target.keyColumns : relation.otherColumns).map((column) =>
      dialect.ordered({ sql: columnSql(dialect, target.managed, 't0', column), type: sqlTypeOf(column) ?? 'text' }),
    );
    const aliased = joinSql(
      back.map((column, index) => sql`${column} as ${raw(`k${index}`)}`),
      ', ',
    );
    const place = sql`row_number() over (partition by ${joinSql(back, ', ')} order by ${joinSql(order, ', ')}) as place`;
    const inner = sql`select ${plan.select}, ${aliased}, ${place} ${frame.scope.from()} ${whereAll(filters)}`;
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
