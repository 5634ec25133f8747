import type { AnyComponent, Component, Needs, Provides } from '@caruso/service-manager/contract';
import type { z } from 'zod';
import type { Disorder, LegacySystem } from './legacy-system.js';

/** What the suite has to know of a wrapper. */
export interface WrapperSuite<P extends Provides = Provides, N extends Needs = Needs, S extends z.ZodType = z.ZodType> {
  component: Component<P, N, S>;
  /** Makes the real legacy system, for each test anew; see `httpLegacy` and `folderLegacy`. */
  legacy: () => Promise<LegacySystem>;
  /** The configuration for a legacy system at this address. */
  config: (address: string) => z.input<S>;
  /** A valid input for each method, or what makes one for each call. Of several contracts: `contract.method`. */
  calls: Record<string, object | (() => object)>;
  /** As for `startWrapper`. */
  needs?: Record<string, AnyComponent | { component: AnyComponent; config: unknown }>;
  /** The name of the registration; that of its contract if absent. */
  name?: string;
  /** Further words for the legacy system: every error must have one of them, the name of the registration, or the address. */
  names?: readonly string[];
  /**
   * What a call meets while the legacy system is out of order: a clear error (`fails`, if absent), or what the wrapper knew before
   * (`remembers`), with its health telling that it is old.
   */
  meanwhile?: 'fails' | 'remembers';
  /** Disorders that cannot be told from good answers, such as `lies` where every field is free text. */
  except?: readonly Disorder[];
  /** Methods whose second answer may differ from the first although they are idempotent: a stock, a time. */
  varying?: readonly string[];
  /** Milliseconds a call may take, of virtual time; 10 000 if absent. */
  timeout?: number;
  /** Milliseconds of virtual time within which health must notice a disorder, and its end; 300 000 if absent. */
  notices?: number;
}
