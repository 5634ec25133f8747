import type { MatchRule } from '@caruso/business-objects/contract';
import { blockingKeys } from './blocking.js';
import { type Band, type Comparables, type Match, match } from './match.js';

/** Most records of one block that a record is held against. */
const MOST_IN_BLOCK = 100;

export interface Candidate extends Match {
  key: string;
}

/** Records in memory, found by their blocking keys: for a file that is looked through before anything of it is stored. */
export class DuplicateIndex {
  readonly #rules: readonly MatchRule[];
  readonly #records = new Map<string, Comparables>();
  readonly #blocks = new Map<string, string[]>();

  constructor(rules: readonly MatchRule[]) {
    this.#rules = rules;
  }

  add(key: string, record: Comparables): void {
    this.#records.set(key, record);
    for (const block of blockingKeys(this.#rules, record)) {
      const members = this.#blocks.get(block);
      if (members === undefined) this.#blocks.set(block, [key]);
      else members.push(key);
    }
  }

  /** What the record is the same as, or perhaps, the likeliest first. */
  find(record: Comparables): Candidate[] {
    const seen = new Set<string>();
    for (const block of blockingKeys(this.#rules, record))
      for (const key of this.#blocks.get(block)?.slice(0, MOST_IN_BLOCK) ?? []) seen.add(key);
    const found: Candidate[] = [];
    for (const key of seen) {
      const other = this.#records.get(key);
      const result = other === undefined ? undefined : match(this.#rules, record, other);
      if (result !== undefined && result.band !== 'new') found.push({ key, ...result });
    }
    return found.sort(likeliestFirst);
  }
}

const ORDER: Readonly<Record<Band, number>> = { same: 0, perhaps: 1, new: 2 };

export function likeliestFirst(left: Candidate, right: Candidate): number {
  return (
    ORDER[left.band] - ORDER[right.band] ||
    right.likeness - left.likeness ||
    (left.key < right.key ? -1 : left.key > right.key ? 1 : 0)
  );
}
