import type { ComponentEntry, Fault, Folder } from '@caruso/declarations';
import { componentFaults } from './component-faults.js';
import { type Loaded, load } from './load-component.js';

/** Every component that the configuration names and does not leave out, in its order; what could not be loaded is a fault. */
export async function loadAll(folder: Folder, cwd: string): Promise<{ loaded: Map<string, Loaded>; faults: Fault[] }> {
  const faults: Fault[] = [];
  const entries = Object.entries(folder.manifest.components).filter(([, entry]) => entry.enabled);
  // Two registrations may use one file or package; it is loaded once.
  const loading = new Map<string, Promise<Loaded>>();
  const loadOnce = (name: string, entry: ComponentEntry): Promise<Loaded> => {
    const what = `${entry.from}\0${entry.use}`;
    const begun = loading.get(what) ?? load(name, entry, folder, cwd);
    loading.set(what, begun);
    return begun;
  };
  const results = await Promise.allSettled(entries.map(([name, entry]) => loadOnce(name, entry)));
  const loaded = new Map<string, Loaded>();
  results.forEach((result, index) => {
    const name = entries[index]?.[0] ?? '';
    if (result.status === 'fulfilled') loaded.set(name, result.value);
    else if (!reportedAlready(result.reason)) faults.push(...componentFaults(folder, name, result.reason));
  });
  return { loaded, faults };
}

/** Opening the folder has named the place of a package or file that is not there. */
function reportedAlready(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'COMPONENT_NOT_FOUND';
}
