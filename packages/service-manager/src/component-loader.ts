import type { AnyComponent } from './component-definition.js';

/** A component as the front office's declarations and an administrator name it. */
export interface LoadedFromSource {
  component: AnyComponent;
  /** As written in caruso.yaml, not parsed. */
  config: unknown;
  /** What the service tree shows as its origin. */
  source: string;
}

/** Something an administrator could add or put in the place of another. */
export interface AvailableSource {
  /** As `use:` names it: a file of the front office or a package. */
  use: string;
  /** The registrations that use it now. */
  usedBy: string[];
}

/**
 * How the service manager's own service comes by components and keeps what an administrator decided; the composition root
 * gives one. Without it components can be looked at, restarted and rolled back, but not loaded.
 */
export interface ComponentLoader {
  /**
   * Loads the component of a registration anew, or from another source. Throws COMPONENT_NOT_FOUND, COMPONENT_INVALID, or
   * COMPONENT_OUTSIDE for what lies outside the front office.
   */
  load(name: string, use?: string): Promise<LoadedFromSource>;
  available(): Promise<AvailableSource[]>;
  /** Writes what now holds into caruso.yaml; gives the way to undo it. `undefined` takes the entry out. */
  keep(name: string, entry: { use?: string; config?: unknown } | undefined): Promise<() => Promise<void>>;
}
