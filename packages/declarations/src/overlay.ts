import { isDeepStrictEqual } from 'node:util';

/** A value at a path of a declaration; `undefined` takes the key out. */
export interface ValueEdit {
  path: string[];
  value: unknown;
}

/** What a lower layer and the folder's own file say together: as the layers are merged, with null taking out what is below. Pure. */
export function overlaid(lower: unknown, own: unknown): unknown {
  if (own === undefined) return lower;
  if (own === null && lower !== undefined) return undefined;
  if (!isMapping(lower) || !isMapping(own)) return own;
  const merged: Record<string, unknown> = { ...lower };
  for (const [key, each] of Object.entries(own)) {
    const value = overlaid(lower[key], each);
    if (value === undefined) delete merged[key];
    else merged[key] = value;
  }
  return merged;
}

/**
 * What to change in the folder's own file, so that it says `wanted` together with the layers below: nothing that they say already. Pure.
 *
 * @example
 * editsFor({ days: 30, bank: 'NL' }, undefined, { days: 14, bank: 'NL' }, ['config']); // [{ path: ['config', 'days'], value: 14 }]
 */
export function editsFor(lower: unknown, own: unknown, wanted: unknown, path: string[]): ValueEdit[] {
  const present = overlaid(lower, own);
  if (isDeepStrictEqual(present, wanted)) return [];
  if (wanted === undefined) return [{ path, value: lower === undefined ? undefined : null }];
  if (!isMapping(wanted) || !isMapping(present)) return [{ path, value: difference(lower, wanted) }];
  const keys = new Set([...Object.keys(wanted), ...Object.keys(present)]);
  return [...keys].flatMap((key) => editsFor(field(lower, key), field(own, key), wanted[key], [...path, key]));
}

/** What has to be said on top of `lower`, so that `wanted` comes of it. */
function difference(lower: unknown, wanted: unknown): unknown {
  if (!isMapping(lower) || !isMapping(wanted)) return wanted;
  const keys = new Set([...Object.keys(wanted), ...Object.keys(lower)]);
  return Object.fromEntries(
    [...keys]
      .filter((key) => !isDeepStrictEqual(lower[key], wanted[key]))
      .map((key) => [key, key in wanted ? difference(lower[key], wanted[key]) : null]),
  );
}

function field(value: unknown, key: string): unknown {
  return isMapping(value) ? value[key] : undefined;
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
