import type { ObjectRecord } from './contract.js';
import { encodeKey } from './key.js';
import type { ModelObject } from './model.js';
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
function displayOf(object: ModelObject, display: readonly string[], values: Values): string {
  let text = '';
  for (const name of display) {
    const value = values[name];
    if (value !== null && value !== undefined && value !== '')
      text += text === '' ? String(value) : ` ${String(value)}`;
  }
  return text === '' ? object.key.map((attribute) => String(values[attribute.name] ?? '')).join(' ') : text;
}

/** A record as the wire has it: of its attributes `shownNames`, and called by `display`, which the caller may both see. */
export function toRecord(
  plan: ReadPlan,
  shownNames: readonly string[],
  display: readonly string[],
  row: Row,
  values: Values,
): ObjectRecord {
  const { object } = plan;
  const shown: Values = {};
  for (const name of shownNames) shown[name] = values[name] ?? null;
  return {
    object: object.name,
    key: object.key.length === 0 ? '' : encodeKey(object, values),
    version: versionOf(plan, row),
    display: displayOf(object, display, values),
    values: shown,
  };
}
