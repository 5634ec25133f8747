import { type Folder, stackSources } from './folder.js';
import { createLocate } from './locate.js';
import type { Manifest } from './manifest.js';
import { DIRECTORIES, type Source } from './source.js';

/**
 * A folder out of texts, for tests and tools that hold no files.
 *
 * @example
 * const folder = folderOf({ 'model/customer.yaml': 'object: Customer' }, { timezone: 'Europe/Amsterdam' });
 */
export function folderOf(files: Readonly<Record<string, string>>, manifest: Partial<Manifest> = {}): Folder {
  const sources = stackSources(Object.entries(files).map(([path, text]) => sourceOf(path, text)));
  const origin = sourceOf('caruso.yaml', '');
  return {
    root: '/',
    name: manifest.name ?? 'memory',
    layers: [{ name: '.', root: '/' }],
    manifest: {
      name: 'memory',
      locale: 'en-GB',
      timezone: 'UTC',
      seed: false,
      databases: {},
      components: {},
      ...manifest,
    },
    sources: (kind) => sources.filter((source) => source.kind === kind),
    files: (directory) => sources.filter((source) => source.path.startsWith(`${directory}/`)),
    locate: createLocate(undefined, origin),
  };
}

/**
 * A source out of a text; its kind follows from its path.
 *
 * @example
 * readYaml(sourceOf('model/customer.yaml', 'object: Customer'), schema);
 */
export function sourceOf(path: string, text: string): Source {
  const [directory = ''] = path.split('/');
  const kind = Object.hasOwn(DIRECTORIES, directory) ? directory : path.replace(/\.\w+$/, '');
  return { kind, path, absolute: `/${path}`, layer: '.', text, name: path };
}
