import type { BusinessObjects, ModelApi } from '@caruso/business-objects/contract';
import {
  actingAs,
  type Client,
  type Clock,
  currentCall,
  type Ids,
  systemPrincipal,
} from '@caruso/service-manager/contract';
import type { Change, JournalApi } from '@caruso/storage-manager/contract';
import type { Candidate } from './duplicate-index.js';
import { reviewUnknown } from './errors.js';

const REVIEW = 'DuplicateReview';
/** Whom the model files of the package name as the writer of their objects. */
export const OWNER = 'quality';

export interface ReviewParts {
  model: ModelApi;
  objects: Pick<Client<typeof BusinessObjects>, 'get'>;
  journal: JournalApi;
  clock: Clock;
  ids: Ids;
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

  async add(object: string, key: string, candidate: Candidate): Promise<void> {
    if (candidate.band === 'new' || (await this.#ofPair(object, key, candidate.key)) !== undefined) return;
    await this.#write('create', {
      ...(await this.#fresh(object, key, candidate.key)),
      band: candidate.band,
      likeness: Number(candidate.likeness.toFixed(3)),
      agree: candidate.agree.join(', '),
      state: 'open',
    });
  }

  /** Throws REVIEW_UNKNOWN. */
  async dismiss(id: string): Promise<void> {
    const [review] = await this.#load('id = wanted', { wanted: id });
    if (review?.state !== 'open') throw reviewUnknown(id);
    await this.#write('update', { id, state: 'different', ...this.#decided() });
  }

  /** A merge decides its pair; what waited with the record that is gone, waits with the one that was kept. */
  async merged(object: string, kept: string, dropped: string): Promise<void> {
    const pair = await this.#ofPair(object, kept, dropped);
    const state = { state: 'merged', ...this.#decided() };
    if (pair !== undefined) await this.#write('update', { id: pair.id, ...state });
    for (const review of await this.#openOf(object, dropped)) {
      const third = review.first === dropped ? review.second : review.first;
      if (third === kept) continue;
      if ((await this.#ofPair(object, kept, third)) !== undefined) await this.#write('delete', { id: review.id });
      else await this.#write('update', { id: review.id, ...(await this.#names(object, kept, third)) });
    }
  }

  /** The pair of a merge that was undone waits for a decision again. */
  async parted(object: string, kept: string, dropped: string): Promise<void> {
    const pair = await this.#ofPair(object, kept, dropped);
    const open = { state: 'open', decidedAt: null, decidedBy: null };
    if (pair !== undefined)
      await this.#write('update', { id: pair.id, ...open, ...(await this.#names(object, kept, dropped)) });
    else await this.#write('create', { ...(await this.#fresh(object, kept, dropped)), band: 'perhaps', ...open });
  }

  /** A record that is gone waits for nothing. */
  async gone(object: string, key: string): Promise<void> {
    for (const { id } of await this.#openOf(object, key)) await this.#write('delete', { id });
  }

  async #fresh(object: string, first: string, second: string): Promise<Record<string, unknown>> {
    const { ids, clock } = this.#parts;
    const foundAt = new Date(clock.now()).toISOString();
    return { id: ids.next(), object, foundAt, ...(await this.#names(object, first, second)) };
  }

  async #names(object: string, first: string, second: string): Promise<Record<string, unknown>> {
    return {
      first,
      firstDisplay: await this.#display(object, first),
      second,
      secondDisplay: await this.#display(object, second),
    };
  }

  async #display(object: string, key: string): Promise<string> {
    const record = await actingAs(systemPrincipal, () => this.#parts.objects.get({ object, key }));
    return (record?.display ?? key).slice(0, 400);
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

  #openOf(object: string, key: string): Promise<Review[]> {
    return this.#load("object = o and state = 'open' and (first = k or second = k)", { o: object, k: key });
  }

  async #load(where: string, params: Record<string, unknown>): Promise<Review[]> {
    return (await this.#parts.model.load(REVIEW, where, params)) as Review[];
  }

  async #write(operation: 'create' | 'update' | 'delete', values: Record<string, unknown>): Promise<void> {
    const change: Change = await this.#parts.model.write(OWNER, operation, REVIEW, values);
    const verbs = { create: 'created', update: 'updated', delete: 'deleted' } as const;
    await this.#parts.journal.append({
      type: `${REVIEW}.${verbs[operation]}`,
      subject: { object: REVIEW, key: change.key },
      changes: [change],
    });
  }
}
