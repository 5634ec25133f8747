import { z } from 'zod';
import { BuiltInView } from './contract.js';
import { Text } from './text.js';

const ScreenName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'the name of a screen has lower-case letters, digits and hyphens');
/** A screen named elsewhere: also the defaults `list:Customer` and `record:Customer`. */
const ScreenReference = z.string().min(1);

/** `name`, `customer.name`, or with a label of its own. */
const Column = z.union([z.string().min(1), z.strictObject({ attribute: z.string().min(1), label: Text })]);
const Columns = z.array(Column).min(1).max(40);

/** `-openedAt` is short for `[-openedAt]`. */
const Sort = z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(z.string().min(1)).max(5));

/** YAML 1.2 takes `yes` for a text. */
const Yes = z.preprocess((value) => (value === 'yes' ? true : value), z.boolean());
const With = z.record(z.string(), z.unknown());

/** Says that exactly one of some keys must be there, and which others go with it. */
function oneOf(kinds: Readonly<Record<string, readonly string[]>>, what: string) {
  return (value: object, context: z.RefinementCtx): void => {
    const given = Object.keys(value).filter((key) => (value as Record<string, unknown>)[key] !== undefined);
    const chosen = given.filter((key) => Object.hasOwn(kinds, key));
    const [kind] = chosen;
    if (kind === undefined || chosen.length > 1) {
      const remedy = `write one of: ${Object.keys(kinds).join(', ')}`;
      const message = kind === undefined ? `${what} says not what it is` : `${what} is ${chosen.join(' and ')} at once`;
      context.addIssue({ code: 'custom', message, params: { remedy } });
      return;
    }
    for (const key of given) {
      if (key === kind || kinds[kind]?.includes(key)) continue;
      const remedy = `beside '${kind}' there may be: ${kinds[kind]?.join(', ')}`;
      context.addIssue({
        code: 'custom',
        path: [key],
        message: `'${key}' has no meaning beside '${kind}'`,
        params: { remedy },
      });
    }
  };
}

export const ActionFile = z
  .strictObject({
    'run script': z.string().min(1).optional(),
    call: z.string().min(1).optional(),
    create: z.string().min(1).optional(),
    label: Text.optional(),
    with: With.optional(),
    /** An expression over the record; the action is offered where it holds. */
    if: z.string().min(1).optional(),
    confirm: Text.optional(),
  })
  .superRefine(
    oneOf(
      {
        'run script': ['label', 'with', 'if'],
        call: ['label', 'with', 'if', 'confirm'],
        create: ['label', 'with', 'if'],
      },
      'the action',
    ),
  );
export type ActionFile = z.output<typeof ActionFile>;

export const BlockFile = z
  .strictObject({
    fields: Columns.optional(),
    /** A relation of the object, or another object. */
    list: z.string().min(1).optional(),
    timeline: z.literal('all channels').optional(),
    service: z.string().min(1).optional(),
    history: Yes.optional(),
    notes: Yes.optional(),
    attachments: Yes.optional(),
    label: Text.optional(),
    edit: Yes.optional(),
    columns: Columns.optional(),
    where: z.string().min(1).optional(),
    sort: Sort.optional(),
    opens: ScreenReference.optional(),
    create: Yes.optional(),
    empty: Text.optional(),
    with: With.optional(),
  })
  .superRefine(
    oneOf(
      {
        fields: ['label', 'edit'],
        list: ['label', 'columns', 'where', 'sort', 'opens', 'create', 'empty'],
        timeline: ['label'],
        service: ['label', 'with'],
        history: ['label'],
        notes: ['label'],
        attachments: ['label'],
      },
      'the block',
    ),
  );
export type BlockFile = z.output<typeof BlockFile>;

const Blocks = z.preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(BlockFile).min(1).max(20));

const TabFile = z.record(z.string().min(1), Blocks).superRefine((value, context) => {
  if (Object.keys(value).length === 1) return;
  const params = { remedy: 'write `- Name: [...]` for each tab' };
  context.addIssue({ code: 'custom', message: 'a tab has one name', params });
});

const Roles = z.record(z.string(), z.union([z.literal('show'), z.strictObject({ 'hide tabs': z.array(z.string()) })]));

/** `screens/*.yaml` of one record. */
export const RecordScreenFile = z.strictObject({
  screen: ScreenName,
  for: z.string().min(1),
  label: Text.optional(),
  head: z.array(Column).max(12).default([]),
  actions: z.array(ActionFile).max(30).default([]),
  tabs: z.array(TabFile).min(1).max(20),
  /** Who sees it; absent: whoever may read the object. */
  roles: Roles.optional(),
});
export type RecordScreenFile = z.output<typeof RecordScreenFile>;

/** `screens/*.yaml` of a list. */
export const ListScreenFile = z.strictObject({
  screen: ScreenName,
  list: z.string().min(1),
  label: Text.optional(),
  columns: Columns,
  where: z.string().min(1).optional(),
  sort: Sort.default([]),
  opens: ScreenReference.optional(),
  /** Fields of the form that creates one. */
  create: z.array(z.string().min(1)).max(60).optional(),
  empty: Text.optional(),
  roles: z.record(z.string(), z.literal('show')).optional(),
});
export type ListScreenFile = z.output<typeof ListScreenFile>;

const EntryFile = z
  .strictObject({
    view: BuiltInView.optional(),
    screen: ScreenReference.optional(),
    label: Text.optional(),
    icon: z.string().optional(),
  })
  .superRefine(oneOf({ view: ['label', 'icon'], screen: ['label', 'icon'] }, 'the entry'));

/** `screens/navigation.yaml`: the frame, and the entries of each role. */
export const NavigationFile = z.strictObject({
  navigation: z
    .object({
      brand: z
        .strictObject({
          name: Text.optional(),
          accent: z
            .string()
            .regex(/^#[0-9a-fA-F]{6}$/, 'a colour is written as "#0b7285"')
            .optional(),
          logo: z
            .string()
            .regex(/^\/(?!\/)/, 'a logo is a path of this front office, such as /logo.svg')
            .optional(),
        })
        .optional(),
      customer: ScreenReference.optional(),
      search: z.array(z.string().min(1)).max(20).optional(),
    })
    .catchall(z.array(EntryFile).max(40)),
});
export type NavigationFile = z.output<typeof NavigationFile>;

/** `screens/portal.yaml`: what self-service offers. */
export const PortalFile = z.strictObject({
  portal: z.strictObject({
    title: Text,
    welcome: Text.optional(),
    scripts: z
      .array(
        z.strictObject({
          script: z.string().min(1),
          label: Text.optional(),
          description: Text.optional(),
          icon: z.string().default('file'),
        }),
      )
      .max(40)
      .default([]),
    chat: z.strictObject({ label: Text.optional(), greeting: Text.optional() }).optional(),
  }),
});
export type PortalFile = z.output<typeof PortalFile>;
