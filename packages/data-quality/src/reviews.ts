import type { ModelApi } from '@caruso/business-objects/contract';
import { type Clock, currentCall, type Ids } from '@caruso/service-manager/contract';
import type { JournalApi } from '@caruso/storage-manager/contract';
import { chunks } from './chunks.js';
import type { Decisions } from './decisions.js';
import type { Candidate } from './duplicate-index.js';
import { reviewUnknown } from './errors.js';

const REVIEW = 'DuplicateReview';
/** Whom the model files of the package name as the writer of their objects. */
export const OWNER = 'quality';

export interface ReviewParts {
  model: ModelApi;
  journal: JournalApi;
  clock: Clock;
  ids: Ids;
  decisions: Decisions;
}

interface Review extends Record<string, unknown> {
  id: string;
  object: string;
  first: string;
  second: string;
  state: 'open' | 'merged' | 'different';
}

/** The list of possible duplicates. A pair stands on it once, whatever was decided of it. Works inside the running unit of work. */
export class Reviews {
  readonly #parts: ReviewParts;

  constructor(parts: ReviewParts) {
    this.#parts = parts;
  }

  async add(object: string, pairs: readonly { key: string; candidate: Candidate }[]): Promise<void> {
    const found = pairs.filter(({ candidate }) => candidate.band !== 'new');
    if (found.length === 0) return;
    const known = new Set<string>();
    const involving = 'object = o and (first in keys or second in keys)';
    for (const some of chunks([...new Set(found.map(({ key }) => key))]))
      for (const { first, second } of await this.#load(involving, { o: object, keys: some }))
        known.add(pairOf(first, second));
    const fresh = found.flatMap(({ key, candidate }) => {
      const pair = pairOf(key, candidate.key);
      if (known.has(pair)) return [];
      known.add(pair);
      return [
        {
          ...this.#fresh(object),
          first: key,
          second: candidate.key,
          band: candidate.band,
          likeness: Number(candidate.likeness.toFixed(3)),
          agree: candidate.agree.join(', '),
          state: 'open',
        },
      ];
    });
    await this.#write('create', fresh);
  }

  /** Throws REVIEW_UNKNOWN. */
  async dismiss(id: string): Promise<void> {
    const [review] = await this.#load('id = wanted', { wanted: id });
    if (review?.state !== 'open') throw reviewUnknown(id);
    const { object, first, second } = review;
    if (!(await this.#parts.decisions.sees(object, [first, second]))) throw reviewUnknown(id);
    await this.#write('update', [{ id, state: 'different', ...this.#decided() }]);
  }

  /** A merge decides its pair; what waited with the record that is gone, waits with the one that was kept. */
  async merged(object: string, kept: string, dropped: string): Promise<void> {
    const pair = await this.#ofPair(object, kept, dropped);
    const state = { state: 'merged', ...this.#decided() };
    if (pair !== undefined) await this.#write('update', [{ id: pair.id, ...state }]);
    for (const review of await this.#openOf(object, [dropped])) {
      const third = review.first === dropped ? review.second : review.first;
      if (third === kept) continue;
      if ((await this.#ofPair(object, kept, third)) !== undefined) await this.#write('delete', [{ id: review.id }]);
      else await this.#write('update', [{ id: review.id, first: kept, second: third }]);
    }
  }

  /** The pair of a merge that was undone waits for a decision again. */
  async parted(object: string, kept: string, dropped: string): Promise<void> {
    const pair = await this.#ofPair(object, kept, dropped);
    const open = { state: 'open', decidedAt: null, decidedBy: null };
    const ends = { first: kept, second: dropped };
    if (pair !== undefined) await this.#write('update', [{ id: pair.id, ...open, ...ends }]);
    else await this.#write('create', [{ ...this.#fresh(object), ...ends, band: 'perhaps', ...open }]);
  }

  /** Records that are gone wait for nothing. */
  async gone(object: string, keys: readonly string[]): Promise<void> {
    for (const some of chunks(keys)) {
      const open = await this.#openOf(object, some);
      await this.#write(
        'delete',
        open.map(({ id }) => ({ id })),
      );
    }
  }

  #fresh(object: string): Record<string, unknown> {
    const { ids, clock } = this.#parts;
    return { id: ids.next(), object, foundAt: new Date(clock.now()).toISOString() };
  }

  #decided(): Record<string, unknown> {
    const { id } = currentCall().principal;
    return { decidedAt: new Date(this.#parts.clock.now()).toISOString(), decidedBy: id.slice(0, 200) };
  }

  async #ofPair(object: string, one: string, other: string): Promise<Review | undefined> {
    const pair = 'object = o and ((first = a and second = b) or (first = b and second = a))';
    const [review] = await this.#load(pair, { o: object, a: one, b: other });
    return review;
  }

  #openOf(object: string, keys: readonly string[]): Promise<Review[]> {
    return this.#load("object = o and state = 'open' and (first in keys or second in keys)", { o: object, keys });
  }

  async #load(where: string, params: Record<string, unknown>): Promise<Review[]> {
    return (await this.#parts.model.load(REVIEW, where, params)) as Review[];
  }

  async #write(operation: 'create' | 'update' | 'delete', values: readonly Record<string, unknown>[]): Promise<void> {
    if (values.length === 0) return;
    const changes = await this.#parts.model.writeAll(OWNER, operation, REVIEW, values);
    const verbs = { create: 'created', update: 'updated', delete: 'deleted' } as const;
    await this.#parts.journal.appendAll(
      changes.map((change) => ({
        type: `${REVIEW}.${verbs[operation]}`,
        subject: { object: REVIEW, key: change.key },
        changes: [change],
      })),
    );
  }
}

/** A pair whichever of the two comes first. */
function pairOf(one: string, other: string): string {
  return JSON.stringify(one < other ? [one, other] : [other, one]);
}
