/** How deep plain data may be nested: what is deeper is a circle, or meant to do harm. */
const DEEPEST = 200;

/**
 * Where `value` holds what JSON cannot carry unchanged (a function, a bigint, a date, an object of a class, NaN), and what it is;
 * undefined for plain data. Properties that are undefined count as absent.
 *
 * @example
 * notPlain({ lines: [{ amount: 12n }] }) // "lines.0.amount is a bigint"
 */
export function notPlain(value: unknown): string | undefined {
  const found = walk(value, 0);
  if (found === undefined) return undefined;
  const place = found.path.length === 0 ? 'the value' : found.path.reverse().join('.');
  return `${place} is ${found.what}`;
}

/** What was found, and its path from the inside out. */
interface Found {
  what: string;
  path: string[];
}

function walk(value: unknown, depth: number): Found | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return undefined;
    case 'number':
      return Number.isFinite(value) ? undefined : { what: `the number ${value}`, path: [] };
    case 'object':
      return value === null ? undefined : inside(value, depth);
    default:
      return { what: `a ${typeof value}`, path: [] };
  }
}

function inside(value: object, depth: number): Found | undefined {
  if (depth > DEEPEST) return { what: `nested deeper than ${DEEPEST} levels`, path: [] };
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      // JSON would make null of it.
      if (value[index] === undefined) return { what: 'undefined', path: [String(index)] };
      const found = walk(value[index], depth + 1);
      if (found !== undefined) return within(found, String(index));
    }
    return undefined;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype && Object.getPrototypeOf(prototype) !== null) {
    return { what: `an object of the class ${value.constructor.name}`, path: [] };
  }
  for (const key in value) {
    const found = walk((value as Record<string, unknown>)[key], depth + 1);
    if (found !== undefined) return within(found, key);
  }
  return undefined;
}

function within(found: Found, key: string): Found {
  found.path.push(key);
  return found;
}
