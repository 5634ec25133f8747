import type { ValueType } from '@caruso/expressions';
import type { CompilerContext } from './compiler-context.js';
import type { RecordShape } from './program.js';

/** Which attributes of an object lead to others. */
export function recordShape(context: CompilerContext, object: string, include: readonly string[]): RecordShape {
  const references: Record<string, string> = {};
  for (const [attribute, type] of Object.entries(context.objects[object] ?? {})) {
    if (isObject(type)) references[attribute] = type.object;
  }
  return { object, references, include };
}

export function isObject(type: ValueType | undefined): type is { object: string } {
  return typeof type === 'object' && 'object' in type;
}

/** The object a result holds: itself, or each in its list. */
export function objectOf(type: ValueType | undefined): string | undefined {
  if (typeof type !== 'object') return undefined;
  if ('object' in type) return type.object;
  return objectOf(type.list);
}
