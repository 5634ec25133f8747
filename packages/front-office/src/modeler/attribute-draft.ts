import type { Operation } from '@caruso/modeler/contract';

/** What an attribute is, as a person chooses it: a type, a reference, or how it is computed. */
export const KINDS = [
  'text',
  'integer',
  'decimal',
  'number',
  'money',
  'boolean',
  'date',
  'datetime',
  'one of',
  'email',
  'phone',
  'url',
  'json',
  'tags',
  'reference',
  'formula',
  'count',
  'sum',
] as const;

/** The fields of the form of an attribute; each property of the file that has one. */
export interface AttributeDraft {
  name: string;
  kind: string;
  label: string;
  help: string;
  to: string;
  values: string[];
  /** The attribute on which the values depend, and those of each of its values; empty where they depend on none. */
  by: string;
  valuesBy: Readonly<Record<string, string[]>>;
  formula: string;
  count: string;
  sum: string;
  where: string;
  default: string;
  length: string;
  pattern: string;
  scale: string;
  currency: string;
  key: 'no' | 'yes' | 'generated';
  required: boolean;
  unique: boolean;
  search: boolean;
  sensitive: boolean;
  readOnly: boolean;
}

type Body = Record<string, unknown>;

const FLAGS = ['required', 'unique', 'search', 'sensitive', 'readOnly'] as const;
const COMPUTED: readonly string[] = ['formula', 'count', 'sum'];
/** Which kinds have a property that not all have. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
  to: ['reference'],
  values: ['one of', 'tags'],
  formula: ['formula'],
  count: ['count'],
  sum: ['sum'],
  where: ['count', 'sum'],
  length: ['text', 'email', 'phone', 'url'],
  pattern: ['text', 'phone', 'url', 'email'],
  scale: ['decimal', 'money'],
  currency: ['money'],
  search: ['text', 'email', 'phone', 'url', 'one of', 'tags'],
};
const STORED: readonly string[] = ['default', 'key', 'required', 'unique', 'sensitive', 'readOnly'];

/** Whether the form of a kind has a field. */
export function has(kind: string, field: string): boolean {
  if (ONLY[field] !== undefined) return ONLY[field].includes(kind);
  return !(STORED.includes(field) && COMPUTED.includes(kind));
}

export function draftOf(name: string, body: Body): AttributeDraft {
  const text = (key: string) => (body[key] === undefined ? '' : String(body[key]));
  const computed = COMPUTED.find((key) => body[key] !== undefined);
  return {
    name,
    kind: body['to'] === undefined ? (computed ?? (text('type') || 'text')) : 'reference',
    label: text('label'),
    help: text('help'),
    to: text('to'),
    values: Array.isArray(body['values']) ? body['values'].map(String) : [],
    by: text('by'),
    valuesBy: text('by') === '' ? {} : listsOf(body['values']),
    formula: text('formula'),
    count: text('count'),
    sum: text('sum'),
    where: text('where'),
    default: text('default'),
    length: text('length'),
    pattern: text('pattern'),
    scale: text('scale'),
    currency: text('currency'),
    key: body['key'] === 'generated' ? 'generated' : body['key'] === true ? 'yes' : 'no',
    required: body['required'] === true,
    unique: body['unique'] === true,
    search: body['search'] === true,
    sensitive: body['sensitive'] === true,
    readOnly: body['readOnly'] === true,
  };
}

/** What the form says of each property it has a field for; undefined where it says nothing. Pure. */
function bodyOf(draft: AttributeDraft): Body {
  const { kind } = draft;
  const text = (key: 'label' | 'help' | 'to' | 'formula' | 'count' | 'sum' | 'where' | 'pattern' | 'currency') =>
    has(kind, key) && draft[key].trim() !== '' ? draft[key].trim() : undefined;
  const number = (key: 'length' | 'scale') =>
    has(kind, key) && /^\d+$/.test(draft[key].trim()) ? Number(draft[key]) : undefined;
  return {
    type: kind === 'reference' || COMPUTED.includes(kind) ? undefined : kind,
    to: text('to'),
    values: valuesOf(draft),
    by: has(kind, 'values') && draft.by !== '' ? draft.by : undefined,
    formula: text('formula'),
    count: text('count'),
    sum: text('sum'),
    where: text('where'),
    label: text('label'),
    help: text('help'),
    key: !has(kind, 'key') || draft.key === 'no' ? undefined : draft.key === 'yes' ? true : 'generated',
    ...Object.fromEntries(FLAGS.map((flag) => [flag, has(kind, flag) && draft[flag] ? true : undefined])),
    default: has(kind, 'default') ? defaultOf(draft) : undefined,
    length: number('length'),
    pattern: text('pattern'),
    scale: number('scale'),
    currency: text('currency'),
  };
}

function valuesOf({ kind, values, by, valuesBy }: AttributeDraft): unknown {
  if (!has(kind, 'values')) return undefined;
  if (by !== '') return Object.fromEntries(Object.entries(valuesBy).filter(([, list]) => list.length > 0));
  return values.length > 0 ? values : undefined;
}

function listsOf(values: unknown): Record<string, string[]> {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return {};
  return Object.fromEntries(Object.entries(values).map(([on, list]) => [on, [list].flat().map(String)]));
}

function defaultOf({ kind, default: given }: AttributeDraft): string | number | boolean | undefined {
  const text = given.trim();
  if (text === '') return undefined;
  if (kind === 'boolean') return text === 'true';
  const numeric = ['integer', 'decimal', 'number', 'money'].includes(kind) && !text.startsWith('=');
  return numeric && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** The edits that make of an attribute what the form says; a new one where there was none. Properties without a field stay. */
export function operationsOf(
  object: string,
  before: { name: string; body: Body } | undefined,
  draft: AttributeDraft,
): Operation[] {
  const said = bodyOf(draft);
  const name = draft.name.trim();
  const place = { object, in: 'attributes' as const };
  if (before === undefined) {
    const value = Object.fromEntries(Object.entries(said).filter(([, each]) => each !== undefined));
    return [{ do: 'add', ...place, name, value: value as never }];
  }
  const renamed: Operation[] = name === before.name ? [] : [{ do: 'rename', ...place, name: before.name, to: name }];
  const was = bodyOf(draftOf(before.name, before.body));
  const set = Object.entries(said).flatMap(([key, value]): Operation[] =>
    JSON.stringify(value) === JSON.stringify(was[key])
      ? []
      : [{ do: 'set', object, path: ['attributes', name, key], value: (value ?? null) as never }],
  );
  return [...renamed, ...set];
}
