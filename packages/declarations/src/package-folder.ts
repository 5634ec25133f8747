import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** What Caruso reads of a package.json. */
export interface PackageFolder {
  name: string;
  root: string;
  /** Folder of declarations the package ships: `"caruso": { "declarations": "./declarations" }`. */
  declarations: string | undefined;
}

/**
 * The folder of an installed package, looked up as Node does: `node_modules` of each starting folder and of all above it. Unlike
 * `require.resolve` it needs no entry point and no `exports` of the package.
 */
export function findPackage(name: string, from: readonly string[]): PackageFolder | undefined {
  if (!/^(@[\w.-]+\/)?[\w.-]+$/.test(name) || name.startsWith('.')) return undefined;
  for (const start of from) {
    for (let folder = resolve(start); ; folder = dirname(folder)) {
      const candidate = join(folder, 'node_modules', name);
      if (existsSync(join(candidate, 'package.json'))) return readPackage(realpathSync(candidate));
      // A package may name itself, as the tests of a vertical do.
      const own = existsSync(join(folder, 'package.json')) ? readPackage(folder) : undefined;
      if (own?.name === name) return own;
      if (dirname(folder) === folder) break;
    }
  }
  return undefined;
}

/** The package a folder belongs to. */
export function owningPackage(folder: string): PackageFolder | undefined {
  for (let each = resolve(folder); ; each = dirname(each)) {
    if (existsSync(join(each, 'package.json'))) return readPackage(each);
    if (dirname(each) === each) return undefined;
  }
}

function readPackage(root: string): PackageFolder | undefined {
  try {
    const found = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      name?: unknown;
      caruso?: { declarations?: unknown };
    };
    const declarations = found.caruso?.declarations;
    return {
      name: typeof found.name === 'string' ? found.name : '',
      root,
      declarations: typeof declarations === 'string' ? resolve(root, declarations) : undefined,
    };
  } catch {
    return undefined;
  }
}
