import { existsSync, realpathSync } from 'node:fs';
import { basename, normalize, resolve } from 'node:path';
import type { ClusterSettings } from '@caruso/service-manager/contract';
import { withAbsolutePaths } from './config-paths.js';
import { type Environment, substitute } from './environment.js';
import { type Fault, sortFaults } from './fault.js';
import { type Folder, stackSources } from './folder.js';
import { baseLayer, followExtends, type ManifestLayer, packageLayer, readManifest } from './layers.js';
import type { Locate } from './locate.js';
import { type ComponentEntry, type DatabaseEntry, type Manifest, ManifestSchema, salvage } from './manifest.js';
import { findPackage } from './package-folder.js';
import { checkTree } from './read-yaml.js';
import { type ShownLayer, scanFiles, scanLayer } from './scan.js';
import type { Source } from './source.js';
import { find, type MapTree, mergeTrees, type Path, type Tree, valueOf } from './tree.js';

export interface OpenOptions {
  /** Folders from which packages are looked up after the front office's own. */
  resolveFrom?: string | readonly string[];
  /** Folders below every front office, lowest first. */
  base?: readonly string[];
  /** For `${VAR}`; the process's own where absent. */
  environment?: Environment;
  /** Texts that stand in the place of files of the folder itself, by name; null for a file that is taken away. */
  instead?: ReadonlyMap<string, string | null>;
}

/**
 * Opens a front office: reads caruso.yaml, follows `extends:`, adds the declarations shipped by component packages, and reads every
 * file. Never throws for what people write; with faults the folder holds what could be read.
 *
 * @example
 * const { folder, faults } = openFolder('examples/utility');
 */
export function openFolder(root: string, options: OpenOptions = {}): { folder: Folder; faults: Fault[] } {
  const own = existsSync(root) ? realpathSync(root) : resolve(root);
  const resolveFrom = options.resolveFrom === undefined ? [] : [options.resolveFrom].flat();
  const faults: Fault[] = [];
  const base = (options.base ?? []).map((each) => readManifest(baseLayer(realpathSync(each)), faults));
  const { instead } = options;
  const chain = followExtends(own, resolveFrom, instead);
  faults.push(...chain.faults);
  const read = readManifests([...base, ...chain.layers], own, options.environment ?? process.env, faults);
  const shipped = componentLayers(read.manifest, read.locate, resolveFrom, faults);
  const layers = [...base, ...shipped, ...chain.layers].map(
    (layer): ShownLayer => (layer.root === own && instead !== undefined ? { ...layer, instead } : layer),
  );
  const sources = [...base, ...chain.layers].flatMap(({ source }) => source ?? []);
  for (const layer of layers) {
    const scanned = scanLayer(layer);
    sources.push(...scanned.sources);
    faults.push(...scanned.faults);
  }
  const folder = createFolder(own, layers, read.manifest, sources, read.locate);
  return { folder, faults: sortFaults(faults) };
}

function createFolder(
  root: string,
  layers: ShownLayer[],
  manifest: Manifest,
  sources: Source[],
  locate: Locate,
): Folder {
  const stacked = stackSources(sources);
  return {
    root,
    name: manifest.name,
    layers: layers.map(({ name, root: folder }) => ({ name, root: folder })),
    manifest,
    sources: (kind) => stacked.filter((source) => source.kind === kind),
    files(directory) {
      const inside = normalize(directory);
      if (inside.startsWith('..') || inside.startsWith('/')) return [];
      return stackSources(layers.flatMap((layer) => scanFiles(layer, inside)));
    },
    locate,
  };
}

/** Merges the caruso.yaml of every layer, fills in the environment and checks the result. */
function readManifests(
  layers: readonly ManifestLayer[],
  root: string,
  environment: Environment,
  faults: Fault[],
): { manifest: Manifest; locate: Locate } {
  let merged: Tree | undefined;
  let origin: Source | undefined;
  for (const layer of layers) {
    if (layer.tree === undefined) continue;
    merged = merged === undefined ? layer.tree : mergeTrees(merged, layer.tree);
    origin = layer.source;
  }
  const name = basename(root).toLowerCase();
  if (merged === undefined || origin === undefined) {
    const nothing: Source = {
      kind: 'manifest',
      path: 'caruso.yaml',
      absolute: resolve(root, 'caruso.yaml'),
      layer: '.',
      text: '',
    };
    const unread = salvage({}, name);
    return { manifest: { ...unread, components: {} }, locate: checkTree(undefined, nothing, ManifestSchema).locate };
  }
  const own = layers[layers.length - 1];
  const filled = substitute(own?.tree === undefined ? merged : ownExtends(merged, own.tree), environment);
  if (own?.tree !== undefined) faults.push(...filled.faults);
  const read = checkTree(filled.tree, origin, ManifestSchema);
  // Without the folder's own caruso.yaml the others say nothing of it.
  if (own?.tree !== undefined) faults.push(...read.faults);
  const value = read.value ?? salvage(valueOf(filled.tree), name);
  const roots = new Map(layers.map((layer) => [layer.name, layer.root]));
  const from = (path: Path): string => {
    const layer = find(filled.tree, path).tree.mark.source.layer;
    return roots.get(layer) ?? root;
  };
  const components: Record<string, ComponentEntry> = {};
  for (const [key, entry] of Object.entries(value.components)) {
    const config = withAbsolutePaths(entry.config, ['components', key, 'config'], from) as ComponentEntry['config'];
    components[key] = { ...entry, config, from: from(['components', key, 'use']) };
  }
  const databases: Record<string, DatabaseEntry> = {};
  for (const [key, entry] of Object.entries(value.databases)) {
    const demo = entry.demo === undefined ? {} : { demo: resolve(from(['databases', key, 'demo']), entry.demo) };
    databases[key] = { ...entry, ...demo };
  }
  const { name: given, locale, timezone, currency, seed } = value;
  const manifest: Manifest = { name: given, locale, timezone, seed, databases, components };
  if (currency !== undefined) manifest.currency = currency;
  if (value.cluster !== undefined && value.cluster.servers.length > 0) {
    manifest.cluster = withPaths(value.cluster, (key) => from(['cluster', ...key]));
  }
  return { manifest, locate: read.locate };
}

/** The files of a cluster lie beside the caruso.yaml that names them. */
function withPaths(cluster: ClusterSettings, from: (path: Path) => string): ClusterSettings {
  const { credentials, tls, ...others } = cluster;
  const files = Object.entries(tls ?? {}).map(([key, file]) => [
    key,
    file === undefined ? undefined : resolve(from(['tls', key]), file),
  ]);
  return {
    ...others,
    ...(credentials === undefined ? {} : { credentials: resolve(from(['credentials']), credentials) }),
    ...(tls === undefined ? {} : { tls: Object.fromEntries(files) as ClusterSettings['tls'] }),
  };
}

/** `extends:` and `caruso:` belong to each layer alone: what a lower one extends must not look like the folder's own. */
function ownExtends(merged: Tree, own: Tree): Tree {
  if (merged.kind !== 'map') return merged;
  const entries: MapTree['entries'] = new Map(merged.entries);
  entries.delete('extends');
  const mine = own.kind === 'map' ? own.entries.get('extends') : undefined;
  if (mine !== undefined) entries.set('extends', mine);
  return { ...merged, entries };
}

/** The declarations that the packages under `components:` ship. A package that is not there is a fault. */
function componentLayers(
  manifest: Manifest,
  locate: Locate,
  resolveFrom: readonly string[],
  faults: Fault[],
): ShownLayer[] {
  const layers = new Map<string, ShownLayer>();
  for (const [name, component] of Object.entries(manifest.components)) {
    if (!component.enabled) continue;
    const place = () => locate(['components', name, 'use']);
    if (component.use.startsWith('.')) {
      if (existsSync(resolve(component.from, component.use))) continue;
      const message = `component '${name}' uses the file '${component.use}', which does not exist`;
      faults.push({ ...place(), code: 'COMPONENT_NOT_FOUND', message, remedy: 'correct the path', severity: 'error' });
      continue;
    }
    const found = findPackage(component.use, [component.from, ...resolveFrom]);
    if (found === undefined) {
      const message = `component '${name}' uses the package '${component.use}', which is not installed`;
      const remedy = `install it (npm install ${component.use}), or write a file: ./services/${name}.ts`;
      faults.push({ ...place(), code: 'COMPONENT_NOT_FOUND', message, remedy, severity: 'error' });
    } else if (found.declarations !== undefined && !layers.has(found.root)) {
      layers.set(found.root, packageLayer(found, found.declarations));
    }
  }
  return [...layers.values()];
}
