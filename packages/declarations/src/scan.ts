import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { nearest } from '@caruso/expressions';
import type { Fault } from './fault.js';
import { LIMITS } from './limits.js';
import { DIRECTORIES, type Layer, SINGLE_FILES, type Source } from './source.js';

/** A layer that can show its files to people. */
export interface ShownLayer extends Layer {
  /** The path of a file of this layer as shown: `model/customer.yaml`, `@caruso/example-utility:model/customer.yaml`. */
  show(name: string): string;
  /** Texts that stand in the place of files, by name within the layer; null for a file that is taken away. */
  instead?: ReadonlyMap<string, string | null>;
}

/** Reads every declaration of one layer. What cannot be read, or looks like a declaration at the wrong place, becomes a fault. */
export function scanLayer(layer: ShownLayer): { sources: Source[]; faults: Fault[] } {
  const sources: Source[] = [];
  const faults: Fault[] = [];
  for (const [kind, extension] of Object.entries(DIRECTORIES)) {
    for (const name of withInstead(layer, kind, listFiles(layer.root, kind))) {
      if (name.endsWith('.test.ts') || name.endsWith('.d.ts')) continue;
      if (extname(name) === extension) readSource(layer, kind, name, sources, faults);
      else if (extname(name) === '.yml') faults.push(misplaced(layer, name, `name it ${name.replace(/yml$/, 'yaml')}`));
    }
  }
  for (const entry of withInstead(layer, '', listTop(layer.root))) {
    const kind = entry.replace(/\.yaml$/, '');
    if (SINGLE_FILES.includes(kind)) readSource(layer, kind, entry, sources, faults);
    else if (/\.ya?ml$/.test(entry) && entry !== 'caruso.yaml') {
      const meant = nearest(entry.replace(/\.ya?ml$/, ''), ['caruso', ...SINGLE_FILES]);
      const folders = Object.keys(DIRECTORIES).join('/, ');
      if (!/^(pnpm-|docker|compose|\.)/.test(entry))
        faults.push(
          misplaced(layer, entry, meant === undefined ? `move it to one of ${folders}/` : `name it ${meant}.yaml`),
        );
    }
  }
  return { sources, faults };
}

/** Every file below a folder of the layer, as sources of the kind `directory`. */
export function scanFiles(layer: ShownLayer, directory: string): Source[] {
  const sources: Source[] = [];
  const names = withInstead(layer, directory, listFiles(layer.root, directory));
  for (const name of names) readSource(layer, directory, name, sources, []);
  return sources;
}

/** Reads one file of a layer. */
export function readSource(layer: ShownLayer, kind: string, name: string, sources: Source[], faults: Fault[]): void {
  const absolute = join(layer.root, name);
  const path = layer.show(name);
  const report = (code: string, message: string, remedy: string) =>
    faults.push({ file: path, line: 1, column: 1, code, message, remedy, severity: 'error' });
  const instead = layer.instead?.get(name);
  try {
    if (typeof instead === 'string') {
      sources.push({ kind, path, absolute, layer: layer.name, text: instead, name });
      return;
    }
    if (statSync(absolute).size > LIMITS.fileSize) {
      report('FILE_TOO_LARGE', `the file is larger than ${LIMITS.fileSize} bytes`, 'split it into several files');
      return;
    }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(absolute));
    sources.push({ kind, path, absolute, layer: layer.name, text, name });
  } catch (error) {
    if (error instanceof TypeError) report('FILE_NOT_UTF8', 'the file is not UTF-8 text', 'save it as UTF-8');
    else report('FILE_UNREADABLE', `the file cannot be read: ${(error as Error).message}`, 'check its rights');
  }
}

/** Names (with `/`, relative to the layer) of the files below a folder, in the order of their code points. */
function listFiles(root: string, directory: string): string[] {
  const found: string[] = [];
  const visit = (folder: string) => {
    for (const entry of entriesOf(folder)) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (found.length < LIMITS.files) found.push(relative(root, path).split(sep).join('/'));
    }
  };
  visit(join(root, directory));
  return found.sort((left, right) => (left < right ? -1 : 1));
}

/** The names of files as if the texts instead were files too. */
function withInstead({ instead }: ShownLayer, directory: string, names: readonly string[]): string[] {
  if (instead === undefined) return [...names];
  const inside = (name: string) => (directory === '' ? !name.includes('/') : name.startsWith(`${directory}/`));
  const added = [...instead].flatMap(([name, text]) => (text !== null && inside(name) ? [name] : []));
  const kept = names.filter((name) => instead.get(name) !== null);
  return [...new Set([...kept, ...added])].sort((left, right) => (left < right ? -1 : 1));
}

function listTop(root: string): string[] {
  return entriesOf(root)
    .filter((entry) => !entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function misplaced(layer: ShownLayer, name: string, remedy: string): Fault {
  return {
    file: layer.show(name),
    line: 1,
    column: 1,
    code: 'FILE_IGNORED',
    message: 'this file is no declaration of a front office and is ignored',
    remedy,
    severity: 'warning',
  };
}
