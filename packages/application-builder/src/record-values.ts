import type { ObjectRecord } from '@caruso/business-objects/contract';
import { type Shapes, toMany, toOne } from './shapes.js';

/** A record as expressions see it: references are the records they lead to, where those were loaded. */
export function expressionValues(record: ObjectRecord, shapes: Shapes): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(shapes[record.object] ?? {})) {
    const related = record.related?.[name];
    if (toMany(type) !== undefined) {
      values[name] = Array.isArray(related) ? related.map((each) => expressionValues(each, shapes)) : [];
    } else if (toOne(type) !== undefined) {
      values[name] =
        related === undefined || related === null || Array.isArray(related) ? null : expressionValues(related, shapes);
    } else values[name] = record.values[name] ?? null;
  }
  return values;
}

/** The value at a path over loaded to-one relations. */
export function valueAt(record: ObjectRecord, path: string): unknown {
  const dot = path.indexOf('.');
  if (dot < 0) return record.values[path] ?? null;
  const one = relatedOne(record, path.slice(0, dot));
  return one === undefined ? null : valueAt(one, path.slice(dot + 1));
}

/** The record that a reference at a path leads to, where it was loaded. */
export function recordAt(record: ObjectRecord, path: string): ObjectRecord | undefined {
  const dot = path.indexOf('.');
  if (dot < 0) return relatedOne(record, path);
  const one = relatedOne(record, path.slice(0, dot));
  return one === undefined ? undefined : recordAt(one, path.slice(dot + 1));
}

function relatedOne(record: ObjectRecord, name: string): ObjectRecord | undefined {
  const one = record.related?.[name];
  return one === null || one === undefined || Array.isArray(one) ? undefined : one;
}
