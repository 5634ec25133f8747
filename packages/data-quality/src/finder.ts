import type { Batch, ObjectRecord } from '@caruso/business-objects/contract';
import type { Client } from '@caruso/service-manager/contract';
import type { Duplicate } from './contract.js';
import { type Candidate, likeliestFirst } from './duplicate-index.js';
import type { Comparables } from './match.js';
import type { MatchIndex } from './match-index.js';
import type { MatchedObject } from './matched-object.js';

/** Most duplicates that are told of one record. */
const MOST_TOLD = 10;

/** For each record the stored ones that it is the same as, or perhaps; the likeliest first. */
export async function findDuplicates(
  index: MatchIndex,
  object: MatchedObject,
  records: readonly Comparables[],
): Promise<Candidate[][]> {
  const near = await index.candidates(
    object.name,
    records.map((record) => object.blocks(record)),
  );
  return records.map((record, at) =>
    (near[at] ?? [])
      .map(({ key, compared }): Candidate => ({ key, ...object.match(record, compared) }))
      .filter(({ band }) => band !== 'new')
      .sort(likeliestFirst),
  );
}

/** Duplicates of several records as the calling user may hear of them: without key and name where they are not theirs to see. */
export async function told(
  batch: Pick<Client<typeof Batch>, 'get'>,
  object: string,
  found: readonly (readonly Candidate[])[],
): Promise<Duplicate[][]> {
  const some = found.map((candidates) => candidates.slice(0, MOST_TOLD));
  const keys = [...new Set(some.flatMap((candidates) => candidates.map(({ key }) => key)))];
  const seen = keys.length === 0 ? new Map<string, ObjectRecord>() : await visible(batch, object, keys);
  return some.map((candidates) =>
    candidates.map(({ key, band, likeness, agree }) => {
      const record = seen.get(key);
      const plain = { band: band === 'same' ? band : ('perhaps' as const), likeness };
      return record === undefined
        ? { key: null, display: null, ...plain, agree: [] }
        : { key, display: record.display, ...plain, agree };
    }),
  );
}

/** Records that the calling user may see, by key; nothing of an object that they may not read at all. */
export async function visible(
  batch: Pick<Client<typeof Batch>, 'get'>,
  object: string,
  keys: readonly string[],
): Promise<Map<string, ObjectRecord>> {
  try {
    return await batch.get(object, keys);
  } catch {
    return new Map();
  }
}
