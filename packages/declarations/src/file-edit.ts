import { createHash } from 'node:crypto';
import type { Fault } from './fault.js';
import type { Folder } from './folder.js';
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
 * declaration may not therefore run programs.
 */
export function kindOf(name: string): string | undefined {
  if (!/^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/.test(name)) return undefined;
  const [top = '', ...rest] = name.split('/');
  if (rest.length === 0) return SINGLE_FILES.find((kind) => name === `${kind}.yaml`);
  if (isBeside(name)) return top;
  const extension = Object.hasOwn(DIRECTORIES, top) ? DIRECTORIES[top] : undefined;
  return extension !== undefined && extension !== '.ts' && name.endsWith(extension) ? top : undefined;
}

/** What belongs to scripts without being one: their recorded cases, and where a tool draws their steps. */
function isBeside(name: string): boolean {
  return /^tests\/scripts\/.*\.yaml$/.test(name) || /^scripts\/.*\.layout\.json$/.test(name);
}
