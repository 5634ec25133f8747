import { existsSync, realpathSync } from 'node:fs';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Fault } from './fault.js';
import { createLocate } from './locate.js';
import { findPackage, owningPackage, type PackageFolder } from './package-folder.js';
import { parseYaml } from './parse-yaml.js';
import { readSource, type ShownLayer } from './scan.js';
import type { Source } from './source.js';
import { find, type Tree } from './tree.js';

/** A layer with its own caruso.yaml, where it has one. */
export interface ManifestLayer extends ShownLayer {
  source: Source | undefined;
  tree: Tree | undefined;
}

/**
 * The chain of `extends:` from a folder down, lowest first.
 */
export function followExtends(
  root: string,
  resolveFrom: readonly string[],
  instead?: ShownLayer['instead'],
): { layers: ManifestLayer[]; faults: Fault[] } {
  const faults: Fault[] = [];
  const layers: ManifestLayer[] = [];
  let next: ShownLayer | undefined = instead === undefined ? ownLayer(root) : { ...ownLayer(root), instead };
  while (next !== undefined) {
    const layer = readManifest(next, faults);
    layers.unshift(layer);
    next = layer.tree === undefined ? undefined : lower(layer, layer.tree, root, resolveFrom, layers, faults);
  }
  return { layers, faults };
}

/** Reads a layer's caruso.yaml, without looking into it. */
export function readManifest(layer: ShownLayer, faults: Fault[]): ManifestLayer {
  const found: Source[] = [];
  if (!existsSync(join(layer.root, 'caruso.yaml'))) {
    faults.push({
      file: layer.show('caruso.yaml'),
      line: 1,
      column: 1,
      code: 'MANIFEST_MISSING',
      message: `${existsSync(layer.root) ? 'this folder has' : 'the folder does not exist, and so has'} no caruso.yaml`,
      remedy: 'name the folder of a front office, or make one with: caruso new <folder>',
      severity: 'error',
    });
    return { ...layer, source: undefined, tree: undefined };
  }
  readSource(layer, 'manifest', 'caruso.yaml', found, faults);
  const source = found[0];
  if (source === undefined) return { ...layer, source: undefined, tree: undefined };
  const parsed = parseYaml(source);
  faults.push(...parsed.faults);
  return { ...layer, source, tree: parsed.documents[0] };
}

/** The layer that `extends:` names. */
function lower(
  layer: ManifestLayer,
  tree: Tree,
  root: string,
  resolveFrom: readonly string[],
  above: readonly ManifestLayer[],
  faults: Fault[],
): ShownLayer | undefined {
  const found = find(tree, ['extends']);
  if (layer.source === undefined || !found.complete || found.tree.kind !== 'scalar') return undefined;
  const name = found.tree.value;
  if (typeof name !== 'string') return undefined;
  const report = (code: string, message: string, remedy: string) => {
    const place = createLocate(tree, layer.source as Source)(['extends']);
    faults.push({ ...place, code, message, remedy, severity: 'error' });
    return undefined;
  };
  const next = isPath(name)
    ? pathLayer(resolve(layer.root, name), root)
    : findLayer(name, [layer.root, ...resolveFrom]);
  if (next === undefined) {
    return report(
      'EXTENDS_NOT_FOUND',
      `'${name}' is not installed`,
      `install it (npm install ${name}), or write a folder: ./${name}`,
    );
  }
  if (!existsSync(join(next.root, 'caruso.yaml'))) {
    return report(
      'EXTENDS_NOT_FOUND',
      `'${name}' (${next.root}) has no caruso.yaml`,
      'name the folder of a front office',
    );
  }
  const again = above.findIndex((each) => each.root === next.root);
  if (again !== -1) {
    const path = above
      .slice(0, again + 1)
      .reverse()
      .map((each) => each.name);
    return report(
      'EXTENDS_CYCLE',
      `the front office extends itself: ${[...path, path[0]].join(' -> ')}`,
      'take out one of them',
    );
  }
  return next;
}

function isPath(name: string): boolean {
  return name.startsWith('.') || isAbsolute(name);
}

function findLayer(name: string, from: readonly string[]): ShownLayer | undefined {
  const found = findPackage(name, from);
  return found === undefined ? undefined : packageLayer(found, found.root);
}

/** A folder of a package, whose files are shown as `package:path within the package`. */
export function packageLayer(owner: PackageFolder, root: string): ShownLayer {
  return { name: owner.name, root, show: (name) => `${owner.name}:${slashes(relative(owner.root, join(root, name)))}` };
}

/** A folder lowest of all, which every front office stands on. */
export function baseLayer(root: string): ShownLayer {
  const owner = owningPackage(root);
  return owner === undefined ? { name: basename(root), root, show: (name) => name } : packageLayer(owner, root);
}

function ownLayer(root: string): ShownLayer {
  return { name: '.', root, show: (name) => name };
}

function pathLayer(folder: string, root: string): ShownLayer {
  const real = existsSync(folder) ? realpathSync(folder) : folder;
  const shown = slashes(relative(root, real));
  return { name: shown, root: real, show: (name) => `${shown}/${name}` };
}

function slashes(path: string): string {
  return path.split(sep).join('/');
}
