import { editsFor, hasErrors, isMapping, overlaid, type ValueEdit } from '@caruso/declarations';
import {
  type AvailableSource,
  type ComponentLoader,
  type Configuration,
  type LoadedFromSource,
  type ServiceAct,
  type ServiceNode,
} from '@caruso/service-manager/contract';
import { z } from 'zod';
import { availableSources, checkUse } from './component-sources.js';
import { componentUndeclared, manifestFaulty } from './errors.js';
import { configOf, type House } from './house.js';
import type { Io } from './io.js';
import { type Loaded, load } from './load-component.js';
import { edited, readManifestText, type WrittenEntry, writeManifestText, writtenEntry } from './manifest-file.js';
import { newFaults } from './new-faults.js';
import { openFrontOffice } from './places.js';
import { recordAct } from './record-act.js';
import { withoutSecrets, withSecrets } from './secret-values.js';

/** So many former components can be brought back, as the service manager keeps them. */
const FORMER = 5;

/** Comes by components as caruso.yaml names them, and writes what an administrator decided into it. */
export class FolderLoader implements ComponentLoader {
  /** Loaded and not yet known to serve. */
  readonly #loading = new Map<string, Loaded>();
  /** What the folder's own file said of a component before a change that is being tried. */
  readonly #trying = new Map<string, WrittenEntry>();
  /** What held before the last changes: in the file, where that changed, and of the component; as the service manager keeps them. */
  readonly #former = new Map<string, { written: WrittenEntry | undefined; loaded: Loaded | undefined }[]>();
  readonly #noticed = new Map<string, string>();

  constructor(
    private readonly house: () => House,
    private readonly io: Io,
  ) {}

  async load(name: string, use?: string): Promise<LoadedFromSource> {
    const { folder, settings } = this.#here();
    const loaded = await this.#loadFrom(name, use);
    this.#loading.set(name, loaded);
    return { component: loaded.component, config: configOf(folder, name, loaded, settings), source: loaded.source };
  }

  async available(): Promise<AvailableSource[]> {
    return availableSources(this.house().folder(), this.io.cwd);
  }

  async configOf(name: string): Promise<unknown> {
    const { folder, loaded, settings } = this.#here();
    const present = loaded.get(name);
    if (present === undefined) throw componentUndeclared(name);
    return configOf(folder, name, present, settings);
  }

  async configuration(name: string, use?: string): Promise<Configuration> {
    const { folder, loaded } = this.#here();
    const entry = folder.manifest.components[name];
    if (entry === undefined && use === undefined) throw componentUndeclared(name);
    const present = use === undefined ? loaded.get(name) : undefined;
    const { component } = present ?? (await this.#loadFrom(name, use));
    const config = withoutSecrets(configIn(writtenEntry(folder, name)));
    return {
      name,
      use: use ?? entry?.use ?? '',
      config: isMapping(config) ? config : {},
      schema: schemaOf(component.config),
    };
  }

  async keep(
    name: string,
    entry: { use?: string; config?: Record<string, unknown> } | undefined,
  ): Promise<() => Promise<void>> {
    const { folder } = this.#here();
    const written = writtenEntry(folder, name);
    if (entry === undefined && folder.manifest.components[name] === undefined) throw componentUndeclared(name);
    if (entry?.use !== undefined) checkUse(folder, name, entry.use);
    const before = readManifestText(folder);
    const after = this.#write(name, edited(folder, before, editsOf(name, written, entry)));
    this.#trying.set(name, written);
    return async () => {
      this.#trying.delete(name);
      // Nobody else has written since: then also the comments of what was taken out come back.
      if (readManifestText(folder) === after) this.#write(name, before);
      else this.#restore(name, written.own);
    };
  }

  async keepFormer(name: string): Promise<void> {
    const former = this.#former.get(name)?.pop();
    if (former?.written !== undefined) this.#restore(name, former.written.own);
    if (former?.loaded !== undefined) this.house().loaded.set(name, former.loaded);
  }

  async record(act: ServiceAct): Promise<void> {
    const { loaded } = this.#here();
    const { name } = act;
    if (act.refused === undefined && act.unchanged !== true) {
      const before = { written: this.#trying.get(name), loaded: loaded.get(name) };
      const former = this.#former.get(name) ?? [];
      if (act.act === 'replaced' || act.act === 'configured')
        this.#former.set(name, [...former, before].slice(-FORMER));
      else if (act.act === 'added' || act.act === 'removed') this.#former.delete(name);
      const next = this.#loading.get(name);
      if (act.act === 'removed') loaded.delete(name);
      else if (next !== undefined) loaded.set(name, next);
    }
    this.#trying.delete(name);
    this.#loading.delete(name);
    await recordAct(this.house(), act);
  }

  /** A component that did worse within its probation was rolled back by the service manager itself: so is what was written. */
  async notice(node: ServiceNode): Promise<void> {
    const last = node.replacements.at(-1);
    const why = last?.byItself;
    if (last === undefined || why === undefined || this.#noticed.get(node.name) === last.at) return;
    this.#noticed.set(node.name, last.at);
    await this.keepFormer(node.name);
    await this.record({ act: 'rolled-back', name: node.name, from: last.from, to: last.to, source: node.source, why });
  }

  #here(): Pick<House, 'loaded' | 'settings'> & { folder: ReturnType<House['folder']> } {
    const { loaded, settings, folder } = this.house();
    return { loaded, settings, folder: folder() };
  }

  async #loadFrom(name: string, use: string | undefined): Promise<Loaded> {
    const { folder } = this.#here();
    const entry = folder.manifest.components[name];
    if (use !== undefined) {
      checkUse(folder, name, use);
      return load(name, { config: {}, enabled: true, use, from: folder.root }, folder, this.io.cwd);
    }
    if (entry === undefined) throw componentUndeclared(name);
    if (entry.from === folder.root) checkUse(folder, name, entry.use);
    return load(name, entry, folder, this.io.cwd);
  }

  /** Writes the text and reads it as it will be read; what has new faults is not kept. Throws DECLARATION_INVALID. */
  #write(name: string, text: string): string {
    const { folder } = this.#here();
    const present = readManifestText(folder);
    if (text === present) return text;
    const before = openFrontOffice(this.io, folder.root).faults;
    writeManifestText(folder, text);
    const opened = openFrontOffice(this.io, folder.root);
    const faults = newFaults(opened.faults, before);
    if (hasErrors(faults)) {
      writeManifestText(folder, present);
      throw manifestFaulty(faults);
    }
    this.house().adopt(opened.folder, [name]);
    return text;
  }

  #restore(name: string, own: unknown): void {
    const { folder } = this.#here();
    const edits = editsFor(undefined, writtenEntry(folder, name).own, own, ['components', name]);
    this.#write(name, edited(folder, readManifestText(folder), edits));
  }
}

/** What to change in caruso.yaml. What a lower layer names is left out by `enabled: false`, since it would come back otherwise. */
function editsOf(
  name: string,
  { own, lower }: WrittenEntry,
  entry: { use?: string; config?: Record<string, unknown> } | undefined,
): ValueEdit[] {
  const path = ['components', name];
  if (entry === undefined)
    return [lower === undefined ? { path, value: undefined } : { path: [...path, 'enabled'], value: false }];
  const present = overlaid(lower, own);
  const before = isMapping(present) ? present : {};
  const { enabled: _, ...rest } = before;
  const config = entry.config === undefined ? rest['config'] : withSecrets(entry.config, rest['config']);
  const wanted = {
    ...rest,
    ...(entry.use === undefined ? {} : { use: entry.use }),
    ...(config === undefined ? {} : { config }),
  };
  if (own === undefined && lower === undefined) return [{ path, value: wanted }];
  return editsFor(lower, own, wanted, path);
}

function configIn({ own, lower }: WrittenEntry): unknown {
  const entry = overlaid(lower, own);
  return isMapping(entry) ? (entry['config'] ?? {}) : {};
}

function schemaOf(schema: unknown): unknown {
  try {
    return z.toJSONSchema(schema as z.ZodType, { io: 'input', unrepresentable: 'any' });
  } catch {
    return null;
  }
}
