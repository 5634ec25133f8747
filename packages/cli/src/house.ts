import { createDeclarations, type Fault, type Folder } from '@caruso/declarations';
import { createServiceManager, type ServiceManager } from '@caruso/service-manager';
import type { Log } from '@caruso/service-manager/contract';
import { configFor, type HouseSettings } from './component-config.js';
import { componentFaults } from './component-faults.js';
import type { Loaded } from './load-component.js';

/** A front office assembled: every component installed, nothing started. */
export interface House {
  manager: ServiceManager;
  folder(): Folder;
  /** Puts newly read declarations in place; components that follow them are told. */
  update(folder: Folder): void;
  loaded: Map<string, Loaded>;
  settings: HouseSettings;
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
): { house: House; faults: Fault[] } {
  const faults: Fault[] = [];
  const manager = createServiceManager({ log, leaks: settings.leaks ?? 'files' });
  const declarations = createDeclarations(folder);
  let current = folder;
  manager.install('declarations', declarations.component, {}, { source: 'caruso.yaml' });
  for (const [name, each] of loaded) {
    try {
      manager.install(name, each.component, configOf(folder, name, each, settings), { source: each.source });
    } catch (error) {
      faults.push(...componentFaults(folder, name, error));
    }
  }
  const update = (next: Folder) => {
    current = next;
    declarations.update(next);
  };
  return { house: { manager, folder: () => current, update, loaded, settings }, faults };
}

/** The configuration of a component as installed. */
export function configOf(folder: Folder, name: string, { component }: Loaded, settings: HouseSettings): unknown {
  return configFor(component, folder.manifest.components[name]?.config ?? {}, settings);
}
