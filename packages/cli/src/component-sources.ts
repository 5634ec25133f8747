import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { type Folder, findPackage } from '@caruso/declarations';
import type { AvailableSource } from '@caruso/service-manager/contract';
import { componentNotFound, componentOutside } from './errors.js';
import { entryPoint } from './load-component.js';
import { resolvePlaces } from './places.js';

const SOURCE = /(?<!\.test|\.d)\.[mc]?[jt]s$/;

/**
 * Refuses what an administrator may not name: a file outside the front office's own folder, also by way of a symbolic link. Throws
 * COMPONENT_OUTSIDE or COMPONENT_NOT_FOUND.
 */
export function checkUse(folder: Pick<Folder, 'root'>, name: string, use: string): void {
  if (!use.startsWith('.') && !use.startsWith('/')) return;
  const path = resolve(folder.root, use);
  const inside = (each: string, root: string) => each.startsWith(root + sep);
  if (!inside(path, folder.root) || use.startsWith('/')) throw componentOutside(name, use, folder.root);
  if (!existsSync(path) || !SOURCE.test(path)) throw componentNotFound(name, use);
  if (!inside(realpathSync(path), realpathSync(folder.root))) throw componentOutside(name, use, folder.root);
}

/** The files under `services/` of a front office and the installed packages that hold a component; who uses each. */
export function availableSources(folder: Folder, cwd: string): AvailableSource[] {
  const used = Object.entries(folder.manifest.components).filter(([, entry]) => entry.enabled);
  const usersOf = (same: (use: string, from: string) => boolean) =>
    used.filter(([, entry]) => same(entry.use, entry.from)).map(([name]) => name);
  const files = filesIn(join(folder.root, 'services')).map((path) => ({
    use: `./${relative(folder.root, path).split(sep).join('/')}`,
    usedBy: usersOf((use, from) => use.startsWith('.') && resolve(from, use) === path),
  }));
  const packages = packagesOf(folder, cwd).map((name) => ({ use: name, usedBy: usersOf((use) => use === name) }));
  return [...files, ...packages];
}

function filesIn(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile() && SOURCE.test(each.name) && !each.parentPath.includes('node_modules'))
    .map((each) => join(each.parentPath, each.name))
    .sort();
}

/** Packages that the front office, what it extends, or the house itself depends on, and that export a component. */
function packagesOf(folder: Folder, cwd: string): string[] {
  const places = [...folder.layers.map(({ root }) => root), ...resolvePlaces({ cwd })];
  const names = new Set(places.flatMap((place) => dependenciesOf(join(place, 'package.json'), ['dependencies'])));
  return [...names].filter((name) => holdsComponent(name, places)).sort();
}

/** Told by what it says of itself, without running it: it speaks the words of components, and has a default export. */
function holdsComponent(name: string, places: readonly string[]): boolean {
  const found = findPackage(name, places);
  if (found === undefined) return false;
  const speaks = dependenciesOf(join(found.root, 'package.json'), ['dependencies', 'peerDependencies']);
  if (!speaks.includes('@caruso/service-manager')) return false;
  try {
    return /\bexport\s+default\b|\bas\s+default\b|\bexport\s*\{[^}]*\bdefault\b/.test(
      readFileSync(entryPoint(found.root), 'utf8'),
    );
  } catch {
    return false;
  }
}

function dependenciesOf(file: string, kinds: readonly string[]): string[] {
  try {
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string> | undefined>;
    return kinds.flatMap((kind) => Object.keys(manifest[kind] ?? {}));
  } catch {
    return [];
  }
}
