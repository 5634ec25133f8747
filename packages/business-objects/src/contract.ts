import { defineContract } from '@caruso/service-manager/contract';
import { z } from 'zod';
import { Attachment, Note } from './annotation-contract.js';
import { AttributeType } from './attribute-type.js';
import { MatchRule, Normalisation, Survivor } from './match-rule.js';
import { LinkInput, RelationDescription, UnlinkInput } from './relation-contract.js';

export {
  type AttachedFile,
  Attachment,
  Attachments,
  type AttachmentsApi,
  Note,
} from './annotation-contract.js';
export { AttributeType } from './attribute-type.js';
export { Batch, type BatchApi, type BatchOutcome } from './batch-contract.js';
export { type CallName, namesInCall } from './call-names.js';
export type { Admission, Door, Entry } from './door.js';
export { MatchCondition, MatchRule, Normalisation, Survivor } from './match-rule.js';
export { Model, type ModelApi, type ObjectTypes } from './model-contract.js';
export { ModelFiles, type ModelFilesApi } from './model-files-contract.js';
export { OWN_KEYS } from './own-keys.js';
export { RelationDescription } from './relation-contract.js';
export { relationTypes } from './relation-types.js';

/** An attribute as screens, forms and OpenAPI need it. */
export const AttributeDescription = z.object({
  name: z.string(),
  label: z.string(),
  type: AttributeType,
  /** Part of the key. */
  key: z.boolean(),
  required: z.boolean(),
  /** Computed, generated or not writable by this user. */
  readOnly: z.boolean(),
  /** True of formulas and roll-ups, which are not stored. */
  computed: z.boolean().optional(),
  /** No two records have the same value. */
  unique: z.boolean().optional(),
  values: z.array(z.string()).optional(),
  /** Which of the values there are depends on the value of another attribute; where that has none, there are none. */
  dependsOn: z.object({ attribute: z.string(), values: z.record(z.string(), z.array(z.string())) }).optional(),
  pattern: z.string().optional(),
  maxLength: z.number().optional(),
  scale: z.number().optional(),
  currency: z.string().optional(),
  /** The name it had before, where that is declared. */
  was: z.string().optional(),
  /** Object a reference leads to. */
  to: z.string().optional(),
  search: z.boolean(),
  /** Masked wherever it is shown, and in the journal; `reveal` gives the clear value to those who may have it. */
  sensitive: z.boolean().optional(),
  /** The caller may have the clear value of a sensitive attribute. */
  mayReveal: z.boolean().optional(),
  help: z.string().optional(),
  normalise: Normalisation.optional(),
  survivor: Survivor.optional(),
  /** Computed when read (formula); cannot be filtered or sorted unless it translates to SQL. */
  formula: z.string().optional(),
});
export type AttributeDescription = z.infer<typeof AttributeDescription>;

export const ObjectDescription = z.object({
  name: z.string(),
  label: z.string(),
  labelPlural: z.string(),
  /** The name it had before it was renamed; absent where another has that name now. */
  was: z.string().optional(),
  /** The object whose model file it builds on. */
  extends: z.string().optional(),
  database: z.string(),
  table: z.string(),
  managed: z.boolean(),
  key: z.array(z.string()),
  /** A view, a table without a key, or written by one component alone. */
  readOnly: z.boolean(),
  attributes: z.array(AttributeDescription),
  relations: z.array(RelationDescription),
  /** When two records are about the same thing. */
  duplicates: z.array(MatchRule),
  /** People may write notes on its records. */
  notes: z.boolean().optional(),
  /** People may attach files to its records: bytes of the largest, and MIME types (`image/*`), none for all. */
  attachments: z.object({ largest: z.number(), types: z.array(z.string()) }).optional(),
  /** What is deleted is kept unseen and can be restored, by those who may delete. */
  keepsDeleted: z.boolean().optional(),
  may: z.object({
    read: z.boolean(),
    create: z.boolean(),
    update: z.boolean(),
    delete: z.boolean(),
    /** True where no row is kept from the caller. */
    everyRow: z.boolean().optional(),
  }),
});
export type ObjectDescription = z.infer<typeof ObjectDescription>;

/**
 * A business object on the wire. Values: integer = number (string beyond 2^53), decimal = string, money = { amount, currency }, date =
 * YYYY-MM-DD, datetime = ISO UTC with milliseconds, tags = a list of texts, reference = the encoded key of the other object.
 */
export interface ObjectRecord {
  object: string;
  /** Encoded key: parts percent-encoded and joined by `~`. */
  key: string;
  /** Grows with every change through Caruso; for legacy tables a hash of the row. Goes into `If-Match`. */
  version: string;
  /** What people call it: the `display` attribute, else the first text attributes. */
  display: string;
  values: Record<string, unknown>;
  /** When it was deleted, ISO UTC; absent of a record that is there. */
  deleted?: string | undefined;
  /** Loaded relations, by name. */
  related?: Record<string, ObjectRecord | ObjectRecord[] | null> | undefined;
}
export const ObjectRecord: z.ZodType<ObjectRecord, ObjectRecord> = z.lazy(() =>
  z.object({
    object: z.string(),
    key: z.string(),
    version: z.string(),
    display: z.string(),
    values: z.record(z.string(), z.unknown()),
    deleted: z.string().optional(),
    related: z.record(z.string(), z.union([z.null(), ObjectRecord, z.array(ObjectRecord)])).optional(),
  }),
);

const One = z.object({ object: z.string(), key: z.string() });
const Values = z.record(z.string(), z.unknown());
/** Stores a record although one that is the same is there; they then go on the list of possible duplicates. */
const Anyway = z.boolean().optional();

/** A list query. `where` is a Caruso expression over the object's attributes and to-one relations. */
export const ObjectQuery = z.object({
  object: z.string(),
  where: z.string().max(2000).optional(),
  /** Values for names used in `where` beside the attributes; always bound, never spliced into SQL. */
  params: Values.optional(),
  /** Free text over the searchable attributes. */
  search: z.string().max(200).optional(),
  /** Attribute names; a leading minus sorts descending. The key is always the last criterion. */
  sort: z.array(z.string()).max(5).optional(),
  limit: z.number().int().min(1).max(500).default(50),
  /** `next` of the page before. */
  after: z.string().max(4000).optional(),
  /** Relations to load with the records, batched. */
  include: z.array(z.string()).max(10).optional(),
  /** Records that were deleted and are kept: with the others, or alone; for those who may restore them. */
  deleted: z.enum(['also', 'only']).optional(),
});
export type ObjectQuery = z.input<typeof ObjectQuery>;

/** What a relation of one record leads to, filtered and ordered like any list. */
export const RelatedQuery = ObjectQuery.omit({ object: true }).extend({
  object: z.string(),
  key: z.string(),
  /** A to-many relation, or a reference. */
  relation: z.string(),
});

/** One of many changes that are made together. */
export const BulkOperation = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('create'), values: Values, anyway: Anyway }),
  z.strictObject({
    do: z.literal('update'),
    key: z.string(),
    values: Values,
    version: z.string().optional(),
    anyway: Anyway,
  }),
  z.strictObject({ do: z.literal('delete'), key: z.string(), version: z.string().optional() }),
]);

/** Why one of many changes is refused, in `details.faults` of BULK_REFUSED; `details.untried` counts those that were not looked at. */
export const BulkFault = z.object({
  /** Of the operation, from 0. */
  index: z.number(),
  code: z.string(),
  message: z.string(),
  remedy: z.string().optional(),
  details: z.unknown().optional(),
});
export type BulkFault = z.infer<typeof BulkFault>;

export const Measure = z.object({
  name: z.string(),
  kind: z.enum(['count', 'sum', 'average', 'min', 'max']),
  /** Expression that is summed or averaged; durations in milliseconds. */
  of: z.string().optional(),
  where: z.string().optional(),
});

/** Reading methods build every answer themselves out of their rows, so `check: 'input'`; lists would be walked a second time. */
export const BusinessObjects = defineContract({
  id: 'objects',
  version: '1.0.0',
  methods: {
    describe: {
      summary: 'The objects, attributes and relations the caller may see',
      input: z.object({ object: z.string().optional() }),
      output: z.object({ objects: z.array(ObjectDescription) }),
      idempotent: true,
      allow: ['public'],
    },
    create: {
      summary: 'Creates a business object',
      input: z.object({ object: z.string(), values: Values, anyway: Anyway }),
      output: ObjectRecord,
      allow: ['public'],
    },
    get: {
      summary: 'Reads one business object by its key; null where there is none',
      input: z.object({
        object: z.string(),
        key: z.string(),
        include: z.array(z.string()).max(10).optional(),
        /** Also if it was deleted and is kept; for those who may restore it. */
        deleted: z.boolean().optional(),
      }),
      output: ObjectRecord.nullable(),
      check: 'input',
      idempotent: true,
      allow: ['public'],
    },
    find: {
      summary: 'Lists business objects: filter, search, sort, keyset page',
      input: ObjectQuery,
      output: z.object({ records: z.array(ObjectRecord), next: z.string().nullable() }),
      check: 'input',
      idempotent: true,
      allow: ['public'],
    },
    related: {
      summary: 'Lists what a relation or reference of one record leads to',
      input: RelatedQuery,
      output: z.object({ kind: z.enum(['one', 'many']), records: z.array(ObjectRecord), next: z.string().nullable() }),
      check: 'input',
      idempotent: true,
      allow: ['public'],
    },
    update: {
      summary:
        'Changes attributes; refused with VERSION_CONFLICT where `version` is given and no longer the current one',
      input: z.object({
        object: z.string(),
        key: z.string(),
        values: Values,
        version: z.string().optional(),
        anyway: Anyway,
      }),
      output: ObjectRecord,
      allow: ['public'],
    },
    delete: {
      summary: 'Deletes a business object',
      input: z.object({ object: z.string(), key: z.string(), version: z.string().optional() }),
      output: z.object({ deleted: z.boolean() }),
      allow: ['public'],
    },
    bulk: {
      summary: 'Creates, changes and deletes many records together: all, or with BULK_REFUSED none',
      input: z.object({ object: z.string(), operations: z.array(BulkOperation).min(1).max(500) }),
      /** In the order of the operations; null for what was deleted. */
      output: z.object({ records: z.array(ObjectRecord.nullable()) }),
      check: 'input',
      allow: ['public'],
    },
    link: {
      summary: 'Links a business object to others by a many-to-many relation; what is linked already stays so',
      input: LinkInput,
      /** Keys of those that are new. */
      output: z.object({ linked: z.array(z.string()) }),
      idempotent: true,
      allow: ['public'],
    },
    unlink: {
      summary: 'Removes links of a many-to-many relation; what is not linked stays so',
      input: UnlinkInput,
      /** Keys of those that were linked. */
      output: z.object({ unlinked: z.array(z.string()) }),
      idempotent: true,
      allow: ['public'],
    },
    tags: {
      summary: 'Tags in use, as far as the caller may see the records that have them, the most frequent first',
      input: z.object({ object: z.string(), attribute: z.string() }),
      output: z.object({ tags: z.array(z.object({ tag: z.string(), count: z.number() })) }),
      check: 'input',
      idempotent: true,
      allow: ['public'],
    },
    restore: {
      summary: 'Brings back a business object that was deleted and kept',
      input: z.object({ object: z.string(), key: z.string(), anyway: Anyway }),
      output: ObjectRecord,
      allow: ['public'],
    },
    reveal: {
      summary: 'Gives sensitive values in the clear to those who may have them, and journals that it did',
      input: z.object({ object: z.string(), key: z.string(), attributes: z.array(z.string()).min(1).max(50) }),
      output: z.object({ values: Values }),
      check: 'input',
      allow: ['public'],
    },
    notes: {
      summary: 'Free notes on a business object, the newest first',
      input: One.extend({ limit: z.number().int().min(1).max(200).default(50) }),
      output: z.object({ notes: z.array(Note) }),
      check: 'input',
      idempotent: true,
      allow: ['public'],
    },
    addNote: {
      summary: 'Writes a note on a business object',
      input: One.extend({ text: z.string().trim().min(1).max(10_000) }),
      output: Note,
      allow: ['public'],
    },
    removeNote: {
      summary: 'Removes a note: one of the caller, or for who may delete the business object any',
      input: One.extend({ note: z.string() }),
      output: z.object({ removed: z.boolean() }),
      allow: ['public'],
    },
    attachments: {
      summary: 'Files attached to a business object, the newest first',
      input: One,
      output: z.object({ attachments: z.array(Attachment) }),
      check: 'input',
      idempotent: true,
      allow: ['public'],
    },
    detach: {
      summary: 'Removes a file: one of the caller, or for who may delete the business object any',
      input: One.extend({ attachment: z.string() }),
      output: z.object({ removed: z.boolean() }),
      allow: ['public'],
    },
    history: {
      summary: 'What happened to a business object, newest first, as far as the caller may see it',
      input: z.object({ object: z.string(), key: z.string(), limit: z.number().int().min(1).max(200).default(50) }),
      output: z.object({
        events: z.array(
          z.object({
            seq: z.number(),
            type: z.string(),
            at: z.string(),
            actor: z.object({ kind: z.string(), id: z.string() }),
            changed: z.array(z.object({ attribute: z.string(), before: z.unknown(), after: z.unknown() })),
            data: Values,
          }),
        ),
      }),
      check: 'input',
      idempotent: true,
      allow: ['public'],
    },
    aggregate: {
      summary: 'Counts, sums and averages, by attributes and by buckets of time',
      input: z.object({
        object: z.string(),
        where: z.string().max(2000).optional(),
        params: Values.optional(),
        measures: z.array(Measure).min(1).max(30),
        by: z.array(z.string()).max(5).default([]),
        /** Half-open buckets [bounds[i], bounds[i+1]) of a datetime attribute, ISO UTC. */
        buckets: z.object({ attribute: z.string(), bounds: z.array(z.string()).min(2).max(2000) }).optional(),
      }),
      output: z.object({
        rows: z.array(
          z.object({
            /** Index of the bucket; absent without buckets. */
            bucket: z.number().optional(),
            by: z.record(z.string(), z.unknown()),
            /** Null where there was nothing to average. */
            measures: z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
          }),
        ),
      }),
      check: 'input',
      idempotent: true,
      allow: ['public'],
    },
  },
});
