import type { AttributeType, Normalisation, Survivor } from '@caruso/business-objects/contract';
import type { Member, ModelerObject, Operation } from '@caruso/modeler/contract';

const COMPUTED: readonly string[] = ['formula', 'count', 'sum'];

/** Attributes that have a value of their own. */
export function storedAttributes(object: ModelerObject): Member[] {
  return object.attributes.filter(({ body }) => !COMPUTED.some((key) => body[key] !== undefined));
}

/** The words of the contract, each once; one that is missing here does not compile. */
const TYPES: Record<AttributeType, true> = {
  text: true,
  integer: true,
  decimal: true,
  number: true,
  money: true,
  boolean: true,
  date: true,
  datetime: true,
  'one of': true,
  email: true,
  phone: true,
  url: true,
  json: true,
  binary: true,
  tags: true,
  reference: true,
};
const NORMALISATIONS: Record<Normalisation, true> = {
  text: true,
  name: true,
  company: true,
  address: true,
  postcode: true,
  email: true,
  phone: true,
};
const SURVIVORS: Record<Survivor, true> = { kept: true, other: true, longest: true, largest: true, smallest: true };

/** What an attribute is, as a person chooses it: a type, a reference, or how it is computed. */
export const KINDS: readonly string[] = [...Object.keys(TYPES), ...COMPUTED];

const TEXTS = [
  'to',
  'formula',
  'count',
  'sum',
  'where',
  'label',
  'help',
  'pattern',
  'currency',
  'currencyColumn',
  'column',
  'format',
  'normalise',
  'survivor',
] as const;
const NUMBERS = ['length', 'scale', 'min', 'max'] as const;
export const FLAGS = ['required', 'unique', 'index', 'search', 'sensitive', 'readOnly'] as const;
export type TextField = (typeof TEXTS)[number] | (typeof NUMBERS)[number] | 'default';

/** Fields with a few choices, in the order in which they are offered. */
export const CHOICES: Readonly<Partial<Record<TextField, readonly string[]>>> = {
  normalise: Object.keys(NORMALISATIONS),
  survivor: Object.keys(SURVIVORS),
  format: ['yyyymmdd', 'dd-mm-yyyy', 'dd.mm.yyyy', 'dd/mm/yyyy', 'mm/dd/yyyy', 'uuid'],
};

/** The fields of the form of an attribute; each property of the file has one, but `was`, which renaming says. */
export interface AttributeDraft extends Record<TextField, string>, Record<(typeof FLAGS)[number], boolean> {
  name: string;
  kind: string;
  values: string[];
  /** The attribute on which the values depend, and those of each of its values; empty where they depend on none. */
  by: string;
  valuesBy: Readonly<Record<string, string[]>>;
  /** Of a reference to an object with several key attributes. */
  columns: string[];
  key: 'no' | 'yes' | 'generated';
}

type Body = Record<string, unknown>;

const TYPED: readonly string[] = ['text', 'email', 'phone', 'url'];
const NUMERIC: readonly string[] = ['integer', 'decimal', 'number', 'money'];
/** Which kinds have a property that not all have. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
  to: ['reference'],
  columns: ['reference'],
  values: ['one of', 'tags'],
  by: ['one of'],
  formula: ['formula'],
  count: ['count'],
  sum: ['sum'],
  where: ['count', 'sum'],
  length: TYPED,
  pattern: TYPED,
  scale: ['decimal', 'money', ...COMPUTED],
  min: NUMERIC,
  max: NUMERIC,
  currency: ['money'],
  currencyColumn: ['money'],
  format: ['date'],
  normalise: ['text', 'email', 'phone'],
  search: [...TYPED, 'one of', 'tags'],
};
const STORED: readonly string[] = [
  'default',
  'key',
  'required',
  'unique',
  'index',
  'sensitive',
  'readOnly',
  'survivor',
  'column',
];

/** Whether the form of a kind has a field. */
export function has(kind: string, field: string): boolean {
  if (ONLY[field] !== undefined) return ONLY[field].includes(kind);
  return !(STORED.includes(field) && COMPUTED.includes(kind));
}

export function draftOf(name: string, body: Body): AttributeDraft {
  const text = (key: string) => (body[key] === undefined ? '' : String(body[key]));
  const computed = COMPUTED.find((key) => body[key] !== undefined);
  const texts = [...TEXTS, ...NUMBERS, 'default' as const].map((key) => [key, text(key)]);
  const flags = FLAGS.map((key) => [key, body[key] === true]);
  return {
    ...(Object.fromEntries([...texts, ...flags]) as Record<TextField, string> &
      Record<(typeof FLAGS)[number], boolean>),
    name,
    kind: body['to'] === undefined ? (computed ?? (text('type') || 'text')) : 'reference',
    values: Array.isArray(body['values']) ? body['values'].map(String) : [],
    by: text('by'),
    valuesBy: text('by') === '' ? {} : listsOf(body['values']),
    columns: Array.isArray(body['columns']) ? body['columns'].map(String) : [],
    key: body['key'] === 'generated' ? 'generated' : body['key'] === true ? 'yes' : 'no',
  };
}

/** The values of an attribute on which those of another may depend; none where it is no choice. */
export function choicesOf(body: Body): string[] {
  if (body['type'] === 'boolean') return ['true', 'false'];
  if (body['type'] !== 'one of') return [];
  const { values } = body;
  return Array.isArray(values) ? values.map(String) : [...new Set(Object.values(listsOf(values)).flat())];
}

/** What the form says, property by property; undefined for what is not said. */
function bodyOf(draft: AttributeDraft): Body {
  const { kind } = draft;
  const text = (key: TextField) => (has(kind, key) && draft[key].trim() !== '' ? draft[key].trim() : undefined);
  const number = (key: TextField) => {
    const given = text(key);
    return given === undefined || !Number.isFinite(Number(given)) ? undefined : Number(given);
  };
  return {
    type: kind === 'reference' || COMPUTED.includes(kind) ? undefined : kind,
    ...Object.fromEntries(TEXTS.map((key) => [key, text(key)])),
    values: valuesOf(draft),
    by: has(kind, 'by') && draft.by !== '' ? draft.by : undefined,
    columns: has(kind, 'columns') && draft.columns.length > 0 ? draft.columns : undefined,
    key: !has(kind, 'key') || draft.key === 'no' ? undefined : draft.key === 'yes' ? true : 'generated',
    ...Object.fromEntries(FLAGS.map((flag) => [flag, has(kind, flag) && draft[flag] ? true : undefined])),
    default: has(kind, 'default') ? defaultOf(draft) : undefined,
    ...Object.fromEntries(NUMBERS.map((key) => [key, number(key)])),
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
  const numeric = NUMERIC.includes(kind) && !text.startsWith('=');
  return numeric && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** The edits that make of an attribute what the form says; a new one where there was none. A former name stays. */
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
