import { defineContract } from '@caruso/service-manager/contract';
import { z } from 'zod';
import { Difference } from './difference.js';
import { Operation, Rename } from './operation.js';

export { Difference } from './difference.js';
export { Operation, Rename } from './operation.js';

const Place = z.object({ file: z.string(), line: z.number(), column: z.number() });

/** An attribute or relation as the model's files say it, all layers together. */
export const Member = z.object({
  name: z.string(),
  /** As written: properties of an attribute or relation; `name: text` as `{ type: text }`. */
  body: z.record(z.string(), z.unknown()),
  at: Place,
  /** A layer below says it too, so that it can be changed and left out, and not moved. */
  inherited: z.boolean(),
});
export type Member = z.infer<typeof Member>;

export const ModelerObject = z.object({
  name: z.string(),
  label: z.string(),
  /** Within the front office's folder: `model/customer.yaml`. */
  file: z.string(),
  at: Place,
  /** A layer below says it too. */
  inherited: z.boolean(),
  database: z.string(),
  /** A legacy table, which is never altered. */
  managed: z.boolean(),
  /** Written by one component alone. */
  writtenBy: z.string().nullable(),
  attributes: z.array(Member),
  relations: z.array(Member),
  /** What each role may do, as written. */
  rights: z.record(z.string(), z.unknown()),
  /** Everything else that is written of it: table, search, duplicates. */
  rest: z.record(z.string(), z.unknown()),
});
export type ModelerObject = z.infer<typeof ModelerObject>;

/** A file that is being changed: what is to stand in it, and the hash of what stood there when the work on it began. */
export const Draft = z.object({
  name: z.string().max(200),
  text: z.string().max(1_000_000).nullable(),
  base: z.string().max(100).nullable(),
  /** Of the model's file: what was renamed in it since, in order. */
  renames: z.array(Rename).max(200).optional(),
});
export type Draft = z.infer<typeof Draft>;
const Drafts = z.array(Draft).max(200).default([]);

export const ModelerFault = z.object({
  file: z.string(),
  line: z.number(),
  column: z.number(),
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
  severity: z.enum(['error', 'warning']),
});

/** The model with drafts laid over it. */
export const ModelState = z.object({
  objects: z.array(ModelerObject),
  /** What the front office's own folder says, drafts included; the text of each file. */
  files: z.array(z.object({ name: z.string(), text: z.string(), hash: z.string() })),
  drafts: z.array(Draft),
  faults: z.array(ModelerFault),
  databases: z.array(z.object({ name: z.string(), managed: z.boolean() })),
  /** Every role the model gives rights to. */
  roles: z.array(z.string()),
});
export type ModelState = z.infer<typeof ModelState>;

export const PlannedStep = z.object({
  database: z.string(),
  statement: z.string(),
  summary: z.string(),
  /** `loosen` lets in what was refused before. */
  kind: z.enum(['add', 'rename', 'loosen', 'remove']),
  /** How many values would be lost; null where nothing is, or it is not known. */
  loses: z.number().nullable(),
});
export type PlannedStep = z.infer<typeof PlannedStep>;

export const ModelPreview = z.object({
  /** Each file that would be written, before and after. */
  files: z.array(z.object({ name: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
  /** What would be wrong then in any declaration and is not now. */
  faults: z.array(ModelerFault),
  steps: z.array(PlannedStep),
  /** Of the plan, about what changes. */
  notes: z.array(z.string()),
  /** Places of code that have a former name as a word; whether they mean what was renamed, only a person can tell. */
  unfollowed: z.array(Place.extend({ text: z.string() })),
});
export type ModelPreview = z.infer<typeof ModelPreview>;

const allow = ['administrator'];

/** The model, changed by a tool while the front office runs. Edits are splices: comments, order and the hand's own spacing stay. */
export const Modeler = defineContract({
  id: 'modeler',
  version: '1.0.0',
  methods: {
    model: {
      summary: 'The model as its files say it, with drafts laid over',
      input: z.object({ drafts: Drafts }),
      output: ModelState,
      idempotent: true,
      allow,
    },
    edit: {
      summary: 'Makes edits of the model in drafts of its files; nothing is written',
      input: z.object({ drafts: Drafts, operations: z.array(Operation).min(1).max(200) }),
      output: ModelState,
      idempotent: true,
      allow,
    },
    preview: {
      summary: 'What drafts would change: the files, the databases, and what would be wrong in any declaration',
      input: z.object({ drafts: Drafts }),
      output: ModelPreview,
      idempotent: true,
      allow,
    },
    apply: {
      summary: 'Writes drafts, brings the databases up to them and lets them take effect',
      input: z.object({
        drafts: Drafts,
        /** Steps that lose data and are meant, by their statements; others of that kind are not taken. */
        lose: z.array(z.string()).max(200).default([]),
      }),
      output: z.object({
        files: z.array(z.string()),
        steps: z.array(PlannedStep),
        /** Copies of SQLite files made before. */
        backups: z.array(z.string()),
      }),
      timeout: 120_000,
      allow,
    },
    promote: {
      summary: 'Takes over what another installation says of the model, as drafts; nothing is written',
      input: z.object({ drafts: Drafts, differences: z.array(Difference).min(1).max(1000) }),
      output: ModelState,
      idempotent: true,
      allow,
    },
  },
});
