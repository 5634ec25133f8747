import type { JournalEvent } from '@caruso/storage-manager/contract';
import type { Engine } from './engine.js';
import { decodeKey } from './key.js';
import type { ModelObject } from './model.js';
import { demandVisible } from './related.js';
import { sameValue } from './row-check.js';

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
  return { events: events.map((event) => entryOf(object, access.visible, input.key, event)) };
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
