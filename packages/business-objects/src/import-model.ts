import type { ColumnShape, DatabaseSchema } from '@caruso/storage-manager/contract';
import type { AttributeType } from './contract.js';
import { type ImportedTable, nameTables } from './import-names.js';
import { humanName, wordsOf } from './name.js';

export interface ImportOptions {
  /** Name of the database in caruso.yaml. */
  database: string;
}

export interface ImportedModel {
  files: { path: string; text: string }[];
  /** What could not be taken over as it is. */
  notes: string[];
}

const TYPES: Readonly<Record<ColumnShape['type'], AttributeType>> = {
  text: 'text',
  integer: 'integer',
  bigint: 'integer',
  number: 'number',
  decimal: 'decimal',
  boolean: 'boolean',
  date: 'date',
  datetime: 'datetime',
  json: 'json',
  binary: 'binary',
};
const SEARCHED = /\b(name|title|company|contact|subject|mail|email|phone|city)\b/;
/** Digits behind the point of a column that says nothing of it: enough for prices and rates. */
const UNSAID_SCALE = 4;

/**
 * Reverse-engineers a database into model files: an object for each table and view, foreign keys as references and to-many relations, and
 * many-to-many relations over tables whose key is two foreign keys.
 * Pure, and the same for the same database.
 *
 * @example
 * const { files } = importModel(await storage.introspect('northwind'), { database: 'northwind' });
 */
export function importModel(schema: DatabaseSchema, options: ImportOptions): ImportedModel {
  const notes: string[] = [];
  const tables = nameTables(schema, (text) => notes.push(text));
  const files = tables.map((table) => ({
    path: `model/${wordsOf(table.object).join('-')}.yaml`,
    text: modelFile(table, options.database, notes),
  }));
  return { files, notes };
}

function modelFile(imported: ImportedTable, database: string, notes: string[]): string {
  const { table, object } = imported;
  const lines = [
    table.kind === 'view'
      ? `# A view of the database '${database}': it is read, never written.`
      : `# A table of the database '${database}': its names are theirs, and Caruso never alters it.`,
    `object: ${object}`,
  ];
  if (table.kind === 'view') lines.push(`label: ${scalar(table.name)}`, `labelPlural: ${scalar(table.name)}`);
  lines.push(`database: ${scalar(database)}`);
  if (table.schema !== undefined) lines.push(`schema: ${scalar(table.schema)}`);
  lines.push(`table: ${scalar(table.name)}`, 'attributes:');
  const entries = attributeEntries(imported, notes);
  const width = Math.max(...entries.map(([name]) => name.length + 1));
  for (const [name, body] of entries) lines.push(`  ${`${name}:`.padEnd(width)} { ${body} }`);
  if (imported.relations.length > 0) {
    lines.push('relations:');
    for (const relation of imported.relations) {
      const { name, to } = relation;
      const ends = 'ends' in relation && relation.ends !== undefined ? relation.ends : undefined;
      const way =
        'by' in relation
          ? `by: ${relation.by}`
          : `through: ${relation.through}${ends === undefined ? '' : `, from: ${ends.from}, to: ${ends.to}`}`;
      lines.push(`  ${name}: { many: ${to}, ${way} }`);
    }
  }
  const indexes = indexLines(imported);
  if (indexes.length > 0) lines.push('indexes:', ...indexes);
  if (table.kind === 'table' && imported.keyColumns.length === 0)
    notes.push(`${table.name} has no primary key: ${object} is read, never written`);
  return `${lines.join('\n')}\n`;
}

/** Indexes over several attributes that the table has, those first that allow no two alike. */
function indexLines({ table, keyColumns, references, attributes }: ImportedTable): string[] {
  const known = new Set([keyColumns, ...references.map(({ columns }) => columns)].map((columns) => columns.join('\n')));
  const named = (columns: readonly string[]): string[] | undefined => {
    const names: string[] = [];
    for (let at = 0; at < columns.length; ) {
      const rest = columns.slice(at);
      const reference = references.find((each) => each.columns.every((column, place) => column === rest[place]));
      const name = reference?.attribute ?? attributes.find(({ column }) => column.name === rest[0])?.name;
      if (name === undefined || names.includes(name)) return undefined;
      names.push(name);
      at += reference?.columns.length ?? 1;
    }
    return names.length > 1 && names.length <= MOST_INDEXED ? names : undefined;
  };
  return [...table.uniques.map((each) => [each, true] as const), ...table.indexes.map((each) => [each, false] as const)]
    .flatMap(([columns, unique]) => {
      const names = named(columns);
      if (names === undefined || known.has(columns.join('\n'))) return [];
      known.add(columns.join('\n'));
      return [unique ? `  - { on: [${names.join(', ')}], unique: true }` : `  - [${names.join(', ')}]`];
    })
    .slice(0, MOST_INDEXES);
}

/** As many as a model file may name: attributes of one index, and indexes. */
const MOST_INDEXED = 8;
const MOST_INDEXES = 30;

/** Attributes with what follows their names, the key's first. */
function attributeEntries(imported: ImportedTable, notes: string[]): [string, string][] {
  const place = (columns: readonly string[]) => {
    const names = imported.table.columns.map((column) => column.name);
    const [first = ''] = columns;
    const inKey = imported.keyColumns.indexOf(first);
    return inKey >= 0 ? inKey - 1000 : names.indexOf(first);
  };
  const searched = searchedColumns(imported);
  const entries = [
    ...imported.references.map((reference) => ({
      at: reference.key ? place(reference.columns) : Math.abs(place(reference.columns)),
      name: reference.attribute,
      body: referenceBody(imported, reference.columns, reference.to, reference.key),
    })),
    ...imported.attributes.map(({ name, column, key }) => ({
      at: place([column.name]),
      name,
      body: attributeBody(imported, name, column, key, searched.has(column.name), notes),
    })),
  ];
  return entries.sort((left, right) => left.at - right.at).map(({ name, body }) => [name, body]);
}

function referenceBody(imported: ImportedTable, columns: readonly string[], to: string, key: boolean): string {
  const shapes = columns.map((name) => imported.table.columns.find((column) => column.name === name));
  const parts = [
    columns.length === 1 ? `column: ${scalar(columns[0] ?? '')}` : `columns: [${columns.map(scalar).join(', ')}]`,
    `to: ${to}`,
  ];
  if (key) parts.push('key: true');
  else if (shapes.every((column) => column?.nullable === false)) parts.push('required: true');
  return parts.join(', ');
}

function attributeBody(
  imported: ImportedTable,
  name: string,
  column: ColumnShape,
  key: boolean,
  search: boolean,
  notes: string[],
): string {
  const { table } = imported;
  const type = key && ['json', 'binary', 'number'].includes(TYPES[column.type]) ? 'text' : TYPES[column.type];
  const values = type === 'text' ? column.values : undefined;
  const parts = [`column: ${scalar(column.name)}`, `type: ${values === undefined ? type : 'one of'}`];
  if (values !== undefined) parts.push(`values: [${values.map(scalar).join(', ')}]`);
  const generated = key && column.generated === 'identity' && type === 'integer' && imported.keyColumns.length === 1;
  if (generated) parts.push('key: generated');
  else if (key) parts.push('key: true');
  else if (!column.nullable && (column.default === undefined || column.default === null)) parts.push('required: true');
  if (!key && table.uniques.some((unique) => unique.length === 1 && unique[0] === column.name))
    parts.push('unique: true');
  if (type === 'decimal') {
    if (column.scale === undefined)
      notes.push(
        `${table.name}.${column.name} names no digits behind the point: ${imported.object}.${name} has ${UNSAID_SCALE}`,
      );
    parts.push(`scale: ${Math.min(column.scale ?? UNSAID_SCALE, 12)}`);
  }
  if (type === 'text' && column.nativeType === 'uuid') parts.push('format: uuid');
  if (type === 'text' && column.length !== undefined) parts.push(`length: ${column.length}`);
  const filled = column.generated === 'computed' || (column.generated === 'identity' && !generated);
  if (filled || column.writable === false) parts.push('readOnly: true');
  if (search) parts.push('search: true');
  // Two attributes may look alike to a person although their columns differ.
  if (/\d$/.test(name) && !/\d$/.test(column.name))
    parts.push(`label: ${scalar(`${humanName(column.name)} (${column.name})`)}`);
  return parts.join(', ');
}

/** Columns a person would look for: names, titles, towns; else the first text. */
function searchedColumns(imported: ImportedTable): Set<string> {
  const texts = imported.attributes.filter(({ column }) => column.type === 'text').map(({ column }) => column.name);
  const known = texts.filter((name) => SEARCHED.test(wordsOf(name).join(' ')));
  return new Set(known.length > 0 ? known : texts.slice(0, 1));
}

const WORDS = /^(true|false|null|yes|no|on|off|y|n|~)$/i;

/** Plain where YAML reads it as the same text, else in double quotes. */
function scalar(text: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*(?:[ -][A-Za-z0-9_]+)*$/.test(text) && !WORDS.test(text) ? text : JSON.stringify(text);
}
