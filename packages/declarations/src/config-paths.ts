import { resolve } from 'node:path';
import type { Path } from './tree.js';

/**
 * A component's configuration in which every text that begins with `file:./` or `file:../` is the absolute path it means: from the folder
 * of the layer that says it, which is not the folder the front office runs in.
 *
 * @param from gives the folder of the layer that wrote what stands at a path
 *
 * @example
 * withAbsolutePaths({ folder: 'file:./exports' }, [], () => '/srv/lumen'); // { folder: '/srv/lumen/exports' }
 */
export function withAbsolutePaths(value: unknown, path: Path, from: (path: Path) => string): unknown {
  if (typeof value === 'string') {
    return /^file:\.\.?\//.test(value) ? resolve(from(path), value.slice('file:'.length)) : value;
  }
  if (Array.isArray(value)) return value.map((each, index) => withAbsolutePaths(each, [...path, index], from));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, withAbsolutePaths(each, [...path, key], from)]);
  return Object.fromEntries(entries);
}
