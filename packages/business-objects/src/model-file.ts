import { z } from 'zod';
import { AttributeType } from './contract.js';
import { Normalisation, Survivor } from './match-rule.js';

/** A name that expressions can speak of. */
const Name = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a name has letters, digits and underscores, and begins with a letter');
const Names = z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(Name).min(1));

/** What types a model file may name; a reference is written with `to:`. */
const DeclaredType = AttributeType.exclude(['reference']);

/** How dates are stored where a legacy table keeps them as text or number. */
export const DateFormat = z.enum(['yyyymmdd', 'dd-mm-yyyy', 'dd.mm.yyyy', 'dd/mm/yyyy', 'mm/dd/yyyy']);
export type DateFormat = z.infer<typeof DateFormat>;

const ValueList = z.preprocess(
  (value) => (['string', 'number', 'boolean'].includes(typeof value) ? [value] : value),
  z.array(z.union([z.string(), z.number().transform(String), z.boolean().transform(String)])).min(1),
);

const AttributeBody = z.strictObject({
  label: z.string().optional(),
  /** Column of the table; default: the name in snake case. */
  column: z.string().min(1).optional(),
  /** Columns of a reference to an object with several key attributes, in the order of that key. */
  columns: z.array(z.string().min(1)).min(1).optional(),
  type: DeclaredType.optional(),
  to: Name.optional(),
  key: z.union([z.boolean(), z.literal('generated')]).optional(),
  /** The name it had before; its column is renamed where it is still called so. */
  was: Name.optional(),
  required: z.boolean().optional(),
  unique: z.boolean().optional(),
  index: z.boolean().optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  pattern: z.string().max(500).optional(),
  /** Of `one of`: a list; with `by`, a list for each value of another attribute. */
  values: z.union([ValueList, z.record(z.string(), ValueList)]).optional(),
  /** The attribute on whose value depends which values this one may have. */
  by: Name.optional(),
  length: z.int().min(1).max(1_000_000).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  scale: z.int().min(0).max(12).optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'a currency is an ISO 4217 code such as EUR')
    .optional(),
  currencyColumn: z.string().min(1).optional(),
  /** Of a legacy table: how it keeps dates, or that a text is of the type uuid. */
  format: z.union([DateFormat, z.literal('uuid')]).optional(),
  /** The form its values are brought into when they are written. */
  normalise: Normalisation.optional(),
  /** Whose value a merged record has. */
  survivor: Survivor.optional(),
  search: z.boolean().optional(),
  sensitive: z.boolean().optional(),
  readOnly: z.boolean().optional(),
  help: z.string().optional(),
  formula: z.string().optional(),
  count: Name.optional(),
  sum: z
    .string()
    .regex(/^[A-Za-z_]\w*\.[A-Za-z_]\w*$/, "a sum is written 'relation.attribute'")
    .optional(),
  where: z.string().optional(),
});
export type AttributeBody = z.infer<typeof AttributeBody>;

/** `name: text` is short for `name: { type: text }`. */
const AttributeFile = z.preprocess((value) => (typeof value === 'string' ? { type: value } : value), AttributeBody);

const ColumnNames = z.preprocess(
  (value) => (typeof value === 'string' ? [value] : value),
  z.array(z.string().min(1)).min(1),
);

/** One of `by`, `through`, `table` and `inverse` says how it leads there. */
const RelationFile = z.strictObject({
  many: Name,
  /** The reference of the other object that leads back here, or its attributes in the order of this object's key. */
  by: Names.optional(),
  /** Many-to-many: the object whose records refer to both. */
  through: Name.optional(),
  /** Many-to-many without such an object: the table of links, `true` for one named after this object and the relation. */
  table: z.union([z.literal(true), z.string().min(1)]).optional(),
  /** Where that table is; default: where this object is. */
  database: z.string().min(1).optional(),
  schema: z.string().min(1).optional(),
  /** With `through` its reference to this object, with `table` the columns that hold this object's key. */
  from: ColumnNames.optional(),
  /** As `from`, to the other object. */
  to: ColumnNames.optional(),
  /** Many-to-many: the relation of the other object that this one is the other direction of. */
  inverse: Name.optional(),
  /** The name the relation had before; a table of links that is named after it is renamed where it is still called so. */
  was: Name.optional(),
  label: z.string().optional(),
});
export type RelationBody = z.infer<typeof RelationFile>;

const RightBody = z.strictObject({
  /** `all`, `none`, or a condition over the row that may name `user.`. */
  read: z.string().default('all'),
  write: z.union([z.enum(['all', 'none']), z.array(Name)]).default('none'),
  create: z.boolean().optional(),
  delete: z.boolean().default(false),
  hide: z.array(Name).default([]),
  /** Sensitive attributes whose clear value may be read. */
  reveal: z.union([z.enum(['all', 'none']), z.array(Name)]).default('none'),
});

const SHORT_RIGHTS: Readonly<Record<string, object>> = {
  all: { read: 'all', write: 'all', create: true, delete: true, reveal: 'all' },
  read: { read: 'all' },
  none: { read: 'none' },
};

/** `agent: read` is short for `agent: { read: all }`, `all` for everything, `none` for nothing. */
const RightFile = z.preprocess(
  (value) => (typeof value === 'string' && Object.hasOwn(SHORT_RIGHTS, value) ? SHORT_RIGHTS[value] : value),
  RightBody,
);

const Conditions = z.array(z.string().max(200)).min(1).max(12);

/** `same: [email]`, `perhaps: [name ~ 0.92, phone]`, or points: `weigh: { surname ~ 0.85: 9, bornOn: 13 }, same: 20, perhaps: 12`. */
const DuplicateRuleFile = z.strictObject({
  same: z.union([z.number(), Conditions]).optional(),
  perhaps: z.union([z.number(), Conditions]).optional(),
  weigh: z.record(z.string(), z.number().min(0.1).max(60)).optional(),
});
export type DuplicateRuleFile = z.infer<typeof DuplicateRuleFile>;

/** `[segment, -since]` is short for `{ on: [segment, -since] }`; `-` descends. */
const IndexFile = z.preprocess(
  (value) => (Array.isArray(value) ? { on: value } : value),
  z.strictObject({
    on: z
      .array(z.string().regex(/^-?[A-Za-z_]\w*$/, "an attribute is written 'since', or '-since' where it descends"))
      .min(2, 'an index over one attribute is written there, as index: true or unique: true')
      .max(8),
    /** No two records have the same of all of them. */
    unique: z.boolean().default(false),
  }),
);
export type IndexFile = z.infer<typeof IndexFile>;

const AttachmentLimits = z.strictObject({
  largest: z
    .string()
    .regex(/^[1-9]\d{0,5} ?(kB|MB)$/, 'a size is written 500 kB or 10 MB')
    .optional(),
  /** MIME types; `image/*` for all of a kind. */
  types: z
    .array(z.string().regex(/^[a-z]+\/(\*|[a-z0-9.+-]+)$/, 'a type is written application/pdf or image/*'))
    .min(1)
    .optional(),
});

/** One file `model/*.yaml`. */
export const ModelFile = z.strictObject({
  object: Name,
  /** The object this one is like, but for what its own file says otherwise. */
  extends: Name.optional(),
  /** Only there for others to extend: it has no table and no records. */
  abstract: z.boolean().default(false),
  label: z.string().optional(),
  labelPlural: z.string().optional(),
  database: z.string().min(1).default('main'),
  table: z.string().min(1).optional(),
  schema: z.string().min(1).optional(),
  /** People may write free notes on its records. */
  notes: z.boolean().optional(),
  /** People may attach files to its records: of any type and up to 10 MB, unless told otherwise. */
  attachments: z.union([z.boolean(), AttachmentLimits]).optional(),
  'written by': z.string().min(1).optional(),
  /** `keep`: what is deleted stays in its table, unseen, and can be restored. */
  delete: z.enum(['keep']).optional(),
  /** `words`: its searchable attributes have an index of words; else every row is looked through. */
  search: z.enum(['words']).optional(),
  /** The name the object had before; its table is renamed where it is still called so. */
  was: Name.optional(),
  /** Attributes or columns that are to go with all they hold, once somebody says `caruso migrate --allow-loss`. */
  removed: z.array(z.string().min(1)).max(200).optional(),
  /** Columns and relations of a table there is that the model leaves out; a further `caruso import` does not add them. */
  ignore: z.array(z.string().min(1)).max(500).optional(),
  attributes: z.record(Name, AttributeFile).default({}),
  relations: z.record(Name, RelationFile).default({}),
  /** When two records are about the same thing. */
  duplicates: z.array(DuplicateRuleFile).max(20).default([]),
  /** Indexes over several attributes, for what is searched and sorted by them together. */
  indexes: z.array(IndexFile).max(30).default([]),
  rights: z.record(z.string(), RightFile).optional(),
});
export type ModelFile = z.infer<typeof ModelFile>;
