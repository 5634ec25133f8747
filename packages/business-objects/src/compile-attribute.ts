import type { ValueType } from '@caruso/expressions';
import type { ColumnType } from '@caruso/storage-manager/contract';
import type { AttributeType } from './contract.js';
import { type Draft, fault, keyFault } from './draft.js';
import type { Attribute, Column } from './model.js';
import type { AttributeBody } from './model-file.js';
import { humanName, snakeName } from './name.js';

const COLUMN_TYPES: Readonly<Record<AttributeType, ColumnType>> = {
  text: 'text',
  integer: 'bigint',
  decimal: 'decimal',
  number: 'number',
  money: 'decimal',
  boolean: 'boolean',
  date: 'date',
  datetime: 'datetime',
  'one of': 'text',
  email: 'text',
  phone: 'text',
  url: 'text',
  json: 'json',
  binary: 'binary',
  tags: 'text',
  reference: 'text',
};

const VALUE_TYPES: Readonly<Record<AttributeType, ValueType>> = {
  text: 'text',
  integer: 'integer',
  decimal: 'decimal',
  number: 'number',
  money: 'money',
  boolean: 'boolean',
  date: 'date',
  datetime: 'datetime',
  'one of': 'text',
  email: 'text',
  phone: 'text',
  url: 'text',
  json: 'any',
  binary: 'text',
  tags: { list: 'text' },
  reference: 'any',
};

const DEFAULT_LENGTHS: Partial<Record<AttributeType, number>> = {
  text: 10_000,
  email: 254,
  phone: 40,
  url: 2000,
  'one of': 200,
};

/** Compiles one attribute as far as it stands alone; references and expressions are filled in once all objects are known. */
export function compileAttribute(draft: Draft, name: string, body: AttributeBody): Attribute {
  const path = ['attributes', name];
  const computed = [body.formula, body.count, body.sum].filter((part) => part !== undefined).length;
  const type: AttributeType =
    body.to !== undefined ? 'reference' : (body.type ?? (body.count !== undefined ? 'integer' : 'text'));
  const key = body.key === true || body.key === 'generated';
  checkShape(draft, name, body, computed);
  const required = key || body.required === true;
  const scale = type === 'decimal' || type === 'money' ? (body.scale ?? 2) : undefined;
  const kind = computed === 0 ? 'stored' : body.formula !== undefined ? 'formula' : 'roll-up';
  return {
    name,
    label: body.label ?? humanName(name),
    type,
    kind,
    was: body.was,
    columns: kind === 'stored' && type !== 'reference' ? columnsOf(draft, name, body, type, required, scale) : [],
    key,
    generated: body.key !== 'generated' ? undefined : type === 'integer' ? 'database' : 'id',
    required,
    unique: body.unique === true,
    index: body.index === true,
    readOnly: body.readOnly === true || body.key === 'generated' || kind !== 'stored',
    sensitive: body.sensitive === true,
    search: body.search === true,
    help: body.help,
    normalise: body.normalise,
    survivor: body.survivor,
    default: typeof body.default === 'string' && body.default.startsWith('= ') ? undefined : defaultOf(body),
    pattern: body.pattern === undefined ? undefined : patternOf(draft, [...path, 'pattern'], body.pattern),
    values: body.values === undefined ? undefined : [...new Set(Object.values(body.values).flat())],
    dependsOn: undefined,
    maxLength: body.length ?? DEFAULT_LENGTHS[type],
    min: body.min,
    max: body.max,
    scale,
    currency: body.currency,
    to: body.to,
    valueType: body.to === undefined ? VALUE_TYPES[type] : { object: body.to },
    formulaSource: body.formula,
    formula: undefined,
    rollUp: undefined,
  };
}

/** The attribute type that shows a value of an expression; undefined for lists and objects. */
export function attributeTypeOf(type: ValueType): AttributeType | undefined {
  if (type === 'duration') return 'integer';
  if (type === 'any' || type === 'null') return 'json';
  return typeof type === 'string' ? type : undefined;
}

function defaultOf(body: AttributeBody): { value: unknown } | undefined {
  if (body.default === undefined) return undefined;
  if (body.type === 'money' && body.currency !== undefined) {
    return { value: { amount: String(body.default), currency: body.currency } };
  }
  return { value: body.type === 'decimal' ? String(body.default) : body.default };
}

function columnsOf(
  draft: Draft,
  name: string,
  body: AttributeBody,
  type: AttributeType,
  required: boolean,
  scale: number | undefined,
): Column[] {
  const column = body.column ?? snakeName(name);
  const own: Column = {
    name: column,
    type: COLUMN_TYPES[type],
    scale,
    length: type === 'decimal' || type === 'money' ? 18 : undefined,
    nullable: !required,
    format: body.format === 'uuid' ? undefined : body.format,
    ...(body.format === 'uuid' ? { uuid: true } : {}),
  };
  if (type !== 'money' || body.currency !== undefined) return [own];
  if (!draft.managed && body.currencyColumn === undefined) {
    const remedy = 'write currency: EUR, or currencyColumn: with the column that holds it';
    fault(
      draft,
      ['attributes', name],
      'MODEL_CURRENCY_MISSING',
      `money '${name}' of a legacy table has no currency`,
      remedy,
    );
  }
  const currency = body.currencyColumn ?? `${column}_currency`;
  return [
    own,
    { name: currency, type: 'text', scale: undefined, length: undefined, nullable: !required, format: undefined },
  ];
}

function patternOf(draft: Draft, path: readonly string[], source: string): Attribute['pattern'] {
  try {
    return { source, test: new RegExp(`^(?:${source})$`, 'u') };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    fault(
      draft,
      path,
      'MODEL_PATTERN_INVALID',
      `'${source}' is no regular expression: ${reason}`,
      'correct the pattern',
    );
    return undefined;
  }
}

/** What must go together in one attribute, and what cannot. */
function checkShape(draft: Draft, name: string, body: AttributeBody, computed: number): void {
  const path = ['attributes', name];
  const wrong = (key: string, message: string, remedy: string) =>
    keyFault(draft, [...path, key], 'MODEL_ATTRIBUTE', `attribute '${name}': ${message}`, remedy);
  if (computed > 1) wrong('formula', 'formula, count and sum exclude each other', 'keep one of them');
  if (computed > 0) {
    const mine = [
      'column',
      'columns',
      'to',
      'key',
      'required',
      'unique',
      'index',
      'default',
      'pattern',
      'values',
      'by',
      'format',
      'normalise',
      'survivor',
      'was',
    ] as const;
    for (const key of mine) {
      if (body[key] !== undefined)
        wrong(key, `'${key}' says how a value is stored, but this one is computed`, `remove '${key}'`);
    }
  } else if (body.type === undefined && body.to === undefined) {
    const remedy = 'add type: text (or another), to: for a reference, or formula:';
    keyFault(draft, path, 'MODEL_ATTRIBUTE', `attribute '${name}' has no type`, remedy);
  }
  if (body.where !== undefined && body.count === undefined && body.sum === undefined) {
    wrong('where', "'where' belongs to a count or a sum", "remove 'where', or add count: or sum:");
  }
  if (body.to !== undefined && body.type !== undefined)
    wrong('type', "a reference has no 'type' of its own", "remove 'type'");
  if (body.columns !== undefined && body.to === undefined)
    wrong('columns', "'columns' is for references", "write 'column'");
  if ((body.type === 'one of') !== (body.values !== undefined) && body.type !== 'tags' && computed === 0) {
    const key = body.values === undefined ? 'type' : 'values';
    wrong(key, "'one of' and 'values' go together", 'write type: one of and values: [first, second]');
  }
  if (body.values !== undefined && Array.isArray(body.values) !== (body.by === undefined)) {
    const remedy = 'write by: category and values: { gas: [leak, smell], power: [outage] }';
    wrong(
      body.by === undefined ? 'values' : 'by',
      "'by' and values for each value of that attribute go together",
      remedy,
    );
  }
  if (body.type === 'tags' && (body.unique === true || body.default !== undefined || body.by !== undefined)) {
    const key = body.unique === true ? 'unique' : body.default === undefined ? 'by' : 'default';
    wrong(key, `tags have no '${key}'`, `remove '${key}'`);
  }
  if (body.sensitive === true && body.search === true)
    wrong('search', 'what is sensitive is not found by free text', "remove 'search'");
  if (body.sensitive === true && body.key !== undefined && body.key !== false)
    wrong('sensitive', 'a key is part of addresses, where everybody sees it', "remove 'sensitive'");
  const scaled = body.type === 'decimal' || body.type === 'money' || computed > 0;
  if (body.scale !== undefined && !scaled) wrong('scale', "'scale' is for decimal and money", "remove 'scale'");
  if (body.currency !== undefined && body.type !== 'money')
    wrong('currency', "'currency' is for money", 'write type: money');
  if (body.format === 'uuid' && body.type !== 'text') wrong('format', "'uuid' is for texts", 'write type: text');
  if (body.format !== undefined && body.format !== 'uuid' && body.type !== 'date')
    wrong('format', `'${body.format}' is for dates`, 'write type: date');
  if (body.format !== undefined && draft.managed) {
    wrong('format', 'a managed table stores its values in one form', "remove 'format', or name the legacy 'database'");
  }
  if (
    body.key !== undefined &&
    body.key !== false &&
    ['json', 'binary', 'money', 'number', 'tags'].includes(body.type ?? '')
  ) {
    wrong('key', `${body.type} cannot be a key`, 'take text, integer, date or a reference');
  }
  if (body.key === 'generated' && body.type !== 'text' && body.type !== 'integer') {
    wrong('key', 'generated keys are text (made by Caruso) or integer (made by the database)', 'write type: text');
  }
  if (body.normalise !== undefined && !['text', 'email', 'phone'].includes(body.type ?? '') && computed === 0) {
    wrong('normalise', 'only texts, mail addresses and telephone numbers have one form', "remove 'normalise'");
  }
  if (body.search === true && !['text', 'email', 'phone', 'url', 'one of', 'tags'].includes(body.type ?? 'text')) {
    wrong('search', 'only texts are searched', "remove 'search'");
  }
}
