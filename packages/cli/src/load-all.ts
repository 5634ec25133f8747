import type { Fault, Folder } from '@caruso/declarations';
import { componentFaults } from './component-faults.js';
import { type Loaded, load } from './load-component.js';

/** Every component that the configuration names and does not leave out, in its order; what could not be loaded is a fault. */
export async function loadAll(folder: Folder, cwd: string): Promise<{ loaded: Map<string, Loaded>; faults: Fault[] }> {
  const faults: Fault[] = [];
  const entries = Object.entries(folder.manifest.components).filter(([, entry]) => entry.enabled);
  // Two registrations may use one file or package; it is loaded once.
  const loading = new Map<string, Promise<Loaded>>();
  const loaded = new Map<string, Loaded>();
  for (const [name, entry] of entries) {
    const what = `${entry.from}\0${entry.use}`;
    const begun = loading.get(what) ?? load(name, entry, folder, cwd);
    loading.set(what, begun);
    try {
      // One after the other: of a package that awaits something while it loads (libxml2), Node gives who imports it at the same time as
      // another an instance that is not ready.
      loaded.set(name, await begun);
    } catch (error) {
      if (!reportedAlready(error)) faults.push(...componentFaults(folder, name, error));
    }
  }
  return { loaded, faults };
}

/** Opening the folder has named the place of a package or file that is not there. */
function reportedAlready(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'COMPONENT_NOT_FOUND';
}
