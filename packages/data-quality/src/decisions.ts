import type { Batch, BusinessObjects, ObjectRecord } from '@caruso/business-objects/contract';
import { actingAs, type Client, systemPrincipal } from '@caruso/service-manager/contract';
import type { Merged, Review } from './contract.js';
import { visible } from './finder.js';

/** Entries that are read at once. */
const PAGE = 200;

export interface DecisionsParts {
  objects: Client<typeof BusinessObjects>;
  batch: Pick<Client<typeof Batch>, 'get'>;
}

/**
 * What waits for a decision and what was decided, as the calling user may know of it. The lists are the house's own; each entry is told
 * to those whose rights, the conditions on rows included, let them see its records, and with the names these have for them now.
 */
export class Decisions {
  readonly #parts: DecisionsParts;

  constructor(parts: DecisionsParts) {
    this.#parts = parts;
  }

  reviews(limit: number): Promise<Review[]> {
    const list = { object: 'DuplicateReview', where: "state = 'open'", sort: ['-likeness'] };
    return this.#told(list, ['first', 'second'], limit, ({ key, values }, [first, second]) => {
      if (first === undefined || second === undefined) return undefined;
      return {
        review: key,
        object: String(values['object']),
        first: named(first),
        second: named(second),
        band: values['band'] === 'same' ? 'same' : 'perhaps',
        likeness: typeof values['likeness'] === 'number' ? values['likeness'] : null,
        agree: String(values['agree'] ?? '')
          .split(', ')
          .filter((name) => name !== ''),
        foundAt: String(values['foundAt']),
      };
    });
  }

  merges(limit: number): Promise<Merged[]> {
    const list = { object: 'RecordMerge', where: "state = 'merged'", sort: ['-at'] };
    return this.#told(list, ['kept'], limit, ({ key, values }, [kept]) => {
      if (kept === undefined) return undefined;
      return {
        merge: key,
        object: String(values['object']),
        kept: named(kept),
        dropped: String(values['droppedDisplay'] ?? values['dropped']),
        moved: Number(values['moved']),
        at: String(values['at']),
        by: typeof values['by'] === 'string' ? values['by'] : null,
      };
    });
  }

  /** Whether the calling user may see all these records. */
  async sees(object: string, keys: readonly string[]): Promise<boolean> {
    const seen = await visible(this.#parts.batch, object, keys);
    return keys.every((key) => seen.has(key));
  }

  /** @param ends attributes that hold keys of records of the entry's object */
  async #told<T>(
    list: { object: string; where: string; sort: string[] },
    ends: readonly string[],
    limit: number,
    entry: (found: ObjectRecord, records: readonly (ObjectRecord | undefined)[]) => T | undefined,
  ): Promise<T[]> {
    const told: T[] = [];
    let after: string | null = null;
    do {
      const page: { records: ObjectRecord[]; next: string | null } = await actingAs(systemPrincipal, () =>
        this.#parts.objects.find({ ...list, limit: PAGE, ...(after === null ? {} : { after }) }),
      );
      const seen = await this.#seen(page.records, ends);
      for (const found of page.records) {
        const object = String(found.values['object']);
        const value = entry(
          found,
          ends.map((end) => seen.get(object)?.get(String(found.values[end]))),
        );
        if (value !== undefined && told.length < limit) told.push(value);
      }
      after = page.next;
    } while (after !== null && told.length < limit);
    return told;
  }

  async #seen(
    entries: readonly ObjectRecord[],
    ends: readonly string[],
  ): Promise<Map<string, Map<string, ObjectRecord>>> {
    const keys = new Map<string, Set<string>>();
    for (const { values } of entries) {
      const object = String(values['object']);
      const some = keys.get(object) ?? new Set();
      for (const end of ends) some.add(String(values[end]));
      keys.set(object, some);
    }
    const seen = new Map<string, Map<string, ObjectRecord>>();
    for (const [object, some] of keys) seen.set(object, await visible(this.#parts.batch, object, [...some]));
    return seen;
  }
}

function named({ key, display }: ObjectRecord): { key: string; display: string } {
  return { key, display };
}
