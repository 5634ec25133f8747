import type { z } from 'zod';
import type { Path } from './tree.js';

/** The part of zod's definitions that is walked here; every schema of zod 4 keeps them at `_zod.def`. */
interface Definition {
  type: string;
  shape?: Record<string, z.core.$ZodType>;
  innerType?: z.core.$ZodType;
  in?: z.core.$ZodType;
  out?: z.core.$ZodType;
  getter?: () => z.core.$ZodType;
  options?: readonly z.core.$ZodType[];
  left?: z.core.$ZodType;
  right?: z.core.$ZodType;
  element?: z.core.$ZodType;
  items?: readonly z.core.$ZodType[];
  keyType?: z.core.$ZodType;
  valueType?: z.core.$ZodType;
  entries?: Record<string, string | number>;
}

function definition(schema: z.core.$ZodType): Definition {
  return schema._zod.def as Definition;
}

/** The schemas that may apply at the end of `path`: of a union, each of its options. */
function schemasAt(schema: z.core.$ZodType, path: Path): z.core.$ZodType[] {
  let current = unwrap(schema);
  for (const step of path) {
    current = current.flatMap((each) => {
      const def = definition(each);
      if (def.shape !== undefined && Object.hasOwn(def.shape, step)) return unwrap(def.shape[step]);
      if (def.type === 'array') return unwrap(def.element);
      if (def.type === 'tuple') return unwrap(def.items?.[Number(step)]);
      if (def.type === 'record') return unwrap(def.valueType);
      return [];
    });
  }
  return current;
}

/** Takes off what only wraps (optional, default, pipe, lazy) and opens unions. */
function unwrap(schema: z.core.$ZodType | undefined, depth = 0): z.core.$ZodType[] {
  if (schema === undefined || depth > 20) return [];
  const def = definition(schema);
  const deeper = (each: z.core.$ZodType | undefined) => unwrap(each, depth + 1);
  if (def.type === 'lazy') return deeper(def.getter?.());
  // what z.preprocess makes has its schema behind the transformation
  if (def.type === 'pipe')
    return deeper(def.in !== undefined && definition(def.in).type === 'transform' ? def.out : def.in);
  if (def.type === 'union') return (def.options ?? []).flatMap(deeper);
  if (def.type === 'intersection') return [...deeper(def.left), ...deeper(def.right)];
  if (def.innerType !== undefined) return deeper(def.innerType);
  return [schema];
}

/**
 * Keys a mapping at the end of `path` may have.
 *
 * @example
 * knownKeys(z.strictObject({ a: z.object({ b: z.number() }) }), ['a']); // ['b']
 */
export function knownKeys(schema: z.core.$ZodType, path: Path): string[] {
  const keys = new Set<string>();
  for (const each of schemasAt(schema, path)) {
    const def = definition(each);
    for (const key of Object.keys(def.shape ?? {})) keys.add(key);
    if (def.type !== 'record') continue;
    for (const keyType of unwrap(def.keyType)) {
      for (const key of Object.values(definition(keyType).entries ?? {})) keys.add(String(key));
    }
  }
  return [...keys];
}
