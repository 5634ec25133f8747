import type { z } from 'zod';
import type { ObjectRecord, RelatedQuery } from './contract.js';
import type { Caller, Engine } from './engine.js';
import { recordMissing, relationUnknown } from './errors.js';
import { type Filter, filterSql, frameFor, whereAll } from './find-statement.js';
import { findPage, get, keyParameters, keySql, type Page } from './finder.js';
import { relationNames } from './include.js';
import { decodeKey } from './key.js';
import type { ModelObject } from './model.js';
import { sql } from './sql.js';

/** What a relation of one record leads to, as a list query of its own: of a to-many relation a page, of a reference the one record. */
export async function related(
  engine: Engine,
  { object: name, key, relation: wanted, ...query }: z.output<typeof RelatedQuery>,
): Promise<Page & { kind: 'one' | 'many' }> {
  const caller = engine.caller();
  const { object, access } = engine.object(caller, name);
  decodeKey(caller.state.model.objects, object, key);
  const relation = object.relations.get(wanted);
  const target = relation?.to ?? object.attributes.get(wanted)?.to;
  const seen =
    access.visible.has(wanted) && (relation?.through === undefined || caller.access.follows(object, relation));
  if (target === undefined || !seen)
    throw relationUnknown(object.name, wanted.slice(0, 80), relationNames(caller, object));
  if (relation === undefined) {
    const include = query.include === undefined ? {} : { include: query.include };
    return { kind: 'one', records: await referred(engine, caller, object, key, wanted, target, include), next: null };
  }
  await demandVisible(engine, caller, object, key);
  const page = await findPage(engine, caller, { ...query, object: target }, { parent: object, relation, key });
  return { kind: 'many', ...page };
}

async function referred(
  engine: Engine,
  caller: Caller,
  object: ModelObject,
  key: string,
  attribute: string,
  target: string,
  include: { include?: string[] },
): Promise<ObjectRecord[]> {
  // Whoever may not read what it leads to is told so, also where it leads nowhere.
  engine.object(caller, target);
  const record = await get(engine, { object: object.name, key });
  if (record === null) throw recordMissing(object.name, key);
  const to = record.values[attribute];
  if (typeof to !== 'string') return [];
  const found = await get(engine, { object: target, key: to, ...include });
  return found === null ? [] : [found];
}

/** Throws RECORD_NOT_FOUND unless the row is there, or with `deleted` was, and the caller sees it. */
export async function demandVisible(
  engine: Engine,
  caller: Caller,
  object: ModelObject,
  key: string,
  deleted?: Filter['deleted'],
): Promise<void> {
  const frame = frameFor(engine, caller, object, {});
  const filters = [keySql(engine, caller, object), ...filterSql(caller, frame, caller.access.of(object), { deleted })];
  const rows = await engine.rows(
    object,
    sql`select 1 as found ${frame.scope.from()} ${whereAll(filters)}`,
    engine.moment(caller, keyParameters(key)),
  );
  if (rows.length === 0) throw recordMissing(object.name, key);
}
