import type { BusinessObjects, Door, Entry } from '@caruso/business-objects/contract';
import type { Client } from '@caruso/service-manager/contract';
import type { Change } from '@caruso/storage-manager/contract';
import type { Candidate } from './duplicate-index.js';
import { duplicateFound } from './errors.js';
import { findDuplicates, told } from './finder.js';
import type { Comparables } from './match.js';
import type { MatchedModel } from './matched-model.js';
import type { Reviews } from './reviews.js';

interface Admission {
  record: Comparables;
  /** For the list of possible duplicates. */
  review: Candidate[];
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
  readonly #objects: Pick<Client<typeof BusinessObjects>, 'get'>;

  constructor(model: MatchedModel, reviews: Reviews, objects: Pick<Client<typeof BusinessObjects>, 'get'>) {
    this.#model = model;
    this.#reviews = reviews;
    this.#objects = objects;
  }

  normalise(object: string, values: Readonly<Record<string, unknown>>): ReturnType<Door['normalise']> {
    const known = this.#model.object(object);
    return known === undefined || !known.normalises
      ? { values: { ...values }, violations: [] }
      : known.normalised(values);
  }

  async admit(entry: Entry): Promise<Admission | undefined> {
    const object = this.#model.comparing(entry.object);
    if (object === undefined) return undefined;
    const record = object.comparables(entry.after);
    if (entry.before !== null && alike(object.comparables(entry.before), record)) return undefined;
    const index = this.#model.index(object);
    await index.lock(object.name);
    const found = await findDuplicates(index, object, record, entry.key);
    const same = found.filter(({ band }) => band === 'same');
    if (same.length > 0 && !entry.anyway)
      throw duplicateFound(object.name, await told(this.#objects, object.name, same));
    return { record, review: found.slice(0, MOST_REVIEWS) };
  }

  async stored(change: Change, admission: unknown): Promise<void> {
    const object = this.#model.comparing(change.object);
    if (object === undefined) return;
    const index = this.#model.index(object);
    if (change.after === null) {
      await index.remove(object.name, change.key);
      await this.#reviews.gone(object.name, change.key);
      return;
    }
    if (admission === undefined) return;
    const { record, review } = admission as Admission;
    await index.put(object.name, change.key, record, object.blocks(record), change.before === null);
    for (const candidate of review) await this.#reviews.add(object.name, change.key, candidate);
  }
}

function alike(left: Comparables, right: Comparables): boolean {
  return left.size === right.size && [...left].every(([name, value]) => right.get(name) === value);
}
