import type { Admission, Batch, Door, Entry } from '@caruso/business-objects/contract';
import type { CarusoError, Client } from '@caruso/service-manager/contract';
import type { Change } from '@caruso/storage-manager/contract';
import { type Candidate, DuplicateIndex, likeliestFirst } from './duplicate-index.js';
import { duplicateFound } from './errors.js';
import { findDuplicates, told } from './finder.js';
import type { Comparables } from './match.js';
import type { MatchedModel } from './matched-model.js';
import type { MatchedObject } from './matched-object.js';
import type { Reviews } from './reviews.js';

/** What is kept of a record between its admission and its storing. */
interface Admitted {
  record: Comparables;
  /** Pairs for the list: with a stored record, or with another one of the same call, whose key is known once it is stored. */
  pairs: (Candidate & { other?: Admitted | undefined })[];
}

/** Most pairs that one record brings onto the list. */
const MOST_REVIEWS = 5;

/**
 * Data quality at the door: brings values into one form, turns away what is the same as a record there is, puts what perhaps is on the
 * list, and keeps the index of blocking keys in the unit of work of the record.
 */
export class QualityDoor implements Door {
  readonly #model: MatchedModel;
  readonly #reviews: Reviews;
  readonly #batch: Pick<Client<typeof Batch>, 'get'>;

  constructor(model: MatchedModel, reviews: Reviews, batch: Pick<Client<typeof Batch>, 'get'>) {
    this.#model = model;
    this.#reviews = reviews;
    this.#batch = batch;
  }

  normalise(object: string, values: Readonly<Record<string, unknown>>): ReturnType<Door['normalise']> {
    const known = this.#model.object(object);
    return known === undefined || !known.normalises
      ? { values: { ...values }, violations: [] }
      : known.normalised(values);
  }

  async admit(entries: readonly Entry[]): Promise<Admission[]> {
    const answers: Admission[] = entries.map(() => ({ admitted: undefined }));
    const object = this.#model.comparing(entries[0]?.object ?? '');
    if (object === undefined) return answers;
    const compared = entries.flatMap((entry, at) => {
      const record = object.comparables(entry.after);
      const same = entry.before !== null && alike(object.comparables(entry.before), record);
      return same ? [] : [{ at, entry, record }];
    });
    if (compared.length === 0) return answers;
    const index = this.#model.index(object);
    await index.lock(object.name);
    const stored = await findDuplicates(
      index,
      object,
      compared.map(({ record }) => record),
    );
    const arrivals = new Arrivals(object);
    const refused: { at: number; same: Candidate[] }[] = [];
    for (const [place, { at, entry, record }] of compared.entries()) {
      const found = arrivals.with(entry.key, record, stored[place] ?? []);
      const same = found.filter(({ band }) => band === 'same');
      const there = same.filter(({ other }) => other === undefined);
      if (there.length > 0 && !entry.anyway) refused.push({ at, same: there });
      else {
        // Whether it is turned away is known once the other one is in.
        const waits = same.length > 0 && !entry.anyway;
        const admitted: Admitted = { record, pairs: found.slice(0, MOST_REVIEWS) };
        arrivals.add(entry.key, admitted);
        answers[at] = waits ? 'later' : { admitted };
      }
    }
    for (const [at, error] of await this.#refusals(object, refused)) answers[at] = { refused: error };
    return answers;
  }

  async stored(changes: readonly { change: Change; admitted: unknown }[]): Promise<void> {
    const object = this.#model.comparing(changes[0]?.change.object ?? '');
    if (object === undefined) return;
    const index = this.#model.index(object);
    const gone = changes.flatMap(({ change }) => (change.after === null ? [change.key] : []));
    if (gone.length > 0) {
      await index.remove(object.name, gone);
      await this.#reviews.gone(object.name, gone);
    }
    const keys = new Map<Admitted, string>();
    const put = changes.flatMap(({ change: { key, before, after }, admitted }) => {
      if (after === null || admitted === undefined) return [];
      const { record } = admitted as Admitted;
      keys.set(admitted as Admitted, key);
      return [{ key, record, blocks: object.blocks(record), fresh: before === null }];
    });
    if (put.length === 0) return;
    await index.put(object.name, put);
    await this.#reviews.add(
      object.name,
      [...keys].flatMap(([{ pairs }, key]) =>
        pairs.flatMap(({ other, ...candidate }) => {
          const otherKey = other === undefined ? candidate.key : keys.get(other);
          return otherKey === undefined ? [] : [{ key, candidate: { ...candidate, key: otherKey } }];
        }),
      ),
    );
  }

  async #refusals(
    object: MatchedObject,
    refused: readonly { at: number; same: Candidate[] }[],
  ): Promise<(readonly [number, CarusoError])[]> {
    const duplicates = await told(
      this.#batch,
      object.name,
      refused.map(({ same }) => same),
    );
    return refused.map(({ at }, place) => [at, duplicateFound(object.name, duplicates[place] ?? [])]);
  }
}

/** Records of one call, which meet each other as if those before were stored. */
class Arrivals {
  readonly #index: DuplicateIndex;
  readonly #entries: Admitted[] = [];
  /** Stored records that one of the call takes the place of. */
  readonly #replaced = new Set<string>();

  constructor(object: MatchedObject) {
    this.#index = new DuplicateIndex(object.description.duplicates);
  }

  add(key: string | null, admitted: Admitted): void {
    this.#index.add(String(this.#entries.length), admitted.record);
    this.#entries.push(admitted);
    if (key !== null) this.#replaced.add(key);
  }

  /** Stored duplicates, and those among the records before, the likeliest first. */
  with(key: string | null, record: Comparables, stored: readonly Candidate[]): Admitted['pairs'] {
    const standing = stored.filter((each) => each.key !== key && !this.#replaced.has(each.key));
    const own = this.#index.find(record).map((each) => ({ ...each, other: this.#entries[Number(each.key)] }));
    return own.length === 0 ? standing : [...standing, ...own].sort(likeliestFirst);
  }
}

function alike(left: Comparables, right: Comparables): boolean {
  return left.size === right.size && [...left].every(([name, value]) => right.get(name) === value);
}
