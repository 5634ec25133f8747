import type { ColumnShape, ForeignKey, TableShape } from '@caruso/storage-manager/contract';
import {
  type Attribute,
  type Column,
  type CompiledModel,
  type ModelObject,
  storedAttributes,
  storedObjects,
} from './model.js';
import { snakeName } from './name.js';

/** The tables a managed database must have for the model. Pure. */
export function wantedTables(model: CompiledModel, database: string): TableShape[] {
  const tables: TableShape[] = [];
  for (const object of storedObjects(model)) {
    if (!object.managed || object.database !== database || model.refused.has(object.name)) continue;
    tables.push(wantedTable(model, object));
  }
  return tables;
}

/** Characters of a text that every database takes whole into an index. */
const SHORT = 255;

function wantedTable(model: CompiledModel, object: ModelObject): TableShape {
  const columns: ColumnShape[] = [];
  const foreignKeys: ForeignKey[] = [];
  const uniques: string[][] = [];
  const indexes: string[][] = [];
  const outgrown: string[][] = [];
  for (const attribute of storedAttributes(object)) {
    const names = attribute.columns.map((column) => column.name);
    for (const column of attribute.columns) columns.push(columnShape(attribute, column));
    if (attribute.unique) {
      // What a deleted record had may be had again.
      uniques.push(object.deletedColumn === undefined ? names : [...names, object.deletedColumn]);
      if (object.deletedColumn !== undefined) outgrown.push(names);
    }
    if (attribute.index || attribute.to !== undefined) indexes.push(names);
    const target = attribute.to === undefined ? undefined : model.objects.get(attribute.to);
    if (target?.managed === true && target.database === object.database && !model.refused.has(target.name)) {
      foreignKeys.push({
        columns: names,
        references: { table: target.table, columns: target.keyColumns.map((column) => column.name) },
      });
    }
  }
  const together = new Set(object.indexes.flatMap((index) => index.attributes.map(({ attribute }) => attribute)));
  for (const attribute of together) {
    if (attribute.maxLength === undefined || attribute.maxLength > SHORT) continue;
    const names = new Set(attribute.columns.map(({ name }) => name));
    for (const column of columns) if (column.type === 'text' && names.has(column.name)) column.short = true;
  }
  const composites = object.indexes.map(({ attributes, unique }) => {
    const names = attributes.flatMap(({ attribute, descending }) =>
      attribute.columns.map(({ name }) => ({ name, descending })),
    );
    // What a deleted record had may be had again.
    if (unique && object.deletedColumn !== undefined) names.push({ name: object.deletedColumn, descending: false });
    return { columns: names, unique };
  });
  if (object.versionColumn !== undefined)
    columns.push({ name: object.versionColumn, type: 'integer', nullable: false, default: 1 });
  if (object.deletedColumn !== undefined)
    columns.push({ name: object.deletedColumn, type: 'text', length: 80, nullable: false, default: '' });
  if (object.wordColumn !== undefined) columns.push({ name: object.wordColumn, type: 'text', nullable: true });
  return {
    name: object.table,
    ...(object.schema === undefined ? {} : { schema: object.schema }),
    kind: 'table',
    columns,
    primaryKey: object.keyColumns.map((column) => column.name),
    uniques,
    indexes,
    foreignKeys,
    ...(composites.length === 0 ? {} : { composites }),
    ...(outgrown.length === 0 ? {} : { outgrown }),
    ...(object.wordColumn === undefined ? {} : { words: object.wordColumn }),
    ...(object.was === undefined ? {} : { was: object.was }),
    ...(object.removed.length === 0 ? {} : { removed: [...object.removed] }),
  };
}

/** An attribute that was renamed: each of its columns began with the old name in place of the new. */
function formerName(attribute: Attribute, column: Column): string | undefined {
  if (attribute.was === undefined) return undefined;
  const now = snakeName(attribute.name);
  const before = snakeName(attribute.was);
  return column.name.startsWith(now) ? before + column.name.slice(now.length) : before;
}

function columnShape(attribute: Attribute, column: Column): ColumnShape {
  const fixed = defaultOf(attribute);
  const was = formerName(attribute, column);
  return {
    name: column.name,
    type: column.type,
    nullable: column.nullable,
    ...(column.scale === undefined ? {} : { scale: column.scale }),
    ...(column.length === undefined ? {} : { length: column.length }),
    ...(fixed === undefined ? {} : { default: fixed }),
    ...(was === undefined ? {} : { was }),
    ...(attribute.generated === 'database' ? { generated: 'identity' as const } : {}),
  };
}

/** What a row has that was there before the column; computed defaults are for new records only. */
function defaultOf(attribute: Attribute): string | number | boolean | undefined {
  if (attribute.default === undefined || !('value' in attribute.default) || attribute.columns.length !== 1)
    return undefined;
  const { value } = attribute.default;
  if (attribute.type === 'money') return (value as { amount: string }).amount;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}
