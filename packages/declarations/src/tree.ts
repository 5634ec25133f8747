import type { Source } from './source.js';

/** Where a part of a tree stands in the text that contributed it. Offsets in UTF-16 units. */
export interface Mark {
  source: Source;
  start: number;
  end: number;
}

export type ScalarStyle = 'plain' | 'single' | 'double' | 'block';

export interface ScalarTree {
  kind: 'scalar';
  mark: Mark;
  value: unknown;
  style: ScalarStyle;
}

interface ListTree {
  kind: 'list';
  mark: Mark;
  items: Tree[];
}

export interface Entry {
  /** Of the key. */
  mark: Mark;
  value: Tree;
}

export interface MapTree {
  kind: 'map';
  mark: Mark;
  entries: Map<string, Entry>;
}

/** A YAML value in which every key and value still knows its file and offset, also after layers were merged. */
export type Tree = ScalarTree | ListTree | MapTree;

export type Path = readonly (string | number)[];

/** The plain value of a tree, as zod takes it. */
export function valueOf(tree: Tree): unknown {
  if (tree.kind === 'scalar') return tree.value;
  if (tree.kind === 'list') return tree.items.map(valueOf);
  return Object.fromEntries([...tree.entries].map(([key, entry]) => [key, valueOf(entry.value)]));
}

/** What a plain value at a path is short for: the key under which it stands in the long form; undefined where it is no short form. */
export type Short = (path: Path) => string | undefined;

/**
 * Lays `upper` over `lower`: mappings are merged key by key, anything else is replaced, and a key whose value is null above
 * removes the one below. Where a mapping comes over the short form of one, it comes over what that is short for.
 */
export function mergeTrees(lower: Tree, upper: Tree, short?: Short, path: Path = []): Tree {
  if (lower.kind === 'scalar' && lower.value !== null && upper.kind === 'map') {
    const key = short?.(path);
    if (key === undefined) return upper;
    const entries = new Map([[key, { mark: lower.mark, value: lower }]]);
    return mergeTrees({ kind: 'map', mark: lower.mark, entries }, upper, short, path);
  }
  if (lower.kind !== 'map' || upper.kind !== 'map') return upper;
  const entries = new Map(lower.entries);
  for (const [key, above] of upper.entries) {
    const below = entries.get(key);
    const removes = above.value.kind === 'scalar' && above.value.value === null;
    if (below === undefined) entries.set(key, above);
    else if (removes) entries.delete(key);
    else entries.set(key, { mark: above.mark, value: mergeTrees(below.value, above.value, short, [...path, key]) });
  }
  return { kind: 'map', mark: upper.mark, entries };
}

/** A tree without some of the keys at its top. */
export function withoutKeys(tree: Tree, keys: readonly string[]): Tree {
  if (tree.kind !== 'map' || keys.length === 0) return tree;
  return { ...tree, entries: new Map([...tree.entries].filter(([key]) => !keys.includes(key))) };
}

/** The value at a path, and the key that leads to it where it is a mapping's; the deepest ancestor where the path ends early. */
export function find(tree: Tree, path: Path): { tree: Tree; key: Mark | undefined; complete: boolean } {
  let current = tree;
  let key: Mark | undefined;
  for (const step of path) {
    if (current.kind === 'map') {
      const entry = current.entries.get(String(step));
      if (entry === undefined) return { tree: current, key, complete: false };
      current = entry.value;
      key = entry.mark;
    } else if (current.kind === 'list') {
      const item = current.items[Number(step)];
      if (item === undefined) return { tree: current, key, complete: false };
      current = item;
      key = undefined;
    } else {
      return { tree: current, key, complete: false };
    }
  }
  return { tree: current, key, complete: true };
}

/** Keys of the mapping at a path. */
export function keysAt(tree: Tree, path: Path): Map<string, Entry> | undefined {
  const found = find(tree, path);
  return found.complete && found.tree.kind === 'map' ? found.tree.entries : undefined;
}
