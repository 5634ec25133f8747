import type { BusinessObjects, ModelApi, ObjectDescription, ObjectRecord } from '@caruso/business-objects/contract';
import {
  actingAs,
  type Client,
  type Clock,
  currentCall,
  type Ids,
  systemPrincipal,
} from '@caruso/service-manager/contract';
import type { JournalApi, StorageApi } from '@caruso/storage-manager/contract';
import type { Decisions } from './decisions.js';
import { mergeImpossible, mergeUnknown, unmergeImpossible } from './errors.js';
import type { MoveLog } from './move-log.js';
import { type Moved, Relinker } from './relinker.js';
import { OWNER, type Reviews } from './reviews.js';
import { type Survived, survivors } from './survivorship.js';

type Values = Record<string, unknown>;
type Side = 'kept' | 'other';

export interface MergeAsked {
  object: string;
  keep: string;
  other: string;
  take: Readonly<Record<string, Side>>;
}

export interface MergerParts {
  storage: StorageApi;
  journal: JournalApi;
  model: ModelApi;
  objects: Client<typeof BusinessObjects>;
  reviews: Reviews;
  moves: MoveLog;
  decisions: Decisions;
  clock: Clock;
  ids: Ids;
}

/** What it takes to part two records again. */
interface Parts {
  /** Stored values of the record that went. */
  dropped: Values;
  /** Attributes of the record that was kept, before and after, those that the merge changed. */
  kept: Record<string, { before: unknown; after: unknown }>;
  /** Ids of the notes and files that went with it. */
  annotations?: string[];
  /** In merges of before there was a log of moves: what was moved. */
  moved?: Moved[];
}

const MERGE = 'RecordMerge';

/** Merges records and parts them again. The caller needs the rights to change the one and to delete the other. */
export class Merger {
  readonly #parts: MergerParts;
  readonly #relinker: Relinker;

  constructor(parts: MergerParts) {
    this.#parts = parts;
    this.#relinker = new Relinker(parts.model);
  }

  async compare(asked: MergeAsked): Promise<{
    description: ObjectDescription;
    kept: ObjectRecord;
    other: ObjectRecord;
    survived: Map<string, Survived>;
    related: Record<string, number>;
  }> {
    const { description, kept, other } = await this.#pair(asked);
    const survived = survivors(description.attributes, kept.values, other.values, asked.take);
    return { description, kept, other, survived, related: await this.#relinker.count(asked.object, asked.other) };
  }

  async merge(asked: MergeAsked): Promise<{ merge: string; object: string; key: string; moved: number }> {
    const { storage, model, objects, reviews } = this.#parts;
    const { object, keep } = asked;
    return storage.unitOfWork(
      async () => {
        const seen = await this.#pair(asked);
        if (!seen.description.may.update || !seen.description.may.delete)
          throw mergeImpossible(object, keep, asked.other, 'you need the right to change and to delete');
        // What the caller does not see survives as well, and comes back when the merge is undone.
        const [kept, other] = await actingAs(systemPrincipal, () =>
          Promise.all([objects.get({ object, key: keep }), objects.get({ object, key: asked.other })]),
        );
        const whole = model.describe().find(({ name }) => name === object);
        if (kept === null || other === null || whole === undefined)
          throw mergeImpossible(object, keep, asked.other, 'one of them is gone');
        const survived = survivors(whole.attributes, kept.values, other.values, asked.take);
        const moved = await this.#relinker.move(object, other.key, kept.key);
        // Before the other record is gone, and with it what waits for a decision on it.
        await reviews.merged(object, kept.key, other.key);
        const annotations = await model.adopt(object, other.key, kept.key);
        // By the caller's own rights, row rules included.
        await objects.delete({ object, key: other.key });
        const changes = changesOf(kept.values, survived, whole, kept.key, other.key);
        const values = Object.fromEntries(Object.entries(changes).map(([name, { after }]) => [name, after]));
        if (Object.keys(values).length > 0)
          await model.amend('update', object, { ...model.decodeKey(object, kept.key), ...values });
        const dropped = stored(whole, other.values);
        const id = await this.#record(object, kept, other, { dropped, kept: changes, annotations }, moved);
        return { merge: id, object, key: kept.key, moved: moved.length };
      },
      { alone: true },
    );
  }

  async unmerge(
    id: string,
  ): Promise<{ object: string; key: string; left: { object: string; key: string; reason: string }[] }> {
    const { storage, model, journal, reviews, clock, moves } = this.#parts;
    return storage.unitOfWork(
      async () => {
        const [found] = await model.load(MERGE, 'id = wanted', { wanted: id });
        if (found === undefined || found['state'] !== 'merged') throw mergeUnknown(id);
        const object = String(found['object']);
        const [kept, dropped] = [String(found['kept']), String(found['dropped'])];
        await this.#demand(object, kept, id);
        const parts = JSON.parse(String(found['parts'])) as Parts;
        const now = await actingAs(systemPrincipal, () => this.#parts.objects.get({ object, key: kept }));
        if (now === null) throw unmergeImpossible(object, kept, 'the record that was kept is gone');
        const { back, left } = restoring(object, kept, parts, now.values);
        // First the record that was kept gives back what only one may have, then the other comes back.
        if (Object.keys(back).length > 0)
          await model.amend('update', object, { ...model.decodeKey(object, kept), ...back });
        await model.amend('create', object, parts.dropped);
        left.push(...(await this.#relinker.moveBack(parts.moved ?? (await moves.read(id)))));
        await moves.remove(id);
        await model.adopt(object, kept, dropped, parts.annotations ?? []);
        const undoneAt = new Date(clock.now()).toISOString();
        const change = await model.write(OWNER, 'update', MERGE, { id, state: 'undone', undoneAt });
        await journal.append({
          type: `${object}.unmerged`,
          subject: { object, key: kept },
          data: { merge: id, from: dropped, left },
          changes: [masked(change)],
        });
        await reviews.parted(object, kept, dropped);
        return { object, key: dropped, left };
      },
      { alone: true },
    );
  }

  /** Who parts records sees the one there is, and may change it and create the other. */
  async #demand(object: string, kept: string, merge: string): Promise<void> {
    if (!(await this.#parts.decisions.sees(object, [kept]))) throw mergeUnknown(merge);
    const [description] = (await this.#parts.objects.describe({ object })).objects;
    if (description?.may.update !== true || !description.may.create)
      throw unmergeImpossible(object, kept, 'you need the right to change and to create');
  }

  async #pair({ object, keep, other }: MergeAsked): Promise<{
    description: ObjectDescription;
    kept: ObjectRecord;
    other: ObjectRecord;
  }> {
    const { objects } = this.#parts;
    const { objects: descriptions } = await objects.describe({ object });
    const [description] = descriptions;
    const [kept, gone] = [await objects.get({ object, key: keep }), await objects.get({ object, key: other })];
    if (description === undefined || description.readOnly)
      throw mergeImpossible(object, keep, other, 'it is read only');
    if (kept === null || gone === null) {
      const missing = kept === null ? keep : other;
      throw mergeImpossible(object, keep, other, `there is no '${missing}', or you may not see it`);
    }
    if (kept.key === gone.key) throw mergeImpossible(object, keep, other, 'they are one record');
    return { description, kept, other: gone };
  }

  async #record(
    object: string,
    kept: ObjectRecord,
    other: ObjectRecord,
    parts: Parts,
    moved: readonly Moved[],
  ): Promise<string> {
    const { model, journal, clock, ids, moves } = this.#parts;
    const id = ids.next();
    await moves.write(id, moved);
    const change = await model.write(OWNER, 'create', MERGE, {
      id,
      object,
      kept: kept.key,
      dropped: other.key,
      droppedDisplay: other.display.slice(0, 400),
      moved: moved.length,
      state: 'merged',
      at: new Date(clock.now()).toISOString(),
      by: currentCall().principal.id.slice(0, 200),
      parts: JSON.stringify(parts),
    });
    await journal.append({
      type: `${object}.merged`,
      subject: { object, key: kept.key },
      data: { merge: id, from: other.key, moved: moved.length },
      changes: [masked(change)],
    });
    return id;
  }
}

/** The values a record had may be sensitive: the journal only learns that there are some. */
function masked<C extends { before: Values | null; after: Values | null }>(change: C): C {
  const hide = (values: Values | null) => (values === null ? null : { ...values, parts: '***' });
  return { ...change, before: hide(change.before), after: hide(change.after) };
}

function stored({ attributes }: ObjectDescription, values: Values): Values {
  return Object.fromEntries(
    attributes.filter(({ computed }) => computed !== true).map(({ name }) => [name, values[name] ?? null]),
  );
}

function changesOf(
  kept: Values,
  survived: ReadonlyMap<string, Survived>,
  { attributes, name: object }: ObjectDescription,
  keptKey: string,
  otherKey: string,
): Parts['kept'] {
  const changes: Parts['kept'] = {};
  for (const { name, key, to } of attributes) {
    const before = kept[name] ?? null;
    const survivor = survived.get(name);
    if (survivor === undefined || key) continue;
    // What referred to the one that goes, or would now to itself, refers to nothing.
    const toItself =
      to === object && (survivor.value === otherKey || (survivor.from === 'other' && survivor.value === keptKey));
    const after = toItself ? null : survivor.value;
    if (JSON.stringify(before) !== JSON.stringify(after)) changes[name] = { before, after };
  }
  return changes;
}

/** Attributes that still are as the merge left them go back; what somebody changed since stays. */
function restoring(
  object: string,
  key: string,
  parts: Parts,
  now: Values,
): { back: Values; left: { object: string; key: string; reason: string }[] } {
  const back: Values = {};
  const left: { object: string; key: string; reason: string }[] = [];
  for (const [name, { before, after }] of Object.entries(parts.kept)) {
    if (JSON.stringify(now[name] ?? null) === JSON.stringify(after)) back[name] = before;
    else left.push({ object, key, reason: `${name} was changed since` });
  }
  return { back, left };
}
