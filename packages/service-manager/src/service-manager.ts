import type { Clock, Ids } from './clock.js';
import { systemClock } from './clock.js';
import type { AnyComponent, Log } from './component-definition.js';
import type { ComponentLoader } from './component-loader.js';
import type { AnyContract } from './contract-definition.js';
import { systemIds } from './ids.js';
import type { Watched } from './leak-watch.js';
import type { Links } from './links.js';
import { createLog } from './log.js';
import { Manager } from './manager.js';
import type { Placement } from './registration.js';
import type { ChangeReport, ServiceNode, Services } from './services.js';

export interface ServiceManagerOptions {
  clock?: Clock;
  ids?: Ids;
  log?: Log;
  /** How administrators come by components at run time. */
  loader?: ComponentLoader;
  /**
   * Whose open ends are told after a replacement: `files` (if absent) those of components that come from a file, the ones that
   * are written for one company; `all` those of packages too. Watching slows every call of the process by some percent.
   */
  leaks?: Watched;
}

export interface ReplaceOptions {
  /** How long the old one may finish its calls, in milliseconds (10,000 if absent). */
  drainMs?: number;
  /** For how long it is rolled back by itself should it do worse, in milliseconds (60,000 if absent; 0: not at all). */
  probationMs?: number;
  source?: string;
}

/** Installs components, starts each when its needs are met, replaces them while they serve. */
export interface ServiceManager {
  readonly services: Services;
  /** See {@link Services.use}. */
  use: Services['use'];
  /**
   * Registers a component under a name. Once the manager is started, it starts as soon as its needs are met.
   * Throws COMPONENT_NAME_TAKEN, COMPONENT_INVALID, COMPONENT_CONFIG_INVALID or COMPONENT_NEEDS_CYCLIC.
   */
  install(name: string, component: AnyComponent, config?: unknown, placement?: Placement): void;
  /**
   * Tells of contracts that only components on other nodes provide. Types cannot travel: what is called by name (by a script, a
   * policy, over HTTP) must be known where it is called.
   */
  know(contracts: readonly AnyContract[]): void;
  /** Starts all that can be started; what failed or waits says so in the tree. */
  start(): Promise<void>;
  /** Resolves when nothing is in transition. */
  settled(): Promise<void>;
  /**
   * Puts a new generation in the place of the present one without losing a call. If the new one falls ill or fails more calls
   * within its probation, the former component takes its place again.
   * Throws REPLACEMENT_REFUSED, REPLACEMENT_FAILED or REPLACEMENT_FROM_WITHIN; the present one then serves on.
   */
  replace(name: string, component: AnyComponent, config?: unknown, options?: ReplaceOptions): Promise<ChangeReport>;
  /** Puts the component before the present one back, as a replacement like any other. Throws ROLL_BACK_IMPOSSIBLE. */
  rollBack(name: string): Promise<ChangeReport>;
  /** Makes a new generation of the same component, with the same configuration. */
  restart(name: string): Promise<ChangeReport>;
  /**
   * Gives a component another configuration: in place where it can take it, else by a replacement.
   * Throws COMPONENT_CONFIG_INVALID, CONFIGURATION_FAILED or what a replacement throws; all is then as before.
   */
  configure(name: string, config: unknown): Promise<ChangeReport>;
  /** Gives a component another ranking and other limits; it goes on as it is. */
  place(name: string, placement: Pick<Placement, 'ranking' | 'limits'>): void;
  /** Stops a component, after those that need it, and removes it. */
  uninstall(name: string): Promise<void>;
  /** Where a transport to other nodes is plugged in. */
  readonly links: Links;
  /** Stops everything, dependents first. `start` starts it again. */
  stop(): Promise<void>;
  inspect(): { started: boolean; services: ServiceNode[] };
  /** The service tree as text for people. */
  printTree(): string;
}

/**
 * Makes a service manager.
 *
 * @example
 * const manager = createServiceManager();
 * manager.install('billing', billing, { url: 'https://billing.example' });
 * await manager.start();
 * await manager.use(Billing, '^1.0').balance({ customerNo: 'C000001' });
 */
export function createServiceManager(options: ServiceManagerOptions = {}): ServiceManager {
  return new Manager(
    options.clock ?? systemClock,
    options.ids ?? systemIds,
    options.log ?? createLog({ level: 'warn' }),
    options.loader,
    options.leaks ?? 'files',
  );
}
