import type { ValueType } from '@caruso/expressions';
import { didYouMean } from '@caruso/expressions';
import type { CompilerContext } from './compiler-context.js';
import type { XmlElement } from './xml-tree.js';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };
const scalars = ['text', 'integer', 'decimal', 'number', 'money', 'boolean', 'date', 'datetime'] as const;

/** A time to wait (`500ms`, `10s`, `2m`) in milliseconds; a fault, and undefined, where it is none or too long. */
export function durationOf(context: CompilerContext, element: XmlElement, longest: number): number | undefined {
  const attribute = element.attributes.get('timeout');
  if (attribute === undefined) return undefined;
  const match = /^(\d{1,6})(ms|s|m)$/.exec(attribute.value);
  const value = Number(match?.[1]) * (units[match?.[2] ?? ''] ?? Number.NaN);
  if (value > 0 && value <= longest) return value;
  const message = `'${attribute.value}' is no time to wait`;
  const remedy = `write 500ms, 10s or at most ${longest / 60_000}m`;
  context.faults.add(attribute.valueOffset, 'SCRIPT_ATTRIBUTE_VALUE', message, remedy);
  return undefined;
}

/** A whole number within bounds; a fault, and the default, where it is none. */
export function countOf(
  context: CompilerContext,
  element: XmlElement,
  name: string,
  bounds: { least: number; most: number; otherwise: number },
): number {
  const attribute = element.attributes.get(name);
  if (attribute === undefined) return bounds.otherwise;
  const value = /^-?\d{1,9}$/.test(attribute.value) ? Number(attribute.value) : Number.NaN;
  if (value >= bounds.least && value <= bounds.most) return value;
  const message = `'${attribute.value}' is no number for '${name}'`;
  const remedy = `write a number from ${bounds.least} to ${bounds.most}`;
  context.faults.add(attribute.valueOffset, 'SCRIPT_ATTRIBUTE_VALUE', message, remedy);
  return bounds.otherwise;
}

/** The type that a param or var names: a scalar, or a business object of the model. */
export function declaredType(context: CompilerContext, element: XmlElement): ValueType {
  const attribute = element.attributes.get('type');
  const type = typeOfWord(attribute?.value ?? 'text', context.objects);
  if (type !== undefined || attribute === undefined) return type ?? 'text';
  const known = [...scalars, ...Object.keys(context.objects)];
  const remedy = didYouMean(attribute.value, known, `use ${scalars.join(', ')}, or an object of the model`);
  context.faults.add(attribute.valueOffset, 'SCRIPT_TYPE_UNKNOWN', `there is no type '${attribute.value}'`, remedy);
  return 'any';
}

export function typeOfWord(word: string, objects: Record<string, unknown>): ValueType | undefined {
  const scalar = scalars.find((each) => each === word);
  return scalar ?? (Object.hasOwn(objects, word) ? { object: word } : undefined);
}
