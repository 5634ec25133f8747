import { isDeepStrictEqual } from 'node:util';
import type { Locate } from './locate.js';
import type { Manifest } from './manifest.js';

import { KINDS, type Layer, type Source } from './source.js';

/** The declarations of a front office, all layers taken together. Read once; a change gives a new folder. */
export interface Folder {
  /** Absolute path of the front office's own folder. */
  root: string;
  name: string;
  /** Lowest first; the last is the front office's own folder. */
  layers: Layer[];
  manifest: Manifest;
  /** The files of a kind (`model`, `scripts`, `queues`, ..., and `manifest`), one for each path, in the order of their paths. */
  sources(kind: string): Source[];
  /** Every file below a directory, whatever its kind. */
  files(directory: string): Source[];
  /** Where caruso.yaml, or a layer's, says it. */
  locate: Locate;
}

/** Joins the sources of all layers (lowest first) by name: a higher one hides the lower one and keeps it as `below`. */
export function stackSources(sources: readonly Source[]): Source[] {
  const byName = new Map<string, Source>();
  for (const source of sources) {
    const name = source.name ?? source.path;
    const below = byName.get(name);
    byName.set(name, below === undefined ? source : { ...source, below });
  }
  return [...byName.entries()].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, source]) => source);
}

/** Whether two readings of a front office found the same. */
export function sameDeclarations(left: Folder, right: Folder): boolean {
  const texts = (folder: Folder) => KINDS.flatMap((kind) => folder.sources(kind).map(withBelow));
  return isDeepStrictEqual(left.manifest, right.manifest) && isDeepStrictEqual(texts(left), texts(right));
}

function withBelow({ path, text, below }: Source): unknown {
  return [path, text, below === undefined ? null : withBelow(below)];
}
