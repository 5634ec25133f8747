import type { JournalEvent } from '@caruso/storage-manager/contract';
import type { ObjectRecord } from './contract.js';
import type { Caller, Engine } from './engine.js';
import { recordsByKeys } from './finder.js';
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

/** What happened to a record, newest first; changes of attributes that the caller does not see are left out. */
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
  const subject = { object: object.name, key: input.key };
  const events = await engine.parts.journal.read({ subject, limit: input.limit, descending: true });
  const shown = await seenLinks(engine, caller, object, events);
  return { events: shown.map((event) => entryOf(object, access.visible, input.key, event)) };
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
    if (link !== undefined) others.set(link.object, new Set([...(others.get(link.object) ?? []), link.key]));
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
    const record = found.get(link.object)?.get(link.key);
    const target = caller.state.model.objects.get(link.object);
    // What is gone for good was seen by whoever sees all.
    const all = target !== undefined && caller.access.of(target).read && caller.access.of(target).rules === undefined;
    const ways = relation === undefined ? [...(target?.relations.values() ?? [])] : [];
    const followed =
      relation === undefined
        ? ways.some((way) => way.through !== undefined && way.to === object.name && junctionSeen(caller, way.through))
        : caller.access.follows(object, relation);
    if (!followed || (record === undefined && !all)) return [];
    return [record === undefined ? event : { ...event, data: { ...event.data, display: record.display } }];
  });
}

/** Whether links of a junction are seen, where they are records with rights of their own. */
function junctionSeen(caller: Caller, { junction }: Through): boolean {
  return junction.rights === undefined || caller.access.of(junction).read;
}

function entryOf(object: ModelObject, visible: ReadonlySet<string>, key: string, event: JournalEvent): HistoryEntry {
  const hidden = (name: string) => object.attributes.has(name) && !visible.has(name);
  const changed: HistoryEntry['changed'] = [];
  const named = new Set(Array.isArray(event.data['changed']) ? event.data['changed'] : []);
  for (const change of event.changes) {
    if (change.object !== object.name || change.key !== key) continue;
    const names = new Set([...Object.keys(change.before ?? {}), ...Object.keys(change.after ?? {})]);
    // In the order of the model: a database may keep JSON in an order of its own.
    for (const name of object.attributes.keys()) {
      if (!names.has(name)) continue;
      const before = change.before?.[name] ?? null;
      const after = change.after?.[name] ?? null;
      // Of a sensitive value only that it changed is known.
      const masked = object.attributes.get(name)?.sensitive === true && named.has(name);
      if (visible.has(name) && (masked || !sameValue(before, after))) changed.push({ attribute: name, before, after });
    }
  }
  const data: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(event.data)) {
    if (hidden(name)) continue;
    data[name] =
      name === 'changed' && Array.isArray(value)
        ? value.filter((each) => typeof each !== 'string' || !hidden(each))
        : value;
  }
  const { seq, type, at, actor } = event;
  return { seq, type, at, actor: { kind: actor.kind, id: actor.id }, changed, data };
}
