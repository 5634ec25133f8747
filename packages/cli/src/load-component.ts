import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ComponentEntry, type Folder, findPackage } from '@caruso/declarations';
import { loadComponent, setOrigin } from '@caruso/service-manager';
import type { AnyComponent } from '@caruso/service-manager/contract';
import { componentNotFound, componentUnloadable } from './errors.js';
import { cliRoot, resolvePlaces, workFolder } from './places.js';

/** A component that was loaded because the configuration names it. */
export interface Loaded {
  component: AnyComponent;
  /** What the service tree shows as its origin. */
  source: string;
  /** All the package exports, among it what `caruso check` asks for; of a file nothing. */
  exports: Readonly<Record<string, unknown>>;
  /** For a component in a file. */
  file?: { path: string; hash: string };
}

/** Loads what one entry under `components:` names. Throws COMPONENT_NOT_FOUND or COMPONENT_INVALID. */
export async function load(name: string, entry: ComponentEntry, folder: Folder, cwd: string): Promise<Loaded> {
  if (entry.use.startsWith('.')) {
    const path = resolve(entry.from, entry.use);
    if (!existsSync(path)) throw componentNotFound(name, entry.use);
    const { component, hash } = await loadComponent(path, {
      into: join(workFolder(folder), 'services'),
      resolveFrom: cliRoot,
    });
    return { component, source: entry.use, exports: {}, file: { path, hash } };
  }
  const exports = await importPackage(name, entry, cwd);
  const component = exports['default'] as AnyComponent;
  return { component, source: entry.use, exports };
}

async function importPackage(name: string, entry: ComponentEntry, cwd: string): Promise<Record<string, unknown>> {
  const found = findPackage(entry.use, [entry.from, ...resolvePlaces({ cwd })]);
  if (found === undefined) throw componentNotFound(name, entry.use);
  try {
    // What the cli would get itself is imported by name, so that there is one instance of it in the process.
    const shared = findPackage(entry.use, [cliRoot])?.root === found.root;
    const address = shared ? entry.use : pathToFileURL(entryPoint(found.root)).href;
    const loaded = (await import(/* @vite-ignore */ address)) as Record<string, unknown>;
    if (!isRecord(loaded['default'])) throw new Error('it has no component as its default export');
    setOrigin(loaded['default'] as unknown as AnyComponent, { path: realpathSync(found.root), file: false });
    return loaded;
  } catch (error) {
    throw componentUnloadable(name, entry.use, error);
  }
}

/** The file an `import` of the package's root leads to: `exports` under the conditions of an ES module, else `main`. */
export function entryPoint(root: string): string {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    exports?: unknown;
    main?: unknown;
  };
  const main = typeof manifest.main === 'string' ? manifest.main : 'index.js';
  const target = targetOf(
    isRecord(manifest.exports) && '.' in manifest.exports ? manifest.exports['.'] : manifest.exports,
  );
  const file = join(root, target ?? main);
  if (!existsSync(file)) throw new Error(`its entry point ${file} does not exist`);
  return file;
}

function targetOf(exports: unknown): string | undefined {
  if (typeof exports === 'string') return exports;
  if (!isRecord(exports)) return undefined;
  for (const condition of ['node', 'import', 'default']) {
    const target = targetOf(exports[condition]);
    if (target !== undefined) return target;
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
