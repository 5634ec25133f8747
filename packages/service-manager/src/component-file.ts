import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BuildFailure, Message, Plugin, PluginBuild } from 'esbuild';
import { CarusoError } from './caruso-error.js';
import type { AnyComponent } from './component-definition.js';
import { setOrigin } from './component-origin.js';
import { componentInvalid, messageOf } from './errors.js';
import { checkShape } from './registry.js';

/** How many bundles of one file are kept; those loaded before stay in memory anyway. */
const KEPT = 5;

export interface BundleOptions {
  /** Folder for the bundles; made if it is not there. */
  into: string;
  /** Folder or file of the program that runs, whose packages the component shares; this package's own if absent. */
  resolveFrom?: string;
}

export interface Bundle {
  /** The bundle, named for its content. */
  path: string;
  hash: string;
}

export interface LoadedComponent extends Bundle {
  component: AnyComponent;
}

/**
 * Bundles a component's file with what it imports relatively into one file named for its content, so that an altered
 * component is another module. Packages are not bundled but named by absolute addresses: those of Caruso as the running
 * program resolves them, so that there is one of each; others as the source file does.
 * Throws COMPONENT_INVALID with file, line and column of each fault.
 *
 * @example
 * const { path, hash } = await bundleComponent('services/billing.ts', { into: '.caruso/services' });
 */
export async function bundleComponent(file: string, options: BundleOptions): Promise<Bundle> {
  const source = resolve(file);
  const code = await compile(source, options.resolveFrom);
  const hash = createHash('sha256').update(code).digest('hex').slice(0, 16);
  const stem = basename(source, extname(source));
  const into = resolve(options.into);
  const path = join(into, `${stem}-${hash}.mjs`);
  await mkdir(into, { recursive: true });
  if (await exists(path)) {
    // Marked as used, so that it is not the next to be pruned.
    const now = new Date();
    await utimes(path, now, now);
  } else {
    // Written aside and moved: another process must never import half a file.
    const aside = `${path}.${process.pid}.part`;
    await writeFile(aside, code);
    await rename(aside, path);
  }
  await prune(into, stem, path);
  return { path, hash };
}

/**
 * Bundles a component's file, loads it and checks that its default export is a component.
 * Throws COMPONENT_INVALID, naming the file.
 */
export async function loadComponent(file: string, options: BundleOptions): Promise<LoadedComponent> {
  const bundle = await bundleComponent(file, options);
  let module: { default?: unknown };
  try {
    module = (await import(/* @vite-ignore */ pathToFileURL(bundle.path).href)) as { default?: unknown };
  } catch (error) {
    throw componentInvalid(file, `could not be loaded: ${messageOf(error)}`, error, { file });
  }
  if (module.default === undefined) throw componentInvalid(file, 'has no default export', undefined, { file });
  try {
    checkShape(file, module.default);
  } catch (error) {
    throw componentInvalid('The default export of', messageOf(error), error, { file });
  }
  setOrigin(module.default, { path: bundle.path, file: true });
  return { ...bundle, component: module.default };
}

async function compile(source: string, resolveFrom: string | undefined): Promise<string> {
  // Loaded when there is something to compile: a front office without files of its own starts sooner.
  const { build } = await import('esbuild');
  try {
    const result = await build({
      entryPoints: [source],
      bundle: true,
      write: false,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      // Without this esbuild would look for the condition `module`, which Node does not know.
      conditions: runsFromSources ? ['@caruso/source'] : [],
      mainFields: ['main'],
      sourcemap: 'inline',
      logLevel: 'silent',
      absWorkingDir: dirname(source),
      // A front office has no tsconfig of its own; one further up must not change what its services mean.
      tsconfigRaw: { compilerOptions: { experimentalDecorators: true, verbatimModuleSyntax: true, target: 'es2023' } },
      plugins: [sharedPackages(dirname(source), resolveFrom)],
    });
    const [output] = result.outputFiles;
    if (output === undefined) throw new Error('esbuild wrote nothing');
    return output.text;
  } catch (error) {
    throw compileFault(source, error);
  }
}

/** Tests run Caruso from its sources; a component loaded then must share those, not what was built of them. */
const runsFromSources = import.meta.url.endsWith('.ts');
const ownFolder = dirname(fileURLToPath(import.meta.url));

/** Leaves packages outside the bundle, under the address at which this process has them. */
function sharedPackages(sourceFolder: string, resolveFrom: string | undefined): Plugin {
  const program = resolveFrom === undefined ? ownFolder : folderOf(resolveFrom);
  return {
    name: 'shared packages',
    setup(plugin) {
      plugin.onResolve({ filter: /^[^./]/ }, async (args) => {
        if (args.pluginData === resolving || args.kind === 'entry-point') return undefined;
        if (args.path.startsWith('node:')) return { path: args.path, external: true };
        const own = args.path.startsWith('@caruso/');
        const folders = own
          ? [program, args.resolveDir, ownFolder]
          : [args.resolveDir, sourceFolder, program, ownFolder];
        const found = await firstFound(plugin, args.path, folders);
        if (found === undefined) return undefined;
        return found.external ? found : { path: pathToFileURL(found.path).href, external: true };
      });
    },
  };
}

const resolving = Symbol('resolving');

async function firstFound(
  plugin: PluginBuild,
  path: string,
  folders: readonly string[],
): Promise<{ path: string; external: boolean } | undefined> {
  for (const resolveDir of new Set(folders)) {
    const found = await plugin.resolve(path, { resolveDir, kind: 'import-statement', pluginData: resolving });
    if (found.errors.length === 0) return { path: found.path, external: found.external };
  }
  return undefined;
}

function folderOf(place: string): string {
  const path = place.startsWith('file:') ? fileURLToPath(place) : resolve(place);
  return extname(path) === '' ? path : dirname(path);
}

function compileFault(source: string, error: unknown): CarusoError {
  const messages: Message[] = (error as Partial<BuildFailure>).errors ?? [];
  if (messages.length === 0) return componentInvalid(source, `could not be compiled: ${messageOf(error)}`, error);
  const faults = messages.map((message) => {
    const { file, line, column } = message.location ?? { file: source, line: 1, column: 0 };
    // esbuild counts columns from 0, editors from 1.
    return { file: resolve(dirname(source), file), line, column: column + 1, message: message.text };
  });
  return new CarusoError({
    code: 'COMPONENT_INVALID',
    message: faults.map((f) => `${f.file}:${f.line}:${f.column}: ${f.message}`).join('\n'),
    remedy: 'correct the file; the component that serves now serves on',
    details: { faults },
    cause: error,
  });
}

async function prune(into: string, stem: string, current: string): Promise<void> {
  const found: { path: string; at: number }[] = [];
  for (const name of await readdir(into)) {
    if (!name.startsWith(`${stem}-`) || !/^[0-9a-f]{16}\.mjs$/.test(name.slice(stem.length + 1))) continue;
    const path = join(into, name);
    // Another process may prune at the same time.
    const info = await stat(path).catch(() => undefined);
    if (info !== undefined && path !== current) found.push({ path, at: info.mtimeMs });
  }
  found.sort((a, b) => b.at - a.at || a.path.localeCompare(b.path));
  for (const { path } of found.slice(KEPT - 1)) await rm(path, { force: true });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
