import type { JournalEvent } from '@caruso/storage-manager/contract';
import type { ObjectRecord } from './contract.js';
import type { Caller, Engine } from './engine.js';
import { recordsByKeys } from './finder.js';
import { attributeNow, formerNameOf, objectNow } from './former-name.js';
import { decodeKey } from './key.js';
import type { ModelObject, Through } from './model.js';
import { demandVisible } from './related.js';
import { sameValue } from './row-check.js';
import { unlessDown } from './row-reader.js';

interface HistoryEntry {
  seq: number;
  type: string;
  at: string;
  actor: { kind: string; id: string };
  changed: { attribute: string; before: unknown; after: unknown }[];
  data: Record<string, unknown>;
}

/**
 * What happened to a record, newest first, by the names that objects and attributes have now; changes of attributes that the caller does
 * not see are left out.
 */
export async function history(
  engine: Engine,
  input: { object: string; key: string; limit: number },
): Promise<{ events: HistoryEntry[] }> {
  const caller = engine.caller();
  const { object, access } = engine.object(caller, input.object);
  decodeKey(caller.state.model.objects, object, input.key);
  // Who sees only some rows sees the history of those, as they are now; that of deleted ones who may restore them.
  if (access.rules !== undefined || object.deletedColumn !== undefined)
    await demandVisible(engine, caller, object, input.key, access.delete ? 'also' : undefined);
  const former = formerNameOf(caller.state.model.objects, object);
  const under = (name: string): Promise<JournalEvent[]> =>
    engine.parts.journal.read({
      subject: { object: name, key: input.key },
      limit: input.limit,
      descending: true,
    });
  const events = await under(object.name);
  // What happened under the former name happened before.
  if (former !== undefined && events.length < input.limit) {
    const before = await under(former);
    events.push(...before.slice(0, input.limit - events.length).map((event) => underNow(event, former, object.name)));
  }
  const shown = await seenLinks(engine, caller, object, events);
  return { events: shown.map((event) => entryOf(object, access.visible, input.key, event)) };
}

function underNow(event: JournalEvent, former: string, name: string): JournalEvent {
  const type = event.type.startsWith(`${former}.`) ? `${name}${event.type.slice(former.length)}` : event.type;
  const changes = event.changes.map((change) => (change.object === former ? { ...change, object: name } : change));
  return { ...event, type, changes };
}

/**
 * Events without those of links that the caller may not follow, or that lead to what the caller may not see; the others say what people
 * call what they lead to.
 */
async function seenLinks(
  engine: Engine,
  caller: Caller,
  object: ModelObject,
  events: readonly JournalEvent[],
): Promise<JournalEvent[]> {
  const others = new Map<string, Set<string>>();
  const linkOf = ({ type, data }: JournalEvent): { object: string; key: string } | undefined =>
    type === `${object.name}.linked` || type === `${object.name}.unlinked`
      ? { object: String(data['object']), key: String(data['key']) }
      : undefined;
  for (const event of events) {
    const link = linkOf(event);
    const name = link === undefined ? undefined : objectNow(caller.state.model.objects, link.object)?.name;
    if (link !== undefined && name !== undefined) others.set(name, new Set([...(others.get(name) ?? []), link.key]));
  }
  const found = new Map<string, ReadonlyMap<string, ObjectRecord>>();
  for (const [name, keys] of others) {
    const target = caller.state.model.objects.get(name);
    if (target === undefined || !caller.access.of(target).read || caller.state.model.refused.has(name)) continue;
    found.set(
      name,
      (await unlessDown(engine, target, () => recordsByKeys(engine, caller, target, [...keys]))) ?? new Map(),
    );
  }
  return events.flatMap((event) => {
    const link = linkOf(event);
    if (link === undefined) return [event];
    const relation = object.relations.get(String(event.data['relation']));
    const target = objectNow(caller.state.model.objects, link.object);
    const record = target === undefined ? undefined : found.get(target.name)?.get(link.key);
    // What is gone for good was seen by whoever sees all.
    const all = target !== undefined && caller.access.of(target).read && caller.access.of(target).rules === undefined;
    const ways = relation === undefined ? [...(target?.relations.values() ?? [])] : [];
    const followed =
      relation === undefined
        ? ways.some((way) => way.through !== undefined && way.to === object.name && junctionSeen(caller, way.through))
        : caller.access.follows(object, relation);
    if (!followed || (record === undefined && !all)) return [];
    const data = { ...event.data, object: target?.name ?? link.object };
    return [{ ...event, data: record === undefined ? data : { ...data, display: record.display } }];
  });
}

/** Whether links of a junction are seen, where they are records with rights of their own. */
function junctionSeen(caller: Caller, { junction }: Through): boolean {
  return junction.rights === undefined || caller.access.of(junction).read;
}

function entryOf(object: ModelObject, visible: ReadonlySet<string>, key: string, event: JournalEvent): HistoryEntry {
  const hidden = (name: string) => object.attributes.has(name) && !visible.has(name);
  const changed: HistoryEntry['changed'] = [];
  const now = (values: Readonly<Record<string, unknown>> | null): Record<string, unknown> =>
    Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [attributeNow(object, name), value]));
  const nowNamed = (names: unknown): unknown[] =>
    Array.isArray(names) ? names.map((name) => (typeof name === 'string' ? attributeNow(object, name) : name)) : [];
  const named = new Set(nowNamed(event.data['changed']));
  for (const change of event.changes) {
    if (change.object !== object.name || change.key !== key) continue;
    const [old, fresh] = [now(change.before), now(change.after)];
    const names = new Set([...Object.keys(old), ...Object.keys(fresh)]);
    // In the order of the model: a database may keep JSON in an order of its own.
    for (const name of object.attributes.keys()) {
      if (!names.has(name)) continue;
      const before = old[name] ?? null;
      const after = fresh[name] ?? null;
      // Of a sensitive value only that it changed is known.
      const masked = object.attributes.get(name)?.sensitive === true && named.has(name);
      if (visible.has(name) && (masked || !sameValue(before, after))) changed.push({ attribute: name, before, after });
    }
  }
  const data: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(event.data)) {
    if (hidden(attributeNow(object, name))) continue;
    data[name] =
      name === 'changed' && Array.isArray(value)
        ? nowNamed(value).filter((each) => typeof each !== 'string' || !hidden(each))
        : value;
  }
  const { seq, type, at, actor } = event;
  return { seq, type, at, actor: { kind: actor.kind, id: actor.id }, changed, data };
}
