import type { StorageApi } from '@caruso/storage-manager/contract';
import type { AttributeType } from './contract.js';
import { writeLegacyDate } from './date-format.js';
import type { Violation } from './errors.js';
import { decodeKeyParts } from './key.js';
import type { Column, ModelObject } from './model.js';
import { storeTags } from './tags.js';

type Objects = ReadonlyMap<string, ModelObject>;

/**
 * Checked wire values as columns of the table. Where a legacy column belongs to two attributes (a key that overlaps with a reference),
 * both must say the same.
 */
export function toColumns(
  storage: Pick<StorageApi, 'encode'>,
  objects: Objects,
  object: ModelObject,
  values: Readonly<Record<string, unknown>>,
): { columns: Record<string, unknown>; violations: Violation[] } {
  const columns: Record<string, unknown> = {};
  const owners = new Map<string, string>();
  const violations: Violation[] = [];
  for (const [name, value] of Object.entries(values)) {
    const attribute = object.attributes.get(name);
    if (attribute === undefined) continue;
    const target = attribute.to === undefined ? undefined : objects.get(attribute.to);
    const parts = partsOf(objects, target, attribute.type, value);
    for (const [index, column] of attribute.columns.entries()) {
      const stored = storedForm(storage, object, column, parts[index] ?? null);
      const owner = owners.get(column.name);
      if (
        owner !== undefined &&
        !Object.is(columns[column.name], stored) &&
        String(columns[column.name]) !== String(stored)
      ) {
        violations.push({
          attribute: name,
          message: `contradicts '${owner}', which has the same column '${column.name}'`,
        });
      }
      owners.set(column.name, name);
      columns[column.name] = stored;
    }
  }
  return { columns, violations };
}

function partsOf(
  objects: Objects,
  target: ModelObject | undefined,
  type: AttributeType,
  value: unknown,
): readonly unknown[] {
  if (value === null || value === undefined) return [];
  if (target !== undefined) return decodeKeyParts(objects, target, value) ?? [];
  if (type === 'tags') return [storeTags(Array.isArray(value) ? value : [])];
  if (type === 'money' && typeof value === 'object') {
    const { amount, currency } = value as { amount?: unknown; currency?: unknown };
    return [amount, currency];
  }
  return [value];
}

function storedForm(storage: Pick<StorageApi, 'encode'>, object: ModelObject, column: Column, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (column.format !== undefined) return writeLegacyDate(column.format, String(value));
  return storage.encode(object.database, column.type, value, column.scale);
}
