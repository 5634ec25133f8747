import { CallStatistics } from './call-statistics.js';
import type { AnyComponent, Need, Needs } from './component-definition.js';
import { contractsOf, type Generation } from './generation.js';
import { type LifeCycleEvent, serves, transition } from './life-cycle.js';
import type { NeedFact } from './need-resolution.js';
import type { Standing } from './reconciliation.js';
import type { ServiceNode, ServiceState } from './services.js';

/** How many of the last replacements are remembered. */
const HISTORY = 20;

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
  generation: Generation | undefined;
  generations = 0;
  offers: Standing['offers'] = [];
  needs: readonly NeedFact[] = [];
  allNeeds: Needs = {};
  /** The configuration as it was given, not parsed: what is made again is parsed again. */
  given: unknown;
  /** What served before the last replacement. */
  former: Pick<Registration, 'component' | 'given' | 'source'> | undefined;
  readonly statistics = new CallStatistics();
  readonly replacements: ServiceNode['replacements'] = [];
  readonly #waiting: (() => void)[] = [];

  constructor(
    readonly name: string,
    readonly order: number,
    public component: AnyComponent,
    public config: unknown,
    public source: string | undefined,
    public since: number,
  ) {
    this.define(component, config);
  }

  /** The component and configuration that the next generation is made of. */
  define(component: AnyComponent, config: unknown): void {
    this.component = component;
    this.config = config;
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

  remember(at: number, from: string, to: string, outcome: string): void {
    this.replacements.push({ at: new Date(at).toISOString(), from, to, outcome });
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
