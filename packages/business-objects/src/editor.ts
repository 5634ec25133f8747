import type { Expression } from '@caruso/expressions';
import type { Change } from '@caruso/storage-manager/contract';
import type { ObjectAccess } from './access.js';
import type { ObjectRecord } from './contract.js';
import type { Caller, Engine } from './engine.js';
import { accessDenied, readOnlyObject, recordMissing, versionConflict } from './errors.js';
import { frameFor, whereAll } from './find-statement.js';
import { get } from './finder.js';
import { decodeKey, encodeKey } from './key.js';
import { matchingKeys } from './key-match.js';
import { linkEvents } from './link-events.js';
import { MASK, type ModelObject } from './model.js';
import { demandVisible } from './related.js';
import { planFor, readValues } from './row-reader.js';
import { sql } from './sql.js';
import { anyRule } from './translate-path.js';
import { Writer } from './writer.js';

type Values = Record<string, unknown>;

/** Rows that one statement asks about. */
const CHUNK = 200;

/** Creates a record for the calling user and journals `Object.created` in the same unit of work. */
export async function createRecord(
  engine: Engine,
  input: { object: string; values: Values; anyway?: boolean | undefined },
): Promise<ObjectRecord> {
  const { object } = begin(engine, input.object);
  const key = await engine.parts.storage.unitOfWork(() => createWithin(engine, input));
  return shown(engine, object, key);
}

/** The same within the running unit of work; gives the key. */
export async function createWithin(
  engine: Engine,
  input: { object: string; values: Values; anyway?: boolean | undefined },
): Promise<string> {
  const { caller, object, access } = begin(engine, input.object);
  if (!access.create) throw accessDenied(engine.who(caller), `create ${object.labelPlural}`);
  checkWritable(engine, caller, object, access, input.values, true);
  const change = await new Writer(engine, caller, input.anyway).create(object, input.values);
  await demand(engine, caller, object, change.key, access.createRules, `create this ${object.label}`);
  await journal(engine, object, 'created', [change]);
  return change.key;
}

interface Update {
  object: string;
  key: string;
  values: Values;
  version?: string | undefined;
  anyway?: boolean | undefined;
}

/** Changes a record for the calling user and journals `Object.updated`; where nothing is different, nothing happens. */
export async function updateRecord(engine: Engine, input: Update): Promise<ObjectRecord> {
  const { object } = begin(engine, input.object);
  const key = await engine.parts.storage.unitOfWork(() => updateWithin(engine, input));
  return shown(engine, object, key);
}

/** The same within the running unit of work; gives the key. */
export async function updateWithin(engine: Engine, input: Update): Promise<string> {
  const { caller, object, access } = begin(engine, input.object);
  decodeKey(caller.state.model.objects, object, input.key);
  checkWritable(engine, caller, object, access, input.values, false);
  const writer = new Writer(engine, caller, input.anyway);
  if (access.rules !== undefined) await demandVisible(engine, caller, object, input.key);
  const before = await writer.existing(object, input.key);
  if (input.version !== undefined && input.version !== before.version) {
    throw versionConflict(object.name, before.key, input.version, before.version);
  }
  const rules = writeRules(access, input.values);
  for (const each of rules) await demand(engine, caller, object, before.key, each, `change this ${object.label}`);
  const change = await writer.update(object, before, input.values);
  if (change !== null) {
    for (const each of rules) await demand(engine, caller, object, before.key, each, `change this ${object.label} so`);
    const moved = `move this ${object.label} where it cannot be seen`;
    await demand(engine, caller, object, before.key, access.rules, moved);
    await journal(engine, object, 'updated', [change]);
  }
  return before.key;
}

interface Deletion {
  object: string;
  key: string;
  version?: string | undefined;
}

/** Deletes a record for the calling user and journals `Object.deleted`. */
export function deleteRecord(engine: Engine, input: Deletion): Promise<{ deleted: boolean }> {
  return engine.parts.storage.unitOfWork(async () => {
    await deleteWithin(engine, input);
    return { deleted: true };
  });
}

/** The same within the running unit of work. */
export async function deleteWithin(engine: Engine, input: Deletion): Promise<void> {
  const { caller, object, access } = begin(engine, input.object);
  decodeKey(caller.state.model.objects, object, input.key);
  if (!access.delete) throw accessDenied(engine.who(caller), `delete ${object.labelPlural}`);
  const writer = new Writer(engine, caller);
  if (access.rules !== undefined) await demandVisible(engine, caller, object, input.key);
  const before = await writer.existing(object, input.key);
  if (input.version !== undefined && input.version !== before.version) {
    throw versionConflict(object.name, before.key, input.version, before.version);
  }
  await demand(engine, caller, object, before.key, access.deleteRules, `delete this ${object.label}`);
  const change = await writer.delete(object, before);
  await journal(engine, object, 'deleted', [change]);
}

/** Brings back a record that was deleted and kept, and journals `Object.restored`; for those who may delete it. */
export async function restoreRecord(
  engine: Engine,
  input: { object: string; key: string; anyway?: boolean | undefined },
): Promise<ObjectRecord> {
  const { caller, object, access } = begin(engine, input.object);
  decodeKey(caller.state.model.objects, object, input.key);
  if (!access.delete) throw accessDenied(engine.who(caller), `restore ${object.labelPlural}`);
  const key = await engine.parts.storage.unitOfWork(async () => {
    const writer = new Writer(engine, caller, input.anyway);
    await demandVisible(engine, caller, object, input.key, 'only');
    const before = await writer.read(object, input.key, 'only');
    if (before === undefined) throw recordMissing(object.name, input.key);
    const change = await writer.restore(object, before);
    await journal(engine, object, 'restored', [change]);
    return before.key;
  });
  return shown(engine, object, key);
}

export function begin(engine: Engine, name: string): { caller: Caller; object: ModelObject; access: ObjectAccess } {
  const caller = engine.caller();
  const { object, access } = engine.object(caller, name);
  const reason = readOnlyReason(object);
  if (reason !== undefined) throw readOnlyObject(object.name, reason);
  return { caller, object, access };
}

/** Why nobody may change an object through `objects`; undefined where it may be changed. */
export function readOnlyReason(object: ModelObject): string | undefined {
  if (object.writtenBy !== undefined) return `it is written by '${object.writtenBy}' alone`;
  return object.key.length === 0 ? 'it is a view or has no key' : undefined;
}

/** Attributes that are known but not this caller's to write; unknown ones are told by the validation. */
export function checkWritable(
  engine: Engine,
  caller: Caller,
  object: ModelObject,
  access: ObjectAccess,
  values: Values,
  creating: boolean,
): void {
  for (const name of Object.keys(values)) {
    const attribute = object.attributes.get(name);
    if (attribute === undefined || attribute.kind !== 'stored') continue;
    const ours = attribute.key && (creating || access.writable.size > 0);
    if (attribute.readOnly && attribute.generated === undefined)
      throw readOnlyObject(`${object.name}.${name}`, 'the model says so');
    if (!access.writable.has(name) && !ours && !(creating && access.create && access.visible.has(name))) {
      throw accessDenied(engine.who(caller), `write ${object.name}.${name}`);
    }
  }
  if (!creating && access.writable.size === 0) throw accessDenied(engine.who(caller), `change ${object.labelPlural}`);
}

/** The conditions under which the named attributes may be written, each set once. */
export function writeRules(access: ObjectAccess, values: Values): (readonly Expression[] | undefined)[] {
  const sets = new Map<string, readonly Expression[]>();
  for (const name of Object.keys(values)) {
    const rules = access.writable.get(name);
    if (rules !== undefined) sets.set(JSON.stringify(rules.map((rule) => rule.source)), rules);
  }
  return [...sets.values()];
}

/** Throws ACCESS_DENIED unless one of the rules holds for the row as it is now. */
export async function demand(
  engine: Engine,
  caller: Caller,
  object: ModelObject,
  key: string,
  rules: readonly Expression[] | undefined,
  what: string,
): Promise<void> {
  if ((await meeting(engine, caller, object, [key], rules)).size === 0) throw accessDenied(engine.who(caller), what);
}

/** Keys of the rows among some for which, as they are now, one of the rules holds; all of them where there are no rules. */
export async function meeting(
  engine: Engine,
  caller: Caller,
  object: ModelObject,
  keys: readonly string[],
  rules: readonly Expression[] | undefined,
): Promise<ReadonlySet<string>> {
  if (rules === undefined) return new Set(keys);
  const found = new Set<string>();
  const plan = planFor(
    engine,
    caller,
    object,
    object.key.map(({ name }) => name),
    false,
  );
  for (let from = 0; from < keys.length; from += CHUNK) {
    const frame = frameFor(engine, caller, object, {});
    const known = new Set(frame.site.rules(object.name) ?? rules);
    const where = matchingKeys(frame, object.keyColumns, object, keys.slice(from, from + CHUNK));
    if (where === undefined) continue;
    const rule = anyRule(
      frame,
      frame.scope,
      rules.filter((each) => known.has(each)),
    );
    const statement = sql`select ${plan.select} ${frame.scope.from()} ${whereAll([where, rule])}`;
    const rows = await engine.rows(object, statement, engine.moment(caller));
    for (const values of await readValues(engine, caller, plan, rows)) found.add(encodeKey(object, values));
  }
  return found;
}

/** Read outside the unit of work, so that figures of other databases neither hold it up nor break it. */
async function shown(engine: Engine, object: ModelObject, key: string): Promise<ObjectRecord> {
  const record = await get(engine, { object: object.name, key });
  if (record === null) throw recordMissing(object.name, key);
  return record;
}

/** Journals changes of one kind, an event for each. */
export async function journal(
  engine: Engine,
  object: ModelObject,
  verb: 'created' | 'updated' | 'deleted' | 'restored',
  changes: readonly Change[],
): Promise<void> {
  const { model, linkDirections } = engine.state;
  // A link of a table of links is no record: its two sides are told, and that is all.
  const own = model.junctions.has(object.name) ? [] : changes;
  const events = [
    ...own.map((change) => ({
      type: `${object.name}.${verb}`,
      subject: { object: object.name, key: change.key },
      data:
        verb === 'updated'
          ? { changed: differing(change) }
          : verb === 'deleted' && object.deletedColumn !== undefined
            ? { kept: true }
            : {},
      changes: [{ ...change, before: masked(object, change.before), after: masked(object, change.after) }],
    })),
    ...linkEvents(linkDirections.get(object.name) ?? [], object, changes),
  ];
  if (events.length > 0) await engine.parts.journal.appendAll(events);
}

function differing({ before, after }: Change): string[] {
  return before === null || after === null
    ? []
    : Object.keys(after).filter((name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]));
}

/** Sensitive values never enter the journal, only that they were there. */
function masked(object: ModelObject, values: Values | null): Values | null {
  if (values === null) return null;
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      object.attributes.get(name)?.sensitive === true && value !== null ? MASK : value,
    ]),
  );
}
