import { defineContract, defineLocalContract } from '@caruso/service-manager/contract';
import { z } from 'zod';
import type { Comparables, Match } from './match.js';

export type { Band, Comparables, Match } from './match.js';

const Values = z.record(z.string(), z.unknown());

/** A record that another one is the same as, or perhaps. Without key where the caller may not see it. */
export const Duplicate = z.object({
  key: z.string().nullable(),
  display: z.string().nullable(),
  band: z.enum(['same', 'perhaps']),
  /** 0 to 1. */
  likeness: z.number(),
  /** Attributes that agree. */
  agree: z.array(z.string()),
});
export type Duplicate = z.infer<typeof Duplicate>;

/** Whose value an attribute of the merged record has. */
const Side = z.enum(['kept', 'other']);

const Merge = z.object({
  object: z.string(),
  /** Key of the record that stays. */
  keep: z.string(),
  /** Key of the record that goes. */
  other: z.string(),
  /** Attributes whose value is chosen; the others follow `survivor:` of the model. */
  take: z.record(z.string(), Side).default({}),
});

/** A pair that waits for somebody to decide. */
const Review = z.object({
  review: z.string(),
  object: z.string(),
  first: z.object({ key: z.string(), display: z.string() }),
  second: z.object({ key: z.string(), display: z.string() }),
  band: z.enum(['same', 'perhaps']),
  /** 0 to 1; null where they were parted again. */
  likeness: z.number().nullable(),
  /** Attributes that agree. */
  agree: z.array(z.string()),
  /** ISO UTC. */
  foundAt: z.string(),
});
export type Review = z.infer<typeof Review>;

/** A merge that can be undone. */
const Merged = z.object({
  merge: z.string(),
  object: z.string(),
  kept: z.object({ key: z.string(), display: z.string() }),
  /** What the record was called that went. */
  dropped: z.string(),
  /** Related records that went with it. */
  moved: z.number(),
  /** ISO UTC. */
  at: z.string(),
  by: z.string().nullable(),
});
export type Merged = z.infer<typeof Merged>;

export const Quality = defineContract({
  id: 'quality',
  version: '1.1.0',
  methods: {
    check: {
      summary: 'What is wrong with a record before it is stored: values in their one form, faults, duplicates',
      input: z.object({
        object: z.string(),
        values: Values,
        /** Of the record that would be changed. */
        key: z.string().optional(),
      }),
      output: z.object({
        values: Values,
        violations: z.array(z.object({ attribute: z.string(), message: z.string() })),
        duplicates: z.array(Duplicate),
      }),
      idempotent: true,
      allow: ['agent', 'supervisor', 'administrator'],
    },
    compare: {
      summary: 'Two records side by side, and what a merge would make of them',
      input: Merge,
      output: z.object({
        attributes: z.array(
          z.object({
            name: z.string(),
            label: z.string(),
            kept: z.unknown(),
            other: z.unknown(),
            merged: z.unknown(),
            from: Side,
            /** False where the values cannot be chosen: keys. */
            choice: z.boolean(),
          }),
        ),
        /** Records that refer to the one that goes, by object. */
        related: z.record(z.string(), z.number()),
      }),
      idempotent: true,
      allow: ['agent', 'supervisor', 'administrator'],
    },
    merge: {
      summary: 'Makes one record of two: related records move, values survive by field; can be undone',
      input: Merge,
      output: z.object({ merge: z.string(), object: z.string(), key: z.string(), moved: z.number() }),
      allow: ['agent', 'supervisor', 'administrator'],
    },
    unmerge: {
      summary: 'Parts two records again that were merged; what was changed since then stays as it is',
      input: z.object({ merge: z.string() }),
      output: z.object({
        object: z.string(),
        key: z.string(),
        /** What could not be put back, since it was changed after the merge. */
        left: z.array(z.object({ object: z.string(), key: z.string(), reason: z.string() })),
      }),
      allow: ['supervisor', 'administrator'],
    },
    reviews: {
      summary:
        'Pairs that are perhaps one record and wait for a decision, the likeliest first; those of which the caller may see both',
      input: z.object({ limit: z.int().min(1).max(500).default(100) }),
      output: z.object({ reviews: z.array(Review) }),
      idempotent: true,
      allow: ['supervisor', 'administrator'],
    },
    merges: {
      summary: 'Merges that can be undone, the latest first; those whose record the caller may see',
      input: z.object({ limit: z.int().min(1).max(500).default(20) }),
      output: z.object({ merges: z.array(Merged) }),
      idempotent: true,
      allow: ['supervisor', 'administrator'],
    },
    dismiss: {
      summary: 'Decides that two records are not the same',
      input: z.object({ review: z.string() }),
      output: z.object({ dismissed: z.boolean() }),
      idempotent: true,
      allow: ['supervisor', 'administrator'],
    },
    reindex: {
      summary: 'Reads all records of an object anew, for a legacy table that others write to as well',
      input: z.object({ object: z.string() }),
      output: z.object({ records: z.number() }),
      idempotent: true,
      allow: ['administrator'],
    },
  },
});

/** A record that another one is the same as, or perhaps. */
export type Found = Match & { key: string };

/** Holding records against each other before they are stored, for components that read many of them from a file. */
export interface MatchingApi {
  /** Undefined where the model declares no duplicates for the object. */
  of(object: string):
    | {
        comparables(values: Readonly<Record<string, unknown>>): Comparables;
        /** For each record the stored ones that it is the same as, or perhaps; the likeliest first, without regard to rights. */
        find(records: readonly Comparables[]): Promise<Found[][]>;
        /** Records that are not stored yet, to meet each other: empty at first. */
        memory(): { add(key: string, record: Comparables): void; find(record: Comparables): Found[] };
      }
    | undefined;
}

export const Matching = defineLocalContract<MatchingApi>()({ id: 'matching', version: '2.0.0', methods: ['of'] });
