import { type ComponentEntry, createDeclarations, type Fault, type Folder } from '@caruso/declarations';
import { createServiceManager, type ServiceManager } from '@caruso/service-manager';
import type { Log, ServiceAct } from '@caruso/service-manager/contract';
import { configFor, type HouseSettings } from './component-config.js';
import { componentFaults } from './component-faults.js';
import { messageOf } from './errors.js';
import { FolderEditor } from './folder-editor.js';
import { FolderLoader } from './folder-loader.js';
import type { Io } from './io.js';
import type { Loaded } from './load-component.js';

/** A front office assembled: every component installed, nothing started. */
export interface House {
  manager: ServiceManager;
  folder(): Folder;
  /** Puts newly read declarations in place; components that follow them are told. */
  update(folder: Folder): void;
  /** Takes over what a newly read caruso.yaml says of some components, and nothing else of it; nobody is told. */
  adopt(folder: Folder, names: readonly string[]): void;
  /** Keeps in the journal that what runs was changed, and what held before. */
  record(act: ServiceAct): Promise<void>;
  loaded: Map<string, Loaded>;
  /** Whether a component of the configuration is left to other nodes. */
  elsewhere: (name: string) => boolean;
  settings: HouseSettings;
  log: Log;
}

/**
 * The composition root: installs what the configuration names. What cannot be installed (its configuration is faulty, its needs go
 * round in a circle) is a fault, and the rest is installed nevertheless.
 */
export function assemble(
  folder: Folder,
  loaded: Map<string, Loaded>,
  settings: HouseSettings,
  log: Log,
  io: Io,
): { house: House; faults: Fault[] } {
  const faults: Fault[] = [];
  const loader = new FolderLoader(() => house, io);
  const manager = createServiceManager({ log, loader, leaks: settings.leaks ?? 'files' });
  manager.services.onChange(
    (node) => void loader.notice(node).catch((error: unknown) => log.error({ err: error }, messageOf(error))),
  );
  const declarations = createDeclarations(folder, new FolderEditor(() => house, io));
  let current = folder;
  manager.install('declarations', declarations.component, {}, { source: 'caruso.yaml' });
  for (const [name, each] of loaded) {
    try {
      manager.install(name, each.component, configOf(folder, name, each, settings), placementOf(folder, name, each));
    } catch (error) {
      faults.push(...componentFaults(folder, name, error));
    }
  }
  const update = (next: Folder) => {
    current = next;
    declarations.update(next);
  };
  const adopt = (next: Folder, names: readonly string[]) => {
    const components = { ...current.manifest.components };
    for (const name of names) {
      const entry = next.manifest.components[name];
      if (entry === undefined) delete components[name];
      else components[name] = entry;
    }
    current = { ...current, manifest: { ...current.manifest, components }, locate: next.locate };
  };
  const record = (act: ServiceAct) => loader.record(act);
  const elsewhere = () => false;
  const house: House = { manager, folder: () => current, update, adopt, record, loaded, elsewhere, settings, log };
  return { house, faults };
}

/** The configuration of a component as installed. */
export function configOf(folder: Folder, name: string, { component }: Loaded, settings: HouseSettings): unknown {
  return configFor(component, folder.manifest.components[name]?.config ?? {}, settings);
}

/** What caruso.yaml says of a component beside its configuration. */
export function placementOf(
  folder: Folder,
  name: string,
  { source }: Loaded,
): { source: string } & Pick<ComponentEntry, 'ranking' | 'limits'> {
  const { ranking, limits } = folder.manifest.components[name] ?? {};
  return { source, ranking, limits };
}
