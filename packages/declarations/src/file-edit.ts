import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Fault } from './fault.js';
import type { Folder } from './folder.js';
import { sourceOf } from './memory-folder.js';
import { readYaml } from './read-yaml.js';
import { DIRECTORIES, SINGLE_FILES } from './source.js';

/** A change of one file of the front office's own folder; what it extends is never written. */
export interface FileEdit {
  /** Path within the folder: `model/customer.yaml`. */
  name: string;
  /** What is to stand in it; null takes the file away. */
  text: string | null;
  /** {@link contentHash} of what stood in it when the edit began; null where there was no such file. */
  base: string | null;
}

/** A folder as it would be with edits, and what is wrong with it that is not wrong without them. */
export interface TriedEdits {
  folder: Folder;
  faults: Fault[];
}

/** SHA-256 of a text, in hexadecimal digits. */
export function contentHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The text of a file in the folder's own layer; null where that has none. */
export function ownText(folder: Folder, name: string): string | null {
  const kind = kindOf(name);
  const own = folder.layers[folder.layers.length - 1]?.name;
  if (kind === undefined) return null;
  const sources = isBeside(name) ? folder.files(name.slice(0, name.lastIndexOf('/'))) : folder.sources(kind);
  const source = sources.find((each) => each.name === name);
  return source !== undefined && source.layer === own ? source.text : null;
}

/**
 * The kind of declaration a file of this name is; undefined where the name is none that may be edited. Code is not: whoever may change a
 * declaration may not therefore run programs; so of caruso.yaml only the events may change that something waits for
 * ({@link changesEventsOnly}).
 */
export function kindOf(name: string): string | undefined {
  if (!/^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/.test(name)) return undefined;
  const [top = '', ...rest] = name.split('/');
  if (name === 'caruso.yaml') return 'manifest';
  if (rest.length === 0) return SINGLE_FILES.find((kind) => name === `${kind}.yaml`);
  if (isBeside(name)) return top;
  const extension = Object.hasOwn(DIRECTORIES, top) ? DIRECTORIES[top] : undefined;
  return extension !== undefined && extension !== '.ts' && name.endsWith(extension) ? top : undefined;
}

/** What belongs to scripts without being one: their recorded cases, and where a tool draws their steps. */
function isBeside(name: string): boolean {
  return /^tests\/scripts\/.*\.yaml$/.test(name) || /^scripts\/.*\.layout\.json$/.test(name);
}

const Anything = z.looseObject({});
const EVENT = /^[A-Z]\w*\.(?:\*|[a-z][A-Za-z]*)$/;

/** Whether two texts of caruso.yaml differ in names of events of components' configurations alone, such as `Customer.created`. */
export function changesEventsOnly(before: string | null, after: string | null): boolean {
  const value = (text: string | null) => readYaml(sourceOf('caruso.yaml', text ?? ''), Anything).value;
  const same = (left: unknown, right: unknown, path: readonly string[]): boolean => {
    if (isDeepStrictEqual(left, right)) return true;
    if (typeof left === 'string' && typeof right === 'string')
      return path[0] === 'components' && path[2] === 'config' && EVENT.test(left) && EVENT.test(right);
    if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
    const keys = Object.keys(left);
    return (
      isDeepStrictEqual(keys, Object.keys(right)) &&
      keys.every((key) => same(left[key as never], right[key as never], [...path, key]))
    );
  };
  const [was, is] = [value(before), value(after)];
  return was !== undefined && is !== undefined && same(was, is, []);
}
