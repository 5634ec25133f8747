import { Admission, type Limits } from './admission.js';
import { CallStatistics } from './call-statistics.js';
import type { AnyComponent, Need, Needs } from './component-definition.js';
import { contractsOf, type Generation } from './generation.js';
import { type LifeCycleEvent, serves, transition } from './life-cycle.js';
import type { NeedFact } from './need-resolution.js';
import type { Standing } from './reconciliation.js';
import type { ServiceNode, ServiceState } from './services.js';

/** How many of the last replacements are remembered. */
const HISTORY = 20;

/** How many of the components it had before are kept, for roll backs. */
const FORMER = 5;

/** A component with its configuration, as it was installed. */
export interface Installed {
  component: AnyComponent;
  /** As given, not parsed. */
  config: unknown;
  source: string | undefined;
}

/** What caruso.yaml says of a component beyond its configuration. */
export interface Placement {
  source?: string | undefined;
  /** The higher, the rather it is chosen of several providers (0 if absent). */
  ranking?: number | undefined;
  /** Instead of the component's own. */
  limits?: Limits | undefined;
  /** Runs on another node: known here, but not started. */
  elsewhere?: boolean | undefined;
}

/** A component under a name: what is wanted of it, and where it stands. Outlives its generations. */
export class Registration implements Standing {
  state: ServiceState = 'installed';
  reason: string | undefined;
  /** It should be running, as far as whoever installed it is concerned. */
  desired = true;
  /** Removed from the registry once it has stopped. */
  leaving = false;
  busy = false;
  /** Set when a generation that already served has to go because of it. */
  failure: string | undefined;
  /** Why it said it is not well when it was last asked. */
  sick: string | undefined;
  generation: Generation | undefined;
  /** The one before, while it finishes its calls. */
  leavingGeneration: Generation | undefined;
  generations = 0;
  /** The components it had before, the last one last. */
  readonly former: Installed[] = [];
  /** Until when it is watched more closely, milliseconds UTC. */
  probation: number | undefined;
  /** Told when the present probation ends, one way or another. */
  endProbation: (() => void) | undefined;
  readonly node = undefined;
  leaks: readonly string[] = [];
  admission: Admission;
  offers: Standing['offers'] = [];
  needs: readonly NeedFact[] = [];
  allNeeds: Needs = {};
  readonly statistics = new CallStatistics();
  readonly replacements: ServiceNode['replacements'] = [];
  readonly #waiting: (() => void)[] = [];
  /** Contracts of past definitions, which routes may still lead here for. */
  readonly #formerContracts = new Set<string>();
  /** Whether it was serving when last asked what it affects. */
  #served = false;

  constructor(
    readonly name: string,
    readonly order: number,
    public installed: Installed,
    /** The configuration, parsed. */
    public config: unknown,
    private placement: Placement,
    public since: number,
  ) {
    this.desired = placement.elsewhere !== true;
    this.admission = this.#admission();
    this.define(installed, config);
  }

  get component(): AnyComponent {
    return this.installed.component;
  }

  get source(): string | undefined {
    return this.installed.source;
  }

  get ranking(): number {
    return this.placement.ranking ?? 0;
  }

  /** Takes other limits and another ranking; calls that run or wait go on under the former limits. */
  place({ ranking, limits }: Pick<Placement, 'ranking' | 'limits'>): void {
    this.placement = { ...this.placement, ranking, limits };
    this.admission = this.#admission();
  }

  get elsewhere(): boolean {
    return this.placement.elsewhere === true;
  }

  /** The component and configuration that the next generation is made of. */
  define(installed: Installed, config: unknown): void {
    const { component } = installed;
    for (const { contract } of this.offers) this.#formerContracts.add(contract);
    this.installed = installed;
    this.config = config;
    this.admission = this.#admission();
    this.offers = offersOf(component);
    this.allNeeds = component.needs as Needs;
    this.needs = requiredNeeds(component);
  }

  get wanted(): boolean {
    return this.desired && this.failure === undefined;
  }

  get alive(): boolean {
    return this.generation !== undefined || this.state === 'starting';
  }

  get serving(): boolean {
    return this.generation !== undefined && serves(this.state);
  }

  enter(event: LifeCycleEvent, at: number, reason?: string): void {
    const next = transition(this.state, event);
    if (next !== this.state) this.since = at;
    this.state = next;
    this.reason = reason;
  }

  /** Waits for its turn: the transitions of one registration never overlap. */
  async acquire(): Promise<void> {
    if (this.busy) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.busy = true;
  }

  /** Ends the turn; whoever waits longest has the next, without a gap in which another transition could begin. */
  release(): void {
    const next = this.#waiting.shift();
    this.busy = next !== undefined;
    next?.();
  }

  /** The contracts whose routes a change of this registration may concern: none as long as no route leads to it. */
  takeAffected(): string[] {
    const { serving } = this;
    if (!serving && !this.#served) return [];
    this.#served = serving;
    const affected = new Set(this.#formerContracts);
    for (const { contract } of this.offers) affected.add(contract);
    this.#formerContracts.clear();
    return [...affected];
  }

  /** Keeps what it had for a roll back. */
  keepFormer(installed: Installed): void {
    this.former.push(installed);
    if (this.former.length > FORMER) this.former.shift();
  }

  #admission(): Admission {
    const { concurrency = 1_000, waiting = 10_000 } = this.placement.limits ?? this.component.limits ?? {};
    return new Admission(this.name, concurrency, waiting);
  }

  remember(
    at: number,
    from: string,
    to: string,
    { act, outcome, byItself }: Pick<ServiceNode['replacements'][number], 'act' | 'outcome' | 'byItself'>,
  ): void {
    const entry = { at: new Date(at).toISOString(), from, to, act, outcome };
    this.replacements.push(byItself === undefined ? entry : { ...entry, byItself });
    if (this.replacements.length > HISTORY) this.replacements.shift();
  }
}

export function offersOf(component: AnyComponent): Standing['offers'] {
  return contractsOf(component.provides).map(([, contract]) => ({ contract: contract.id, version: contract.version }));
}

export function needFact(need: Need): NeedFact {
  return { contract: need.contract.id, range: need.range, provider: need.provider };
}

export function requiredNeeds(component: AnyComponent): NeedFact[] {
  return Object.values(component.needs as Needs)
    .filter((need) => !need.optional)
    .map(needFact);
}
