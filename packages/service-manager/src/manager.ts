import type { CallObserver } from './call-observer.js';
import type { Clock, Ids } from './clock.js';
import type { AnyComponent, Log } from './component-definition.js';
import type { ComponentLoader } from './component-loader.js';
import { configure } from './configuration.js';
import type { AnyContract, Client } from './contract-definition.js';
import { inTurn, usesAmong } from './dependents.js';
import { messageOf, rollbackImpossible } from './errors.js';
import type { Generation } from './generation.js';
import { Health } from './health.js';
import { LeakWatch, type Watched } from './leak-watch.js';
import type { LifeCycleEvent } from './life-cycle.js';
import { LinksHub } from './links-hub.js';
import { MethodDirectory } from './method-directory.js';
import { watchProbation } from './probation-watch.js';
import { nextSteps } from './reconciliation.js';
import type { Installed, Placement, Registration } from './registration.js';
import { Registry } from './registry.js';
import { remoteInvoke } from './remote-call.js';
import {
  type Replaced,
  type Replacement,
  type ReplacementHost,
  refuseFromWithin,
  replaceGeneration,
} from './replacement.js';
import { restartOrder } from './restart-order.js';
import { type Provider, Routing } from './routing.js';
import { Deadlines } from './running-call.js';
import { serviceManagement } from './service-management.js';
import type { ReplaceOptions, ServiceManager } from './service-manager.js';
import { foreignNode, formatTree, serviceNode } from './service-tree.js';
import type { ChangeReport, ServiceNode, Services } from './services.js';
import { announceStarted, asSystem, createGeneration, type House, healthOf } from './starting.js';
import { TreeListeners } from './tree-listeners.js';

/** How long a leaving generation may finish its calls, in milliseconds. */
const DRAIN_DEADLINE = 10_000;
/** How long a new generation is watched for doing worse than the one before, in milliseconds. */
const PROBATION = 60_000;
const USUAL = { drainMs: DRAIN_DEADLINE, probationMs: PROBATION, keepFormer: false, act: 'replaced' } as const;

/** How many of the things that past generations left open are remembered. */
const LEAKS = 20;

/** The service manager itself. */
export class Manager implements ServiceManager {
  readonly services: Services;
  readonly links: LinksHub;
  readonly #registry: Registry;
  readonly #house: House;
  readonly #routing: Routing;
  readonly #directory: MethodDirectory;
  readonly #deadlines: Deadlines;
  readonly #health: Health;
  readonly #replacementHost: ReplacementHost;
  readonly #listeners: TreeListeners;
  readonly #settling: (() => void)[] = [];
  #phase: 'idle' | 'running' | 'stopping' = 'idle';
  #reconciling = false;
  #again = false;
  #soon = false;

  constructor(clock: Clock, ids: Ids, log: Log, loader: ComponentLoader | undefined, watched: Watched) {
    const registry = new Registry(clock);
    const local = (): Registration[] => registry.all();
    const all = (): Provider[] => [...registry.all(), ...this.links.foreign];
    const observers = new Set<CallObserver>();
    const deadlines = new Deadlines(clock);
    const invoke = remoteInvoke({ clock, ids, log, deadlines, observers });
    const routing = new Routing(all, clock, invoke);
    const directory = new MethodDirectory(local, () => registry.revision, all, routing, invoke);
    this.#registry = registry;
    this.#listeners = new TreeListeners(log);
    this.#routing = routing;
    this.#directory = directory;
    this.#deadlines = deadlines;
    this.links = new LinksHub({
      clock,
      registrations: local,
      directory,
      changed: (contracts) => {
        routing.refresh(contracts);
        this.#reconcile();
      },
    });
    this.services = {
      use: (contract, range, o) => this.use(contract, range, o),
      call: (method, input, o) => directory.call(method, input, o),
      authorize: (method, principal) => directory.authorize(method, principal),
      providers: (contract) => directory.providers(contract),
      methods: () => directory.list(),
      tree: () => [...local().map((r) => serviceNode(r, routing)), ...this.links.foreign.map(foreignNode)],
      onChange: (listener) => this.#listeners.add(listener),
      observe: (observer) => {
        observers.add(observer);
        return () => void observers.delete(observer);
      },
    };
    const circuitChanged = (registration: Registration, generation: Generation): void => {
      if (registration.generation === generation) this.#health.assess(registration);
    };
    const leaks = new LeakWatch(clock, log, watched);
    const leaked = (registration: Registration, found: readonly string[]): void => {
      registration.leaks = [...registration.leaks, ...found].slice(-LEAKS);
      if (!registration.leaving) this.#changed(registration);
    };
    this.#house = { clock, ids, log, services: this.services, routing, circuitChanged, leaks, leaked };
    this.#health = new Health(this.#house, local, (r, event, reason) => this.#enter(r, event, reason));
    this.#replacementHost = {
      house: this.#house,
      registry,
      providers: all,
      enter: (r, event, reason) => this.#enter(r, event, reason),
      reconcile: () => this.#reconcile(),
      replaced: (r, replacement, outcome) => this.#replaced(r, replacement, outcome),
    };
    this.install('services', serviceManagement(this, loader));
  }

  use<C extends AnyContract>(contract: C, range: string, options: { provider?: string } = {}): Client<C> {
    return this.#routing.client(contract, { contract: contract.id, range, provider: options.provider }, undefined);
  }

  install(name: string, component: AnyComponent, config?: unknown, placement: Placement = {}): void {
    const registration = this.#registry.add(name, component, config, placement);
    this.#changed(registration);
    this.#reconcile();
  }

  know(contracts: readonly AnyContract[]): void {
    this.#directory.know(contracts);
  }

  async start(): Promise<void> {
    this.#phase = 'running';
    for (const registration of this.#registry.all()) {
      if (registration.leaving || registration.elsewhere) continue;
      registration.desired = true;
      if (registration.state === 'stopped') this.#enter(registration, 'reinstall');
    }
    this.#health.start();
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
    options: ReplaceOptions = {},
  ): Promise<ChangeReport> {
    const source = options.source ?? this.#registry.get(name).source;
    return this.#replace(name, { component, config, source }, { ...options, keepFormer: true });
  }

  async rollBack(name: string): Promise<ChangeReport> {
    const registration = this.#registry.get(name);
    const former = registration.former.at(-1);
    if (former === undefined) throw rollbackImpossible(name);
    return this.#rollBack(registration, former);
  }

  async restart(name: string): Promise<ChangeReport> {
    return this.#replace(name, this.#registry.get(name).installed, {
      probationMs: 0,
      act: 'restarted',
      why: 'restarted',
    });
  }

  async configure(name: string, config: unknown): Promise<ChangeReport> {
    const registration = this.#registry.get(name);
    refuseFromWithin(registration);
    await registration.acquire();
    return configure(this.#replacementHost, registration, config, {
      ...USUAL,
      keepFormer: true,
      act: 'configured',
      why: 'configured',
    });
  }

  place(name: string, placement: Pick<Placement, 'ranking' | 'limits'>): void {
    const registration = this.#registry.get(name);
    registration.place(placement);
    this.#changed(registration);
  }

  async uninstall(name: string): Promise<void> {
    const registration = this.#registry.get(name);
    refuseFromWithin(registration);
    registration.desired = false;
    registration.leaving = true;
    this.#reconcile();
    await this.settled();
  }

  async stop(): Promise<void> {
    if (this.#phase === 'running') this.#phase = 'stopping';
    for (const registration of this.#registry.all()) registration.desired = false;
    this.#health.stop();
    this.#reconcile();
    await this.settled();
    this.#deadlines.rest();
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

  /** Does so once for all that ends at this moment. */
  #reconcileSoon(): void {
    if (this.#soon) return;
    this.#soon = true;
    queueMicrotask(() => {
      this.#soon = false;
      this.#reconcile();
    });
  }

  #takeSteps(): void {
    const { ids } = this.#house;
    for (const registration of this.#registry.all()) {
      if (!registration.desired && !registration.alive && !registration.busy) this.#rest(registration);
    }
    if (this.#phase === 'idle') return;
    const steps = nextSteps([...this.#registry.all(), ...this.links.foreign]);
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
    if (registration.state !== 'stopped') {
      this.#enter(registration, 'stop', registration.elsewhere ? 'left to other nodes' : undefined);
    }
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
      const reason = await healthOf(generation, this.#house);
      registration.generation = generation;
      registration.sick = reason;
      this.#enter(registration, reason === undefined ? 'serve' : 'degrade', reason);
      this.#reconcileSoon();
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
    this.#reconcileSoon();
  }

  async #stopOne(registration: Registration): Promise<void> {
    const { generation } = registration;
    if (generation === undefined) return;
    registration.busy = true;
    registration.endProbation?.();
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

  async #replace(
    name: string,
    wanted: Installed,
    options: Partial<Omit<Replacement, 'wanted'>>,
  ): Promise<ChangeReport> {
    const registration = this.#registry.get(name);
    refuseFromWithin(registration);
    await registration.acquire();
    return replaceGeneration(this.#replacementHost, registration, { ...USUAL, ...options, wanted });
  }

  async #rollBack(registration: Registration, former: Installed, byItself?: string): Promise<ChangeReport> {
    const why = byItself === undefined ? 'rolled back' : `rolled back: ${byItself}`;
    const report = await this.#replace(registration.name, former, {
      probationMs: 0,
      act: 'rolled-back',
      why,
      byItself,
    });
    const at = registration.former.lastIndexOf(former);
    if (at >= 0) registration.former.splice(at);
    this.#changed(registration);
    return report;
  }

  /** Watches the new generation, and restarts those that want it when what they need was replaced. */
  async #replaced(
    registration: Registration,
    replacement: Replacement,
    outcome: Replaced,
  ): Promise<ChangeReport['restarted']> {
    registration.endProbation?.();
    if (replacement.probationMs > 0 && registration.generation === outcome.next) {
      watchProbation(this.#house, registration, outcome, replacement.probationMs, {
        changed: () => this.#changed(registration),
        checkHealth: () => this.#health.check(registration, outcome.next),
        rollBack: (why) => this.#rollBack(registration, outcome.former, why),
      });
    }
    if (replacement.cascade === false) return [];
    const order = restartOrder(registration.name, usesAmong(this.#registry.all(), this.#routing));
    return inTurn(order, (name) =>
      this.#replace(name, this.#registry.get(name).installed, {
        probationMs: 0,
        cascade: false,
        act: 'restarted',
        why: `restarted with '${registration.name}'`,
      }),
    );
  }

  #enter(registration: Registration, event: LifeCycleEvent, reason?: string): void {
    registration.enter(event, this.#house.clock.now(), reason);
    this.#changed(registration);
  }

  #changed(registration: Registration): void {
    this.#registry.revision++;
    this.#routing.refresh(registration.takeAffected());
    this.links.announce();
    this.#listeners.tell(() => serviceNode(registration, this.#routing));
  }

  #inTransition(): boolean {
    return (
      this.#reconciling ||
      this.#soon ||
      this.#registry.all().some((r) => r.busy || (r.leaving && this.#phase !== 'idle'))
    );
  }
}
