import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type Folder, isMapping, overlaid, spliceYaml, type ValueEdit } from '@caruso/declarations';
import { parse } from 'yaml';
import { manifestUnwritable } from './errors.js';
import { replaceFile } from './replace-file.js';

/** A component's entry as the folder's own caruso.yaml says it, and as the layers below do; nothing is filled in. */
export interface WrittenEntry {
  own: unknown;
  lower: unknown;
}

/** Reads what is written of a component. Throws MANIFEST_UNWRITABLE where the file is no YAML. */
export function writtenEntry(folder: Folder, name: string): WrittenEntry {
  const lower = folder.layers.slice(0, -1).reduce<unknown>((below, layer) => {
    const file = join(layer.root, 'caruso.yaml');
    return existsSync(file) ? overlaid(below, entryIn(readFileSync(file, 'utf8'), name)) : below;
  }, undefined);
  return { own: entryIn(readManifestText(folder), name), lower };
}

function entryIn(text: string, name: string): unknown {
  try {
    const read: unknown = parse(text);
    const components = isMapping(read) ? read['components'] : undefined;
    return isMapping(components) ? components[name] : undefined;
  } catch (error) {
    throw manifestUnwritable('caruso.yaml', error);
  }
}

export function readManifestText(folder: Pick<Folder, 'root'>): string {
  return readFileSync(manifestFile(folder), 'utf8');
}

/** Puts a text in the place of caruso.yaml as a whole, so that nobody ever reads half of one. Throws MANIFEST_UNWRITABLE. */
export function writeManifestText(folder: Pick<Folder, 'root'>, text: string): void {
  const file = realpathSync(manifestFile(folder));
  try {
    replaceFile(file, text);
  } catch (error) {
    throw manifestUnwritable(file, error);
  }
}

/** The text with the edits made, comments and order kept. Throws MANIFEST_UNWRITABLE. */
export function edited(folder: Pick<Folder, 'root'>, text: string, edits: readonly ValueEdit[]): string {
  try {
    return edits.reduce((each, { path, value }) => spliceYaml(each, path, value), text);
  } catch (error) {
    throw manifestUnwritable(manifestFile(folder), error);
  }
}

function manifestFile({ root }: Pick<Folder, 'root'>): string {
  return join(root, 'caruso.yaml');
}
