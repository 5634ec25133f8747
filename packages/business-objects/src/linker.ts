import type { z } from 'zod';
import { checkWritable, demand, journal, meeting, readOnlyReason } from './editor.js';
import type { Caller, Engine } from './engine.js';
import {
  accessDenied,
  linkImpossible,
  readOnlyObject,
  recordMissing,
  relationUnknown,
  versionConflict,
} from './errors.js';
import { filterSql, frameFor, whereAll } from './find-statement.js';
import { demandServing, relationNames } from './include.js';
import { decodeKey, encodeKey } from './key.js';
import { matchingKeys } from './key-match.js';
import { isLinked } from './links.js';
import type { ManyRelation, ModelObject, Through } from './model.js';
import { demandVisible } from './related.js';
import type { LinkInput, UnlinkInput } from './relation-contract.js';
import { planFor, readValues } from './row-reader.js';
import type { StoredRow } from './row-store.js';
import { andLive } from './scope.js';
import { joinSql, sql } from './sql.js';
import { isChange, Writer } from './writer.js';

type Linked = ManyRelation & { readonly through: Through };

/** Keys that one statement asks about. */
const CHUNK = 200;

/** Where a change of links happens, once it is known that the caller may make it. */
interface Place {
  caller: Caller;
  object: ModelObject;
  key: string;
  relation: Linked;
  target: ModelObject;
  writer: Writer;
}

/**
 * Links a record to others by a many-to-many relation and journals `Object.linked` of both sides in one unit of work; those it is linked to
 * already stay as they are. Gives the keys of those that are new.
 */
export function link(engine: Engine, input: z.output<typeof LinkInput>): Promise<{ linked: string[] }> {
  return engine.parts.storage.unitOfWork(async () => {
    const place = await enter(engine, input);
    const { caller, relation, target, writer } = place;
    const { junction, from, to } = relation.through;
    const keys = [...new Set(input.keys.map((key) => canonical(caller, target, key)))];
    const seen = await visibleKeys(engine, caller, target, keys);
    for (const key of keys) if (!seen.has(key)) throw recordMissing(target.name, key);
    const rows = await linkRows(engine, place, keys);
    const there = new Set(rows.map(({ values }) => values[to.name]));
    const fresh = keys.filter((key) => !there.has(key));
    if (fresh.length === 0) return { linked: [] };
    const access = caller.access.of(junction);
    const values = input.values ?? {};
    if (junction.rights !== undefined) {
      if (!access.create) throw accessDenied(engine.who(caller), `create ${junction.labelPlural}`);
      checkWritable(engine, caller, junction, access, values, true);
    }
    const given = fresh.map((key) => ({ ...values, [from.name]: place.key, [to.name]: key }));
    const outcomes = await writer.createAll(junction, given);
    const changes = outcomes.filter(isChange);
    const refused = outcomes.find((outcome) => !isChange(outcome));
    if (refused !== undefined) throw refused;
    if (junction.rights !== undefined) {
      const what = `create this ${junction.label}`;
      for (const { key } of changes) await demand(engine, caller, junction, key, access.createRules, what);
    }
    await journal(engine, junction, 'created', changes);
    return { linked: fresh };
  });
}

/** Removes links and journals `Object.unlinked` of both sides; what is not linked stays so. Gives the keys of those that were linked. */
export function unlink(engine: Engine, input: z.output<typeof UnlinkInput>): Promise<{ unlinked: string[] }> {
  return engine.parts.storage.unitOfWork(async () => {
    const place = await enter(engine, input);
    const { caller, relation, target, writer } = place;
    const { junction, to } = relation.through;
    const keys = [...new Set(input.keys.map((key) => canonical(caller, target, key)))];
    const seen = await visibleKeys(engine, caller, target, keys);
    const all = await linkRows(engine, place, [...seen]);
    const access = caller.access.of(junction);
    const known =
      junction.rights === undefined
        ? undefined
        : await meeting(
            engine,
            caller,
            junction,
            all.map(({ key }) => key),
            access.rules,
          );
    const rows = all.filter(({ key }) => known?.has(key) !== false);
    if (rows.length === 0) return { unlinked: [] };
    if (junction.rights !== undefined) {
      if (!access.delete) throw accessDenied(engine.who(caller), `delete ${junction.labelPlural}`);
      for (const { key } of rows)
        await demand(engine, caller, junction, key, access.deleteRules, `delete this ${junction.label}`);
    }
    await journal(engine, junction, 'deleted', await writer.deleteAll(junction, rows));
    return { unlinked: [...new Set(rows.map(({ values }) => String(values[to.name])))] };
  });
}

/** Checks relation, rights and version, and locks both sides, so that two who link the same at once do it one after the other. */
async function enter(
  engine: Engine,
  input: { object: string; key: string; relation: string; keys: readonly string[]; version?: string | undefined },
): Promise<Place> {
  const caller = engine.caller();
  const { object, access } = engine.object(caller, input.object);
  const key = canonical(caller, object, input.key);
  const relation = object.relations.get(input.relation);
  const reference = relation === undefined ? object.attributes.get(input.relation)?.to : undefined;
  if ((relation === undefined || !caller.access.follows(object, relation)) && reference === undefined)
    throw relationUnknown(object.name, input.relation.slice(0, 80), relationNames(caller, object));
  if (relation === undefined || !isLinked(relation)) throw linkImpossible(object.name, input.relation, relation);
  const { target } = begun(engine, caller, relation);
  if (!access.linkable.has(relation.name))
    throw accessDenied(engine.who(caller), `change ${object.name}.${relation.name}`);
  await demandVisible(engine, caller, object, key);
  const writer = new Writer(engine, caller);
  const own = await locked(caller, writer, object, target, key, input.keys);
  if (input.version !== undefined && input.version !== own?.version)
    throw versionConflict(object.name, key, input.version, own?.version ?? '');
  const rules = access.linkable.get(relation.name);
  await demand(engine, caller, object, key, rules, `change ${relation.name} of this ${object.label}`);
  return { caller, object, key, relation, target, writer };
}

function begun(engine: Engine, caller: Caller, { to, through: { junction } }: Linked): { target: ModelObject } {
  const { object: target } = engine.object(caller, to);
  demandServing(caller, junction);
  const reason = readOnlyReason(junction);
  if (reason !== undefined) throw readOnlyObject(junction.name, reason);
  return { target };
}

/** Reads the holder for its version; rows of our own databases stay locked, always in the same order. */
async function locked(
  caller: Caller,
  writer: Writer,
  object: ModelObject,
  target: ModelObject,
  own: string,
  others: readonly string[],
): Promise<StoredRow | undefined> {
  const wanted = new Map<ModelObject, Set<string>>();
  const want = (of: ModelObject, keys: readonly string[]) => {
    wanted.set(of, new Set([...(wanted.get(of) ?? []), ...keys]));
  };
  want(object, [own]);
  if (target.managed)
    want(
      target,
      others.map((key) => canonical(caller, target, key)),
    );
  let holder: StoredRow | undefined;
  for (const [of, keys] of [...wanted].sort(([left], [right]) => (left.name < right.name ? -1 : 1))) {
    const rows = await writer.readAll(of, [...keys].sort());
    if (of === object) holder = rows.find(({ key }) => key === own);
  }
  return holder;
}

/** A key as the record itself has it. Throws KEY_INVALID. */
function canonical(caller: Caller, object: ModelObject, key: string): string {
  return encodeKey(object, decodeKey(caller.state.model.objects, object, key));
}

/** Which of these keys are of records that the caller may see. */
async function visibleKeys(
  engine: Engine,
  caller: Caller,
  object: ModelObject,
  keys: readonly string[],
): Promise<Set<string>> {
  const found = new Set<string>();
  const names = object.key.map(({ name }) => name);
  const plan = planFor(engine, caller, object, names, false);
  for (let from = 0; from < keys.length; from += CHUNK) {
    const frame = frameFor(engine, caller, object, {});
    const matching = matchingKeys(frame, object.keyColumns, object, keys.slice(from, from + CHUNK));
    if (matching === undefined) continue;
    const filters = [matching, ...filterSql(caller, frame, caller.access.of(object), {})];
    const statement = sql`select ${plan.select} ${frame.scope.from()} ${whereAll(filters)}`;
    const rows = await engine.rows(object, statement, engine.moment(caller));
    for (const values of await readValues(engine, caller, plan, rows)) found.add(encodeKey(object, values));
  }
  return found;
}

/** Rows of the junction between one record and others, whoever may see them. */
async function linkRows(
  engine: Engine,
  { caller, object, key, relation, target, writer }: Place,
  keys: readonly string[],
): Promise<StoredRow[]> {
  const { junction, from, to } = relation.through;
  const rows: StoredRow[] = [];
  for (let at = 0; at < keys.length; at += CHUNK) {
    const some = keys.slice(at, at + CHUNK);
    const wanted = [[from.name, object, [key]] as const, [to.name, target, some] as const];
    rows.push(...(await rowsWhere(engine, caller, writer, junction, wanted)));
  }
  return rows;
}

/** Rows of a junction whose references hold one of some keys. */
async function rowsWhere(
  engine: Engine,
  caller: Caller,
  writer: Writer,
  junction: ModelObject,
  wanted: readonly (readonly [reference: string, of: ModelObject, keys: readonly string[]])[],
): Promise<StoredRow[]> {
  const frame = frameFor(engine, caller, junction, {});
  const conditions = wanted.flatMap(([reference, of, keys]) => {
    const columns = junction.attributes.get(reference)?.columns ?? [];
    return matchingKeys(frame, columns, of, keys) ?? [];
  });
  if (conditions.length < wanted.length) return [];
  const plan = planFor(
    engine,
    caller,
    junction,
    junction.key.map(({ name }) => name),
    false,
  );
  const where = andLive(joinSql(conditions, ' and '), frame.scope);
  const found = await engine.rows(
    junction,
    sql`select ${plan.select} ${frame.scope.from()} where ${where}`,
    engine.moment(caller),
  );
  const keys = (await readValues(engine, caller, plan, found)).map((values) => encodeKey(junction, values));
  return writer.readAll(junction, keys);
}

/**
 * Removes the links of records that go for good, where a link says nothing but which two, and journals it; links that say more are records
 * that refer, and hold the deletion up like others.
 */
export async function dropLinks(
  engine: Engine,
  caller: Caller,
  object: ModelObject,
  keys: readonly string[],
): Promise<void> {
  if (keys.length === 0) return;
  for (const [junction, references] of caller.state.bareLinksOf(object.name)) {
    if (caller.state.model.refused.has(junction.name) || readOnlyReason(junction) !== undefined) continue;
    const writer = new Writer(engine, caller);
    const rows = new Map<string, StoredRow>();
    for (const reference of references) {
      for (let at = 0; at < keys.length; at += CHUNK) {
        const wanted = [[reference, object, keys.slice(at, at + CHUNK)]] as const;
        for (const row of await rowsWhere(engine, caller, writer, junction, wanted)) rows.set(row.key, row);
      }
    }
    if (rows.size > 0) await journal(engine, junction, 'deleted', await writer.deleteAll(junction, [...rows.values()]));
  }
}
