import type { ObjectRecord } from '@caruso/business-objects/contract';

/** Another record that a value leads to. */
export interface Reference {
  object: string;
  key: string;
  display: string;
  screen: string | null;
}

/** Value at a path of a record: an attribute, or one of a loaded to-one relation. */
export function valueAt(record: ObjectRecord, path: string): unknown {
  if (path in record.values) return record.values[path];
  const dot = path.indexOf('.');
  if (dot < 0) return undefined;
  const one = related(record, path.slice(0, dot));
  return one === undefined ? undefined : valueAt(one, path.slice(dot + 1));
}

/** The record that a reference attribute at a path leads to, where it was loaded. */
export function referenceAt(record: ObjectRecord, path: string): Reference | undefined {
  const dot = path.indexOf('.');
  if (dot >= 0) {
    const one = related(record, path.slice(0, dot));
    return one === undefined ? undefined : referenceAt(one, path.slice(dot + 1));
  }
  const one = related(record, path);
  return one === undefined ? undefined : { object: one.object, key: one.key, display: one.display, screen: null };
}

function related(record: ObjectRecord, name: string): ObjectRecord | undefined {
  const one = record.related?.[name];
  return one === null || one === undefined || Array.isArray(one) ? undefined : one;
}
