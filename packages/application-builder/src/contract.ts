import { AttributeDescription } from '@caruso/business-objects/contract';
import { defineContract } from '@caruso/service-manager/contract';
import { z } from 'zod';

/** A column or field as it is shown: path from the object, and what the attribute is. */
export const Field = z.object({ path: z.string(), label: z.string(), attribute: AttributeDescription });
export type Field = z.infer<typeof Field>;

export const Action = z.object({
  label: z.string(),
  /** Starts a dialog script with these parameters. */
  script: z.object({ id: z.string(), params: z.record(z.string(), z.unknown()) }).optional(),
  /** Calls a method of a service with this input, already evaluated for the record. */
  call: z
    .object({ method: z.string(), input: z.record(z.string(), z.unknown()), confirm: z.string().optional() })
    .optional(),
  /** Opens a form that creates an object with these values filled in. */
  create: z.object({ object: z.string(), values: z.record(z.string(), z.unknown()) }).optional(),
});
export type Action = z.infer<typeof Action>;

export const Block = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('fields'), label: z.string().optional(), fields: z.array(Field), editable: z.boolean() }),
  z.object({
    kind: z.literal('list'),
    label: z.string(),
    object: z.string(),
    /** Many-to-many: the relation that leads from the record to these, and what the user may do with its links. */
    linked: z
      .object({
        relation: z.string(),
        link: z.boolean(),
        unlink: z.boolean(),
        /** The object whose records are the links and say more than which two, and its references to here and there. */
        junction: z.object({ object: z.string(), from: z.string(), to: z.string() }).optional(),
      })
      .optional(),
    /** Filter that leads from the record to its related ones, with its values. */
    where: z.string().optional(),
    params: z.record(z.string(), z.unknown()).optional(),
    include: z.array(z.string()),
    columns: z.array(Field),
    sort: z.array(z.string()),
    /** Screen that a row opens. */
    opens: z.string().optional(),
    create: z.boolean(),
    empty: z.string().optional(),
  }),
  /** Contacts over all channels and changes, newest first. */
  z.object({
    kind: z.literal('timeline'),
    label: z.string(),
    where: z.string(),
    params: z.record(z.string(), z.unknown()),
  }),
  /** What a method of a service gives, shown as facts or as a table: a wrapper's data on a screen. */
  z.object({
    kind: z.literal('service'),
    label: z.string(),
    method: z.string(),
    input: z.record(z.string(), z.unknown()),
  }),
  z.object({ kind: z.literal('history'), label: z.string() }),
  /** Free notes on the record. */
  z.object({ kind: z.literal('notes'), label: z.string(), add: z.boolean() }),
  /** Files of the record: bytes of the largest that may be attached, and MIME types, none for all. */
  z.object({
    kind: z.literal('attachments'),
    label: z.string(),
    add: z.boolean(),
    largest: z.number(),
    types: z.array(z.string()),
  }),
]);
export type Block = z.infer<typeof Block>;

export const ListScreen = z.object({
  kind: z.literal('list'),
  screen: z.string(),
  label: z.string(),
  object: z.string(),
  where: z.string().optional(),
  include: z.array(z.string()),
  columns: z.array(Field),
  sort: z.array(z.string()),
  opens: z.string().optional(),
  /** Fields of the form that creates one; empty where the user may not. */
  create: z.array(Field),
  /** The user may look at deleted records and restore them. */
  restores: z.boolean(),
  empty: z.string().optional(),
});

export const RecordScreen = z.object({
  kind: z.literal('record'),
  screen: z.string(),
  label: z.string(),
  object: z.string(),
  key: z.string(),
  version: z.string(),
  display: z.string(),
  values: z.record(z.string(), z.unknown()),
  /** Displays of to-one relations, by attribute. */
  references: z.record(
    z.string(),
    z.object({ object: z.string(), key: z.string(), display: z.string(), screen: z.string().nullable() }).nullable(),
  ),
  head: z.array(Field),
  actions: z.array(Action),
  /** What deleting it comes to, where the user may: it is kept and can be restored, or it is gone. */
  deletes: z.enum(['kept', 'gone']).nullable(),
  tabs: z.array(z.object({ label: z.string(), blocks: z.array(Block) })),
});

export const Screen = z.discriminatedUnion('kind', [ListScreen, RecordScreen]);
export type Screen = z.infer<typeof Screen>;

/** Views that are part of the house; everything else is a screen of the front office. */
export const BuiltInView = z.enum([
  'desktop',
  'monitor',
  'reports',
  'services',
  'policies',
  'model',
  'scripts',
  'journal',
  'telephone',
  'kept',
  'duplicates',
  'imports',
  'reminders',
]);

export const Navigation = z.object({
  /** Name of the front office and its look. */
  brand: z.object({ name: z.string(), accent: z.string(), logo: z.string().nullable() }),
  locale: z.string(),
  timezone: z.string(),
  currency: z.string().nullable(),
  items: z.array(
    z.object({ label: z.string(), icon: z.string(), view: BuiltInView.optional(), screen: z.string().optional() }),
  ),
  /** Screen that shows a recognised customer, and the object it is for. */
  customer: z.object({ object: z.string(), screen: z.string() }).nullable(),
  /** Objects that the search box looks through, and the screen each opens. */
  search: z.array(z.object({ object: z.string(), label: z.string(), screen: z.string() })),
});

/** The language of who asks; without it texts are in that of the front office. */
const language = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/)
  .optional();

export const Screens = defineContract({
  id: 'screens',
  version: '1.0.0',
  methods: {
    navigation: {
      summary: 'The frame for the calling user: brand, locale and entries by role',
      input: z.object({ language }),
      output: Navigation,
      idempotent: true,
      allow: ['public'],
    },
    resolve: {
      summary: 'A screen resolved for the calling user: no field, tab or action the user may not see',
      input: z.object({ screen: z.string(), key: z.string().optional(), language }),
      output: Screen,
      idempotent: true,
      allow: ['agent', 'supervisor', 'administrator'],
    },
    portal: {
      summary: 'What the self-service portal offers: texts, scripts, whether chat is open',
      input: z.object({ language }),
      output: z.object({
        title: z.string(),
        welcome: z.string(),
        scripts: z.array(z.object({ id: z.string(), label: z.string(), description: z.string(), icon: z.string() })),
        chat: z.object({ label: z.string(), greeting: z.string() }).nullable(),
      }),
      idempotent: true,
      allow: ['public'],
    },
  },
});
