import { EventEmitter } from 'eventemitter3';
import { currentCall } from './call.js';
import { type Clock, type Ids, systemClock } from './clock.js';
import type { AnyComponent, Log } from './component-definition.js';
import type { ComponentLoader } from './component-loader.js';
import type { AnyContract, Client } from './contract-definition.js';
import { messageOf, rollbackImpossible } from './errors.js';
import type { Generation } from './generation.js';
import { systemIds } from './ids.js';
import type { LifeCycleEvent } from './life-cycle.js';
import { createLog } from './log.js';
import { MethodDirectory } from './method-directory.js';
import { nextSteps } from './reconciliation.js';
import { type Registration } from './registration.js';
import { Registry } from './registry.js';
import { remoteInvoke } from './remote-call.js';
import { type ReplacementReport, replaceGeneration } from './replacement.js';
import { Routing } from './routing.js';
import { serviceManagement } from './service-management.js';
import { formatTree, serviceNode } from './service-tree.js';
import type { ServiceNode, Services } from './services.js';
import { announceStarted, asSystem, createGeneration, type House, healthOf } from './starting.js';

/** How long a leaving generation may finish its calls, in milliseconds. */
const DRAIN_DEADLINE = 10_000;
/** How often the health of what serves is asked, in milliseconds. */
const HEALTH_PERIOD = 10_000;

export interface ServiceManagerOptions {
  clock?: Clock;
  ids?: Ids;
  log?: Log;
  /** Lets administrators load, add and configure components at run time. */
  loader?: ComponentLoader;
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
  install(name: string, component: AnyComponent, config?: unknown, options?: { source?: string }): void;
  /** Starts all that can be started; what failed or waits says so in the tree. */
  start(): Promise<void>;
  /** Resolves when nothing is in transition. */
  settled(): Promise<void>;
  /**
   * Puts a new generation in the place of the present one without losing a call.
   * Throws REPLACEMENT_REFUSED or REPLACEMENT_FAILED; the present one then serves on.
   *
   * @param options.drainMs how long the old one may finish its calls, in milliseconds (10 000 if absent)
   */
  replace(
    name: string,
    component: AnyComponent,
    config?: unknown,
    options?: { drainMs?: number; source?: string },
  ): Promise<ReplacementReport>;
  /** Brings back what served before the last replacement. Throws ROLLBACK_IMPOSSIBLE where there is none. */
  rollBack(name: string): Promise<ReplacementReport>;
  /** Puts a new generation of the same component in its place. */
  restart(name: string): Promise<ReplacementReport>;
  /** Gives a component another configuration. Throws COMPONENT_CONFIG_INVALID or REPLACEMENT_FAILED; the former one then holds. */
  configure(name: string, config: unknown): Promise<ReplacementReport>;
  /** Stops a component, after those that need it, and removes it. */
  uninstall(name: string): Promise<void>;
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
  );
}

class Manager implements ServiceManager {
  readonly services: Services;
  readonly #registry: Registry;
  readonly #house: House;
  readonly #routing: Routing;
  readonly #events = new EventEmitter<{ change: [ServiceNode] }>();
  readonly #settling: (() => void)[] = [];
  #phase: 'idle' | 'running' | 'stopping' = 'idle';
  #reconciling = false;
  #again = false;
  #stopHealth: (() => void) | undefined;

  constructor(clock: Clock, ids: Ids, log: Log, loader: ComponentLoader | undefined) {
    const registry = new Registry(clock);
    const all = (): Registration[] => registry.all();
    const invoke = remoteInvoke(clock, ids);
    const routing = new Routing(all, clock, invoke);
    const directory = new MethodDirectory(all, routing, invoke);
    this.#registry = registry;
    this.#routing = routing;
    this.services = {
      use: (contract, range, o) => this.use(contract, range, o),
      call: (method, input, o) => directory.call(method, input, o),
      authorize: (method, principal) => directory.authorize(method, principal),
      providers: (contract) => directory.providers(contract),
      methods: () => directory.list(),
      tree: () => all().map((r) => serviceNode(r, routing)),
      onChange: (listener) => {
        this.#events.on('change', listener);
        return () => this.#events.off('change', listener);
      },
    };
    this.#house = { clock, ids, log, services: this.services, routing };
    this.install('services', serviceManagement(this, loader));
  }

  use<C extends AnyContract>(contract: C, range: string, options: { provider?: string } = {}): Client<C> {
    return this.#routing.client(contract, { contract: contract.id, range, provider: options.provider }, undefined);
  }

  install(name: string, component: AnyComponent, config?: unknown, options: { source?: string } = {}): void {
    const registration = this.#registry.add(name, component, config, options.source);
    this.#changed(registration);
    this.#reconcile();
  }

  async start(): Promise<void> {
    this.#phase = 'running';
    for (const registration of this.#registry.all()) {
      if (registration.leaving) continue;
      registration.desired = true;
      if (registration.state === 'stopped') this.#enter(registration, 'reinstall');
    }
    this.#stopHealth ??= this.#house.clock.every(HEALTH_PERIOD, () => this.#checkHealth());
    this.#reconcile();
    await this.settled();
  }

  async settled(): Promise<void> {
    if (!this.#inTransition()) return;
    await new Promise<void>((resolve) => this.#settling.push(resolve));
  }

  async replace(
    name: string,
    component: AnyComponent,
    config?: unknown,
    options: { drainMs?: number; source?: string } = {},
  ): Promise<ReplacementReport> {
    const registration = this.#registry.get(name);
    const caller = currentCall();
    await registration.acquire();
    return replaceGeneration(
      {
        house: this.#house,
        registry: this.#registry,
        enter: (r, event, reason) => this.#enter(r, event, reason),
        changed: (r) => this.#changed(r),
        reconcile: () => this.#reconcile(),
        settled: () => this.settled(),
      },
      registration,
      { component, config, source: options.source, drainMs: options.drainMs ?? DRAIN_DEADLINE, caller },
    );
  }

  async rollBack(name: string): Promise<ReplacementReport> {
    const { former } = this.#registry.get(name);
    if (former === undefined) throw rollbackImpossible(name);
    return this.replace(
      name,
      former.component,
      former.given,
      former.source === undefined ? {} : { source: former.source },
    );
  }

  async restart(name: string): Promise<ReplacementReport> {
    const { component, given, source } = this.#registry.get(name);
    return this.replace(name, component, given, source === undefined ? {} : { source });
  }

  async configure(name: string, config: unknown): Promise<ReplacementReport> {
    const { component, source } = this.#registry.get(name);
    return this.replace(name, component, config, source === undefined ? {} : { source });
  }

  async uninstall(name: string): Promise<void> {
    const registration = this.#registry.get(name);
    registration.desired = false;
    registration.leaving = true;
    this.#reconcile();
    await this.settled();
  }

  async stop(): Promise<void> {
    if (this.#phase === 'running') this.#phase = 'stopping';
    for (const registration of this.#registry.all()) registration.desired = false;
    this.#stopHealth?.();
    this.#stopHealth = undefined;
    this.#reconcile();
    await this.settled();
    // Unless it was started again meanwhile.
    if (this.#phase === 'stopping') this.#phase = 'idle';
  }

  inspect(): { started: boolean; services: ServiceNode[] } {
    return { started: this.#phase === 'running', services: this.services.tree() };
  }

  printTree(): string {
    return formatTree(this.services.tree());
  }

  /** Takes every step that can be taken now. Each step that ends calls this again. */
  #reconcile(): void {
    if (this.#reconciling) {
      this.#again = true;
      return;
    }
    this.#reconciling = true;
    do {
      this.#again = false;
      this.#takeSteps();
    } while (this.#again);
    this.#reconciling = false;
    if (!this.#inTransition()) for (const resolve of this.#settling.splice(0)) resolve();
  }

  #takeSteps(): void {
    const { ids } = this.#house;
    for (const registration of this.#registry.all()) {
      if (!registration.desired && !registration.alive && !registration.busy) this.#rest(registration);
    }
    if (this.#phase === 'idle') return;
    const steps = nextSteps(this.#registry.all());
    for (const [name, reason] of steps.wait) {
      const registration = this.#registry.get(name);
      if (registration.state === 'unsatisfied' && registration.reason === reason) continue;
      // The reasons of others speak of this one's state.
      if (registration.state !== 'unsatisfied') this.#again = true;
      this.#enter(registration, 'wait', reason);
    }
    for (const name of steps.stop) void asSystem(ids, () => this.#stopOne(this.#registry.get(name)));
    if (this.#phase === 'stopping') return;
    for (const name of steps.start) void asSystem(ids, () => this.#startOne(this.#registry.get(name)));
  }

  /** What holds no instance has nothing to stop. */
  #rest(registration: Registration): void {
    if (registration.state !== 'stopped') this.#enter(registration, 'stop');
    if (registration.leaving) this.#remove(registration);
  }

  #remove(registration: Registration): void {
    this.#registry.remove(registration);
    this.#routing.forget(registration.name, []);
    this.#again = true;
  }

  async #startOne(registration: Registration): Promise<void> {
    registration.busy = true;
    this.#enter(registration, 'start');
    const { ids, log } = this.#house;
    try {
      const generation = await createGeneration(this.#house, registration, registration.component, registration.config);
      const reason = await healthOf(generation, ids);
      registration.generation = generation;
      this.#enter(registration, reason === undefined ? 'serve' : 'degrade', reason);
      this.#reconcile();
      try {
        await announceStarted(generation, ids);
      } catch (error) {
        // It serves already, so that dependents may have to stop first.
        registration.failure = messageOf(error);
        throw error;
      }
    } catch (error) {
      log.error(
        { component: registration.name, err: error },
        `'${registration.name}' did not start: ${messageOf(error)}`,
      );
      if (registration.generation === undefined) this.#enter(registration, 'fail', messageOf(error));
    }
    registration.release();
    this.#reconcile();
  }

  async #stopOne(registration: Registration): Promise<void> {
    const { generation } = registration;
    if (generation === undefined) return;
    registration.busy = true;
    this.#enter(registration, 'drain');
    await generation.drain(DRAIN_DEADLINE);
    this.#enter(registration, 'dispose');
    await generation.dispose();
    registration.generation = undefined;
    const { failure } = registration;
    registration.failure = undefined;
    if (!registration.desired) this.#enter(registration, 'stop');
    else if (failure !== undefined) this.#enter(registration, 'fail', failure);
    else this.#enter(registration, 'wait', 'what it needs is gone');
    registration.release();
    this.#reconcile();
  }

  #checkHealth(): void {
    for (const registration of this.#registry.all()) {
      const { generation } = registration;
      if (generation?.instance?.health === undefined || !registration.serving || registration.busy) continue;
      void this.#checkOne(registration, generation);
    }
  }

  async #checkOne(registration: Registration, generation: Generation): Promise<void> {
    const reason = await healthOf(generation, this.#house.ids);
    if (registration.generation !== generation || !registration.serving || registration.busy) return;
    if (reason === registration.reason) return;
    this.#enter(registration, reason === undefined ? 'serve' : 'degrade', reason);
  }

  #enter(registration: Registration, event: LifeCycleEvent, reason?: string): void {
    registration.enter(event, this.#house.clock.now(), reason);
    this.#changed(registration);
  }

  #changed(registration: Registration): void {
    this.#routing.refresh();
    if (this.#events.listenerCount('change') > 0) {
      const node = serviceNode(registration, this.#routing);
      for (const listener of this.#events.listeners('change')) this.#tell(listener, node);
    }
  }

  #tell(listener: (node: ServiceNode) => void, node: ServiceNode): void {
    try {
      listener(node);
    } catch (error) {
      this.#house.log.warn({ err: error }, `a listener to the service tree failed: ${messageOf(error)}`);
    }
  }

  #inTransition(): boolean {
    return this.#reconciling || this.#registry.all().some((r) => r.busy || (r.leaving && this.#phase !== 'idle'));
  }
}
