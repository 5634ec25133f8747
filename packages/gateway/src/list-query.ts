import { bodyInvalid } from './errors.js';

/** Parameters of a list, as they stand in its address. */
const known = ['where', 'search', 'sort', 'limit', 'after', 'include', 'deleted'] as const;
const lists = new Set<string>(['sort', 'include']);

type Query = Readonly<Record<string, string | string[] | undefined>>;

/**
 * The query of `objects.find` out of an address. Types are checked by the contract; what the address alone can get wrong, here.
 * Throws INPUT_INVALID.
 */
export function listQuery(object: string, query: Query): Record<string, unknown> {
  const issues: { path: string; message: string }[] = [];
  const input: Record<string, unknown> = { object };
  for (const [name, value] of Object.entries(query)) {
    if (!(known as readonly string[]).includes(name)) {
      issues.push({ path: name, message: `is no parameter of a list; there are ${known.join(', ')}` });
    } else if (Array.isArray(value)) {
      if (lists.has(name)) input[name] = value.flatMap(parts);
      else issues.push({ path: name, message: 'stands there more than once' });
    } else if (value !== undefined && value !== '') {
      if (name === 'limit') input[name] = /^\d+$/.test(value) ? Number(value) : value;
      else input[name] = lists.has(name) ? parts(value) : value;
    }
  }
  if (issues.length > 0) throw bodyInvalid(issues);
  return input;
}

/** `deleted` of one record's address. */
export function deletedOf({ deleted }: Query): { deleted?: boolean } {
  if (deleted === undefined || deleted === '' || deleted === 'false') return {};
  if (deleted !== 'true') throw bodyInvalid([{ path: 'deleted', message: 'must be true or false' }]);
  return { deleted: true };
}

/** `include` of one record's address. */
export function includeOf(query: Query): { include?: string[] } {
  const { include } = query;
  if (include === undefined || include === '') return {};
  return { include: Array.isArray(include) ? include.flatMap(parts) : parts(include) };
}

function parts(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
