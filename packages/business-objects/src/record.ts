import type { ObjectRecord } from './contract.js';
import { encodeKey } from './key.js';
import { MASK, type ModelObject } from './model.js';
import type { ReadPlan, Row } from './read-plan.js';
import { type Values, versionOf } from './row-reader.js';

/** Attributes that make up what people call a record. */
export function displayAttributes(object: ModelObject): string[] {
  if (object.attributes.has('display')) return ['display'];
  const texts = [...object.attributes.values()].filter(
    (attribute) => !attribute.key && attribute.type === 'text' && !attribute.sensitive,
  );
  const [name] = [
    ...texts.filter((attribute) => attribute.required),
    ...texts.filter((attribute) => attribute.search),
    ...texts,
  ];
  return name === undefined ? object.key.map((attribute) => attribute.name) : [name.name];
}

/** What people call a record; its key where it has no name. */
function displayOf(object: ModelObject, display: readonly string[], keys: Values, values: Values): string {
  let text = '';
  for (const name of display) {
    const value = values[name];
    if (value !== null && value !== undefined && value !== '')
      text += text === '' ? String(value) : ` ${String(value)}`;
  }
  return text === '' ? object.key.map((attribute) => String(keys[attribute.name] ?? '')).join(' ') : text;
}

/** When a record was deleted whose row is kept: ISO UTC; undefined of one that is there. */
function deletedAt(row: Row): string | undefined {
  const [at = ''] = String(row['d'] ?? '').split(' ');
  return at === '' ? undefined : at;
}

/**
 * A record as the wire has it: of its attributes `shownNames`, and called by `display`, which the caller may both see. With `masks`,
 * sensitive values are there without being told.
 */
export function toRecord(
  plan: ReadPlan,
  shownNames: readonly string[],
  display: readonly string[],
  row: Row,
  values: Values,
  masks: boolean,
): ObjectRecord {
  const { object } = plan;
  const shown: Values = {};
  for (const name of shownNames) {
    const value = values[name] ?? null;
    shown[name] = masks && value !== null && object.attributes.get(name)?.sensitive === true ? MASK : value;
  }
  const deleted = deletedAt(row);
  return {
    object: object.name,
    key: object.key.length === 0 ? '' : encodeKey(object, values),
    version: versionOf(plan, row),
    display: displayOf(object, display, values, shown),
    values: shown,
    ...(deleted === undefined ? {} : { deleted }),
  };
}
