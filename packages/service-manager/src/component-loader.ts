import type { AnyComponent } from './component-definition.js';
import type { Configuration } from './services.js';

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

/** An act by which somebody changes what runs, as the journal keeps it. */
export interface ServiceAct {
  act: 'replaced' | 'rolled-back' | 'restarted' | 'configured' | 'added' | 'removed';
  name: string;
  /** Versions of the component; absent before it was there and after it is gone. */
  from?: string | undefined;
  to?: string | undefined;
  /** What it comes from now. */
  source?: string | undefined;
  /** Why it was refused or failed; absent where it was done. */
  refused?: string | undefined;
  /** What moved the service manager to do it by itself. */
  why?: string | undefined;
  /** It was so already. */
  unchanged?: boolean | undefined;
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
  /** The configuration of the component that serves as caruso.yaml gives it now, not parsed. */
  configOf(name: string): Promise<unknown>;
  /** What a component runs with, or would run with if it came from `use`. Secrets are hidden. */
  configuration(name: string, use?: string): Promise<Configuration>;
  /**
   * Writes what shall hold into caruso.yaml and reads it again, before it is tried; gives the way to undo it. `undefined` takes the
   * entry out. Hidden secrets in `config` mean those that are there. Throws DECLARATION_INVALID with the places; nothing is written then.
   */
  keep(
    name: string,
    entry: { use?: string; config?: Record<string, unknown> } | undefined,
  ): Promise<() => Promise<void>>;
  /** Writes back what held before the last change of a component that served, which was rolled back. */
  keepFormer(name: string): Promise<void>;
  /** Told of every act, done or refused; who acts is the principal of the running call. */
  record(act: ServiceAct): Promise<void>;
}
