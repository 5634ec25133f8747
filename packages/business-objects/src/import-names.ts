import type { ColumnShape, DatabaseSchema, ForeignKey, TableShape } from '@caruso/storage-manager/contract';
import { ADDRESSES, camelName, pascalName, plural, singular, wordsOf } from './name.js';

/** A foreign key that can become a reference: its columns in the order of the other table's key. */
interface ImportedReference {
  attribute: string;
  columns: string[];
  to: string;
  key: boolean;
}

/** To-many by a reference of the other table, or many-to-many through a junction whose references are named where it has several. */
type ImportedRelation = { name: string; to: string } & (
  | { by: string }
  | { through: string; ends: { from: string; to: string } | undefined }
);

/** A table with the names it gets in the model. */
export interface ImportedTable {
  table: TableShape;
  object: string;
  /** Columns of the key in the order of its attributes. */
  keyColumns: string[];
  references: ImportedReference[];
  /** Columns that become attributes of their own, with their names; those of the key first. */
  attributes: { name: string; column: ColumnShape; key: boolean }[];
  relations: ImportedRelation[];
}

const RESERVED = new Set([
  'user',
  'and',
  'or',
  'not',
  'in',
  'true',
  'false',
  'null',
  'constructor',
  'prototype',
  '__proto__',
]);

/** Gives names of a model to what was found in a database; the same database always gets the same names. */
export function nameTables(schema: DatabaseSchema, note: (text: string) => void): ImportedTable[] {
  const tables = schema.tables
    .filter((table) => !table.name.startsWith('caruso_'))
    .sort((left, right) => (placeOf(left) < placeOf(right) ? -1 : 1));
  const objects = new Set<string>();
  const named = new Map<string, ImportedTable>();
  for (const table of tables) {
    const object = unused(objectName(table), objects);
    named.set(placeOf(table), {
      table,
      object,
      keyColumns: table.kind === 'view' ? [] : [...table.primaryKey],
      references: [],
      attributes: [],
      relations: [],
    });
  }
  for (const imported of named.values()) nameAttributes(imported, named, note);
  for (const imported of named.values()) nameRelations(imported, named);
  for (const imported of named.values()) nameManyToMany(imported, named);
  return [...named.values()];
}

/** What tells a table from those of the same name in other schemas. */
function placeOf({ name, schema = '' }: Pick<TableShape, 'name' | 'schema'>): string {
  return JSON.stringify([name, schema]);
}

function referred({ references: { table, schema } }: ForeignKey): string {
  return placeOf({ name: table, ...(schema === undefined ? {} : { schema }) });
}

/** 'Order Details' is OrderDetail; the longer names of views stay as they are. */
function objectName(table: TableShape): string {
  const name = pascalName(table.name);
  const single = table.kind === 'table' || wordsOf(table.name).length === 1;
  return single ? singular(name) : name;
}

function nameAttributes(
  imported: ImportedTable,
  named: ReadonlyMap<string, ImportedTable>,
  note: (text: string) => void,
): void {
  const { table, keyColumns } = imported;
  const names = new Set<string>();
  const referring = new Set<string>();
  for (const key of table.foreignKeys) {
    const columns = columnsInKeyOrder(key, named);
    const target = named.get(referred(key));
    if (columns === undefined || target === undefined) {
      note(
        `${table.name} (${key.columns.join(', ')}) refers to ${key.references.table} by what is not its key; imported as plain columns`,
      );
      continue;
    }
    if (columns.length === 1 && columns.some((column) => referring.has(column))) continue;
    const [only = ''] = columns;
    const base = columns.length === 1 ? camelName(only.replace(/[ _]?id$/i, '') || only) : camelName(target.object);
    // Where the history of a record is, no reference has its address.
    const name = ADDRESSES.has(base) ? `${base}Record` : base;
    const inKey = columns.every((column) => keyColumns.includes(column));
    const shared = columns.some((column) => referring.has(column));
    imported.references.push({
      attribute: unused(guarded(name), names),
      columns,
      to: target.object,
      key: inKey && !shared,
    });
    for (const column of columns) if (columns.length === 1 || (inKey && !shared)) referring.add(column);
  }
  const ordered = [
    ...keyColumns,
    ...table.columns.map((column) => column.name).filter((name) => !keyColumns.includes(name)),
  ];
  for (const name of ordered) {
    const column = table.columns.find((each) => each.name === name);
    if (column === undefined || referring.has(name)) continue;
    imported.attributes.push({ name: unused(guarded(camelName(name)), names), column, key: keyColumns.includes(name) });
  }
  // The order of the key's attributes is the order of its parts: references stand where their first column does.
  const places = new Map(keyColumns.map((column, index) => [column, index]));
  imported.references.sort(
    (left, right) => (places.get(left.columns[0] ?? '') ?? 99) - (places.get(right.columns[0] ?? '') ?? 99),
  );
}

/** The columns of a foreign key in the order of the key they refer to; undefined where that is not the key. */
function columnsInKeyOrder(key: ForeignKey, named: ReadonlyMap<string, ImportedTable>): string[] | undefined {
  const wanted = named.get(referred(key))?.keyColumns ?? [];
  if (wanted.length === 0 || wanted.length !== key.columns.length) return undefined;
  const columns = wanted.map((column) => key.columns[key.references.columns.indexOf(column)]);
  return columns.every((column) => column !== undefined) ? columns : undefined;
}

function nameRelations(imported: ImportedTable, named: ReadonlyMap<string, ImportedTable>): void {
  for (const reference of imported.references) {
    const target = [...named.values()].find((each) => each.object === reference.to);
    if (target === undefined) continue;
    const taken = namesOf(target);
    const base = plural(camelName(imported.object));
    const several = target === imported || imported.references.filter((each) => each.to === reference.to).length > 1;
    const name = several ? `${base}By${pascalName(reference.attribute)}` : base;
    target.relations.push({ name: unused(name, taken), to: imported.object, by: reference.attribute });
  }
}

/** A table whose whole key is two foreign keys says which rows of two tables belong together. */
function nameManyToMany(imported: ImportedTable, named: ReadonlyMap<string, ImportedTable>): void {
  const ends = imported.references.filter(({ key }) => key);
  const [left, right] = ends;
  if (ends.length !== 2 || left === undefined || right === undefined) return;
  if (imported.attributes.some(({ key }) => key)) return;
  for (const [from, to] of [
    [left, right],
    [right, left],
  ] as const) {
    const holder = [...named.values()].find((each) => each.object === from.to);
    if (holder === undefined) continue;
    const leading = (object: string) => imported.references.filter((each) => each.to === object).length;
    const several = leading(from.to) > 1 || leading(to.to) > 1;
    const taken = namesOf(holder);
    const base = plural(from.to === to.to ? to.attribute : camelName(to.to));
    const name = taken.has(base) ? `${base}Through${imported.object}` : base;
    holder.relations.push({
      name: unused(name, taken),
      to: to.to,
      through: imported.object,
      ends: several ? { from: from.attribute, to: to.attribute } : undefined,
    });
  }
}

function namesOf({ attributes, references, relations }: ImportedTable): Set<string> {
  return new Set([
    ...ADDRESSES,
    ...attributes.map(({ name }) => name),
    ...references.map(({ attribute }) => attribute),
    ...relations.map(({ name }) => name),
  ]);
}

function guarded(name: string): string {
  return RESERVED.has(name) ? `${name}_` : name;
}

function unused(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}${number}`;
  taken.add(free);
  return free;
}
