import { valid, validRange } from 'semver';
import type { Clock } from './clock.js';
import type { AnyComponent, Needs } from './component-definition.js';
import { findCycle } from './dependency-graph.js';
import { componentInvalid, configInvalid, nameTaken, needsCyclic, notInstalled } from './errors.js';
import { contractsOf, isContract } from './generation.js';
import { nearestName } from './nearest-name.js';
import { byContract, candidates, type NeedFact, offeredVersion } from './need-resolution.js';
import { type Installed, offersOf, type Placement, Registration, requiredNeeds } from './registration.js';

/** A registration as it is, or as it would be. */
interface Planned {
  name: string;
  order: number;
  state: Registration['state'];
  offers: Registration['offers'];
  needs: readonly NeedFact[];
}

/** The registrations by name. Refuses what could never run. */
export class Registry {
  readonly #byName = new Map<string, Registration>();
  /** Rises whenever a registration comes, goes or changes. */
  revision = 0;
  #order = 0;

  constructor(private readonly clock: Clock) {}

  all(): Registration[] {
    return [...this.#byName.values()];
  }

  /** Throws COMPONENT_UNKNOWN. */
  get(name: string): Registration {
    const found = this.#byName.get(name);
    if (found === undefined) throw notInstalled(name, nearestName(name, this.#byName.keys()));
    return found;
  }

  /** Throws COMPONENT_NAME_TAKEN, COMPONENT_INVALID, COMPONENT_CONFIG_INVALID or COMPONENT_NEEDS_CYCLIC. */
  add(name: string, component: AnyComponent, config: unknown, placement: Placement): Registration {
    if (this.#byName.has(name)) throw nameTaken(name);
    const { source } = placement;
    const parsed = this.check(name, { component, config, source });
    const installed = { component, config, source };
    const registration = new Registration(name, this.#order++, installed, parsed, placement, this.clock.now());
    this.#byName.set(name, registration);
    this.revision++;
    return registration;
  }

  remove(registration: Registration): void {
    this.#byName.delete(registration.name);
    this.revision++;
  }

  /** The parsed configuration of a component that may be installed under `name`, in the place of what is there now. */
  check(name: string, { component, config, source }: Installed): unknown {
    checkShape(name, component);
    const parsed = component.config.safeParse(config ?? {});
    if (!parsed.success) throw configInvalid(name, source, parsed.error);
    this.#refuseCycle(name, component);
    return parsed.data;
  }

  #refuseCycle(name: string, component: AnyComponent): void {
    const offers = offersOf(component);
    const newcomer: Planned = { name, order: this.#order, state: 'installed', offers, needs: requiredNeeds(component) };
    const facts: Planned[] = [...this.all().filter((r) => r.name !== name), newcomer];
    const offering = byContract(facts);
    const alternatives = (fact: Planned): string[][] =>
      fact.needs.map((need) => candidates(need, offering.get(need.contract) ?? []).map((c) => c.name));
    // What comes in addition closes a cycle only through itself; looking at the rest would be the most of a large start.
    if (!this.#byName.has(name) && !leadsBack(newcomer, offering)) return;
    const cycle = findCycle(facts.map((fact) => ({ name: fact.name, needs: alternatives(fact) })));
    if (cycle !== undefined) throw needsCyclic(cycle);
  }
}

/** Whether following the needs of `start` to all who would meet them comes back to it. */
function leadsBack(start: Planned, offering: ReadonlyMap<string, readonly Planned[]>): boolean {
  const seen = new Set<Planned>();
  const open = [start];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const need of at.needs) {
      for (const other of offering.get(need.contract) ?? []) {
        if (seen.has(other) || offeredVersion(need, other) === undefined) continue;
        if (other === start) return true;
        seen.add(other);
        open.push(other);
      }
    }
  }
  return false;
}

/** A component may come from a file written without types. Throws COMPONENT_INVALID. */
export function checkShape(where: string, component: unknown): asserts component is AnyComponent {
  const fail = (what: string): never => {
    throw componentInvalid(`'${where}'`, what);
  };
  if (typeof component !== 'object' || component === null) return fail('is not a component');
  const { provides, version, needs, config, create } = component as Partial<Record<keyof AnyComponent, unknown>>;
  if (typeof create !== 'function') fail('is not a component: it has no create()');
  if (typeof version !== 'string' || valid(version) === null) fail(`has no version like 1.2.3 but ${String(version)}`);
  if (typeof (config as { safeParse?: unknown } | undefined)?.safeParse !== 'function')
    fail('has no zod schema as config');
  if (typeof provides !== 'object' || provides === null) return fail('does not say what it provides');
  const seen = new Set<string>();
  for (const [, contract] of contractsOf(provides as AnyComponent['provides'])) {
    if (!isContract(contract)) return fail('provides something that is not a contract');
    if (valid(contract.version) === null)
      fail(`provides ${contract.id} in the version '${contract.version}', not one like 1.2.0`);
    if ((component as AnyComponent).state !== undefined && contract.kind === 'local')
      fail(`hands state over, but provides ${contract.id}, a local contract, whose calls cannot be parked meanwhile`);
    if (seen.has(contract.id)) fail(`provides ${contract.id} twice`);
    seen.add(contract.id);
  }
  if (typeof needs !== 'object' || needs === null) return fail('has no list of needs; write needs: {}');
  for (const [key, need] of Object.entries(needs as Needs)) {
    if (!isContract(need?.contract)) fail(`needs '${key}', which names no contract`);
    if (validRange(need.range) === null)
      fail(`needs ${need.contract.id} in the range '${need.range}', not one like ^1.0`);
  }
}
