import { keyInvalid } from './errors.js';
import type { Attribute, ModelObject } from './model.js';
import { instant, isDay } from './open-value.js';

type Objects = ReadonlyMap<string, ModelObject>;

/** A part that is the empty text; percent-encoding never gives a bare percent sign. */
const EMPTY = '%';
/** A part that is null: such a row is listed, but cannot be addressed. */
const NULL = '%0';

const PLAIN = /^[A-Za-z0-9_.!*'()-]+$/;

/** One part of a key: percent-encoded, `~` included, since it joins the parts. */
function encodePart(value: unknown): string {
  if (value === null || value === undefined) return NULL;
  const text = String(value);
  // Most keys are plain, and encoding asks for more than looking.
  if (PLAIN.test(text)) return text;
  return text === '' ? EMPTY : encodeURIComponent(text).replaceAll('~', '%7E');
}

/** The key of a record out of the wire values of its key attributes, in the order of the key; '' without a key. */
export function encodeKey(object: ModelObject, values: Readonly<Record<string, unknown>>): string {
  const [only] = object.key;
  if (object.key.length === 1 && only !== undefined) return encodePart(values[only.name]);
  return object.key.map((attribute) => encodePart(values[attribute.name])).join('~');
}

/** The wire values of the key attributes. Throws KEY_INVALID. */
export function decodeKey(objects: Objects, object: ModelObject, key: string): Record<string, unknown> {
  const parts = key.split('~');
  const wanted = object.key.length;
  if (wanted === 0) throw keyInvalid(object.name, key, 'the object has no key');
  if (parts.length !== wanted) throw keyInvalid(object.name, key, `it has ${parts.length} parts, not ${wanted}`);
  const values: Record<string, unknown> = {};
  for (const [index, attribute] of object.key.entries()) {
    const value = decodePart(objects, attribute, parts[index] ?? '');
    if (value === undefined)
      throw keyInvalid(object.name, key, `part ${index + 1} is no ${attribute.name} (${attribute.type})`);
    values[attribute.name] = value;
  }
  return values;
}

function decodePart(objects: Objects, attribute: Attribute, part: string): unknown {
  if (part === NULL) return undefined;
  const text = part === EMPTY ? '' : decoded(part);
  if (text === undefined || text.length > 4000 || text.includes('\0')) return undefined;
  if (attribute.to !== undefined) {
    const target = objects.get(attribute.to);
    return target !== undefined && decodeKeyParts(objects, target, text) !== undefined ? text : undefined;
  }
  switch (attribute.columns[0]?.type) {
    case 'integer':
    case 'bigint':
      return wholeNumber(text);
    case 'decimal':
      return /^-?\d+(?:\.\d+)?$/.test(text) ? text : undefined;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'date':
      return isDay(text) ? text : undefined;
    case 'datetime':
      return instant(text);
    default:
      return text;
  }
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

/** An integer as the wire has it: a number while that is exact, else its text. */
function wholeNumber(text: string): number | string | undefined {
  if (!/^-?\d{1,19}$/.test(text)) return undefined;
  const number = Number(text);
  if (Number.isSafeInteger(number)) return number;
  return BigInt.asIntN(64, BigInt(text)) === BigInt(text) ? text : undefined;
}

/** The wire values of the key's columns, references followed to their own; undefined for what is no key of the object. */
export function decodeKeyParts(objects: Objects, object: ModelObject, key: unknown): unknown[] | undefined {
  if (typeof key !== 'string') return undefined;
  const texts = key.split('~');
  if (texts.length !== object.key.length || texts.length === 0) return undefined;
  const parts: unknown[] = [];
  for (const [index, attribute] of object.key.entries()) {
    const value = decodePart(objects, attribute, texts[index] ?? '');
    if (value === undefined) return undefined;
    const target = attribute.to === undefined ? undefined : objects.get(attribute.to);
    const deeper = target === undefined ? [value] : decodeKeyParts(objects, target, value);
    if (deeper === undefined) return undefined;
    parts.push(...deeper);
  }
  return parts;
}

/** The encoded key of an object out of the wire values of its key's columns: what a reference is on the wire. */
export function encodeKeyParts(objects: Objects, object: ModelObject, parts: readonly unknown[]): string | null {
  const [only] = object.key;
  if (object.key.length === 1 && parts.length === 1 && only?.to === undefined) {
    const [part] = parts;
    return part === null || part === undefined ? null : encodePart(part);
  }
  const rest = [...parts];
  const encode = (of: ModelObject): string =>
    of.key
      .map((attribute) => {
        const target = attribute.to === undefined ? undefined : objects.get(attribute.to);
        return encodePart(target === undefined ? rest.shift() : encode(target));
      })
      .join('~');
  return parts.some((part) => part === null || part === undefined) ? null : encode(object);
}
