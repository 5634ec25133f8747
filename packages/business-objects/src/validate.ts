import { nearest } from '@caruso/declarations';
import { Decimal } from 'decimal.js';
import type { Violation } from './errors.js';
import { decodeKeyParts } from './key.js';
import type { Attribute, ModelObject } from './model.js';
import { instant, isDay } from './open-value.js';
import { checkTags } from './tags.js';

type Objects = ReadonlyMap<string, ModelObject>;
/** A checked value in the one form the wire has, or what is wrong with it, as the end of a sentence about the attribute. */
type Checked = { value: unknown } | { wrong: string };

const MOST_BINARY = 10_000_000;
const MOST_JSON = 200_000;
/** Longer texts are not held against patterns, whose cost is their author's. */
const MOST_MATCHED = 2000;

/**
 * Checks values against the model: all faults at once. What is left out is checked only where `complete` (a new record).
 * Pure.
 *
 * @param before what the record holds, for values that depend on others
 */
export function validate(
  objects: Objects,
  object: ModelObject,
  values: Readonly<Record<string, unknown>>,
  complete: boolean,
  before: Readonly<Record<string, unknown>> = {},
): { values: Record<string, unknown>; violations: Violation[] } {
  const violations: Violation[] = [];
  const checked: Record<string, unknown> = {};
  for (const name of Object.keys(values)) {
    if (object.attributes.has(name)) continue;
    const near = nearest(name, object.attributes.keys());
    violations.push({
      attribute: name.slice(0, 80),
      message: near === undefined ? 'is unknown' : `is unknown; did you mean '${near}'?`,
    });
  }
  for (const attribute of object.attributes.values()) {
    const { name } = attribute;
    const given = Object.hasOwn(values, name);
    if (!given && !complete) continue;
    if (attribute.kind !== 'stored') {
      if (given) violations.push({ attribute: name, message: 'is computed and cannot be set' });
      continue;
    }
    const value = values[name];
    if (value === null || value === undefined || (value === '' && attribute.type !== 'text')) {
      if (attribute.required && attribute.generated !== 'database')
        violations.push({ attribute: name, message: 'is required' });
      else if (given) checked[name] = attribute.type === 'tags' ? [] : null;
      continue;
    }
    const result = checkValue(objects, attribute, value);
    if ('wrong' in result) violations.push({ attribute: name, message: result.wrong });
    else if (attribute.required && isEmpty(result.value)) {
      violations.push({ attribute: name, message: 'is required' });
    } else checked[name] = result.value;
  }
  violations.push(...dependentFaults(object, { ...before, ...checked }, checked, violations));
  return { values: checked, violations };
}

function isEmpty(value: unknown): boolean {
  return (typeof value === 'string' && value.trim() === '') || (Array.isArray(value) && value.length === 0);
}

/** Values that there are not beside the value they depend on, where either is set. */
function dependentFaults(
  object: ModelObject,
  after: Readonly<Record<string, unknown>>,
  set: Readonly<Record<string, unknown>>,
  known: readonly Violation[],
): Violation[] {
  const faults: Violation[] = [];
  for (const { name, dependsOn } of object.attributes.values()) {
    if (dependsOn === undefined || !(name in set || dependsOn.attribute in set)) continue;
    if (known.some(({ attribute }) => attribute === name || attribute === dependsOn.attribute)) continue;
    const [value, on] = [after[name], after[dependsOn.attribute]];
    if (value === null || value === undefined) continue;
    const allowed = dependsOn.values.get(String(on)) ?? [];
    if (typeof value === 'string' && allowed.includes(value)) continue;
    const where = `where '${dependsOn.attribute}' is ${on === null || on === undefined ? 'empty' : `'${String(on)}'`}`;
    const message = allowed.length === 0 ? `has no value ${where}` : `should be one of ${allowed.join(', ')} ${where}`;
    faults.push({ attribute: name, message });
  }
  return faults;
}

/** Checks one value that is not null. */
function checkValue(objects: Objects, attribute: Attribute, value: unknown): Checked {
  switch (attribute.type) {
    case 'text':
    case 'email':
    case 'phone':
    case 'url':
    case 'one of':
      return checkText(attribute, value);
    case 'integer':
      return checkInteger(attribute, value);
    case 'number':
      if (typeof value !== 'number' || !Number.isFinite(value)) return { wrong: 'should be a number' };
      return within(attribute, new Decimal(value)) ?? { value };
    case 'decimal':
      return checkDecimal(attribute, value);
    case 'money':
      return checkMoney(attribute, value);
    case 'boolean':
      return typeof value === 'boolean' ? { value } : { wrong: 'should be true or false' };
    case 'date':
      return typeof value === 'string' && isDay(value)
        ? { value }
        : { wrong: 'should be a day of the calendar, YYYY-MM-DD' };
    case 'datetime': {
      const iso = instant(value);
      return iso === undefined ? { wrong: 'should be a time with a zone, 2026-01-31T09:00:00Z' } : { value: iso };
    }
    case 'json':
      return JSON.stringify(value).length <= MOST_JSON
        ? { value }
        : { wrong: `is larger than ${MOST_JSON} characters` };
    case 'binary': {
      if (typeof value !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) return { wrong: 'should be base64 text' };
      return value.length <= MOST_BINARY ? { value } : { wrong: `is larger than ${MOST_BINARY} characters` };
    }
    case 'tags':
      return checkTags(value, attribute.values);
    case 'reference':
      return checkReference(objects, attribute, value);
  }
}

function checkText(attribute: Attribute, value: unknown): Checked {
  if (typeof value !== 'string') return { wrong: 'should be text' };
  if (value.includes('\0') || /\p{Surrogate}/u.test(value)) return { wrong: 'holds characters that cannot be stored' };
  const most = attribute.maxLength ?? Number.POSITIVE_INFINITY;
  if (value.length > most) return { wrong: `is longer than ${most} characters` };
  if (attribute.values !== undefined && !attribute.values.includes(value)) {
    const near = nearest(value, attribute.values);
    return {
      wrong: `should be one of ${attribute.values.join(', ')}${near === undefined ? '' : `; did you mean '${near}'?`}`,
    };
  }
  if (attribute.type === 'email' && !/^[^\s@<>()",;]{1,64}@[^\s@<>()",;]{1,189}$/.test(value))
    return { wrong: 'should be a mail address' };
  if (attribute.type === 'phone' && !/^\+?[0-9][0-9 ()./-]*$/.test(value))
    return { wrong: 'should be a telephone number' };
  if (attribute.type === 'url' && !isWebAddress(value)) return { wrong: 'should be a web address, https://...' };
  if (attribute.pattern !== undefined && (value.length > MOST_MATCHED || !attribute.pattern.test.test(value))) {
    return { wrong: `should match ${attribute.pattern.source}` };
  }
  return { value };
}

function isWebAddress(value: string): boolean {
  if (!/^https?:\/\//i.test(value)) return false;
  return URL.canParse(value);
}

function checkInteger(attribute: Attribute, value: unknown): Checked {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== 'string' || !/^-?\d{1,19}$/.test(text)) return { wrong: 'should be a whole number' };
  if (BigInt.asIntN(64, BigInt(text)) !== BigInt(text)) return { wrong: 'should be a whole number of at most 64 bits' };
  const number = Number(text);
  return (
    within(attribute, new Decimal(text)) ?? {
      value: Number.isSafeInteger(number) ? number + 0 : BigInt(text).toString(),
    }
  );
}

function within(attribute: Attribute, value: Decimal): { wrong: string } | undefined {
  if (attribute.min !== undefined && value.lt(attribute.min)) return { wrong: `should be at least ${attribute.min}` };
  if (attribute.max !== undefined && value.gt(attribute.max)) return { wrong: `should be at most ${attribute.max}` };
  return undefined;
}

function checkDecimal(attribute: Attribute, value: unknown): Checked {
  const text = typeof value === 'number' && Number.isFinite(value) ? new Decimal(value).toFixed() : value;
  if (typeof text !== 'string' || !/^-?\d{1,18}(?:\.\d{1,30})?$/.test(text))
    return { wrong: 'should be a decimal number such as 12.50' };
  const scale = attribute.scale ?? 0;
  const decimal = new Decimal(text);
  if (decimal.decimalPlaces() > scale) return { wrong: `has more than ${scale} digits behind the point` };
  if (decimal.abs().gte(new Decimal(10).pow(18 - scale)))
    return { wrong: `has more than ${18 - scale} digits before the point` };
  return (
    within(attribute, decimal) ?? { value: decimal.isZero() ? new Decimal(0).toFixed(scale) : decimal.toFixed(scale) }
  );
}

function checkMoney(attribute: Attribute, value: unknown): Checked {
  if (typeof value !== 'object' || value === null || !('amount' in value)) {
    return { wrong: `should be money, { amount: "12.50", currency: "${attribute.currency ?? 'EUR'}" }` };
  }
  const currency = 'currency' in value && value.currency !== undefined ? value.currency : attribute.currency;
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency))
    return { wrong: 'should have a currency such as EUR' };
  if (attribute.currency !== undefined && attribute.columns.length === 1 && currency !== attribute.currency) {
    return { wrong: `should be in ${attribute.currency}, not ${currency}` };
  }
  const amount = checkDecimal(attribute, value.amount);
  return 'wrong' in amount ? amount : { value: { amount: amount.value, currency } };
}

function checkReference(objects: Objects, attribute: Attribute, value: unknown): Checked {
  const target = attribute.to === undefined ? undefined : objects.get(attribute.to);
  if (target === undefined) return { wrong: 'leads to an object the model does not have' };
  if (decodeKeyParts(objects, target, value) === undefined) return { wrong: `should be the key of a ${target.label}` };
  return { value };
}
