import { nearest } from '@caruso/declarations';
import type { ColumnShape, DatabaseSchema, TableShape } from '@caruso/storage-manager/contract';
import { type Attribute, type CompiledModel, type ModelObject, storedAttributes, storedObjects } from './model.js';

/** What the model says of a legacy database and the database does not: at a path of the object's model file. */
export interface Mismatch {
  object: string;
  path: readonly string[];
  code: string;
  message: string;
  remedy: string;
}

/** Compares the objects of an unmanaged database with what was found in it, and notes in their columns what only the database knows. */
export function compareDatabase(model: CompiledModel, found: DatabaseSchema): Mismatch[] {
  const mismatches: Mismatch[] = [];
  const exact = (name: string) => name;
  const anyCase = (name: string) => name.toLowerCase();
  const same = found.dialect === 'postgres' ? exact : anyCase;
  const sameTable = found.dialect === 'sqlite' ? anyCase : exact;
  for (const object of storedObjects(model)) {
    if (object.managed || object.database !== found.database) continue;
    const table = tableOf(found, object, sameTable);
    if (table === undefined) {
      const names = found.tables.map((each) => each.name);
      const near = nearest(object.table, names);
      mismatches.push({
        object: object.name,
        path: ['table'],
        code: 'MODEL_TABLE_UNKNOWN',
        message: `database '${found.database}' has no table '${object.table}'`,
        remedy: near === undefined ? `it has ${names.slice(0, 12).join(', ') || 'none'}` : `did you mean '${near}'?`,
      });
      continue;
    }
    mismatches.push(...compareColumns(object, table, same));
  }
  return mismatches;
}

function tableOf(found: DatabaseSchema, object: ModelObject, same: (name: string) => string): TableShape | undefined {
  // What lies in the first schema of the search path is found without naming it.
  const named = found.tables.filter((table) => same(table.name) === same(object.table));
  return named.find((table) => table.schema === object.schema) ?? named.find(() => object.schema === undefined);
}

function compareColumns(object: ModelObject, table: TableShape, same: (name: string) => string): Mismatch[] {
  const mismatches: Mismatch[] = [];
  const known = new Map(table.columns.map((column) => [same(column.name), column]));
  for (const attribute of storedAttributes(object)) {
    for (const column of attribute.columns) {
      const found = known.get(same(column.name));
      if (found !== undefined) {
        column.narrow = found.narrow;
        if (!attribute.readOnly && isUnwritten(found)) mismatches.push(unwritten(object, attribute, found));
        if (column.uuid === true && attribute.to === undefined && found.nativeType?.toLowerCase() !== 'uuid')
          mismatches.push({
            object: object.name,
            path: ['attributes', attribute.name, 'format'],
            code: 'MODEL_COLUMN_FORMAT',
            message: `column '${column.name}' of table '${object.table}' is ${found.nativeType ?? found.type}, not uuid`,
            remedy: "remove 'format'",
          });
        continue;
      }
      const names = table.columns.map((each) => each.name);
      const near = nearest(column.name, names);
      mismatches.push({
        object: object.name,
        path: ['attributes', attribute.name, 'column'],
        code: 'MODEL_COLUMN_UNKNOWN',
        message: `table '${table.name}' of database '${object.database}' has no column '${column.name}'`,
        remedy: near === undefined ? `it has ${names.slice(0, 12).join(', ')}` : `did you mean '${near}'?`,
      });
    }
  }
  return mismatches;
}

/** What the database computes, or keeps in a form that is not ours to write. */
function isUnwritten(column: ColumnShape): boolean {
  return column.generated === 'computed' || column.writable === false;
}

function unwritten(object: ModelObject, attribute: Attribute, column: ColumnShape): Mismatch {
  const why =
    column.generated === 'computed' ? 'is computed by the database' : `is ${column.nativeType}, which is read only`;
  return {
    object: object.name,
    path: ['attributes', attribute.name],
    code: 'MODEL_COLUMN_READ_ONLY',
    message: `column '${column.name}' of table '${object.table}' ${why}`,
    remedy: 'add readOnly: true',
  };
}
