import type { BusinessObjects } from '@caruso/business-objects/contract';
import type { Client } from '@caruso/service-manager/contract';
import type { Duplicate } from './contract.js';
import { type Candidate, likeliestFirst } from './duplicate-index.js';
import type { Comparables } from './match.js';
import type { MatchIndex } from './match-index.js';
import type { MatchedObject } from './matched-object.js';

/** Most duplicates that are told of one record. */
const MOST_TOLD = 10;

/** Stored records that a record is the same as, or perhaps; the likeliest first. */
export async function findDuplicates(
  index: MatchIndex,
  object: MatchedObject,
  record: Comparables,
  except: string | null,
): Promise<Candidate[]> {
  const near = await index.candidates(object.name, object.blocks(record));
  return near
    .filter(({ key }) => key !== except)
    .map(({ key, compared }): Candidate => ({ key, ...object.match(record, compared) }))
    .filter(({ band }) => band !== 'new')
    .sort(likeliestFirst);
}

/** Duplicates as the calling user may hear of them: without key and name where the record is not theirs to see. */
export function told(
  objects: Pick<Client<typeof BusinessObjects>, 'get'>,
  object: string,
  candidates: readonly Candidate[],
): Promise<Duplicate[]> {
  return Promise.all(
    candidates.slice(0, MOST_TOLD).map(async ({ key, band, likeness, agree }) => {
      const seen = await objects.get({ object, key }).catch(() => null);
      const plain = { band: band === 'same' ? band : ('perhaps' as const), likeness };
      return seen === null
        ? { key: null, display: null, ...plain, agree: [] }
        : { key, display: seen.display, ...plain, agree };
    }),
  );
}
