import { nearest } from '@caruso/declarations';
import type { AnyComponent, AnyContract, Need } from '@caruso/service-manager/contract';
import { satisfies } from 'semver';
import { componentBound, componentNotNamed } from './errors.js';

/** Which components run in this process; both absent: all of them. */
export interface NodeChoice {
  /** These, and what they need of the same process. */
  components?: readonly string[];
  /** All but these. */
  without?: readonly string[];
}

/** Of a component, as far as the choice goes. */
type Chosen = Pick<AnyComponent, 'provides' | 'needs'>;

/**
 * The components that run here. Local contracts pass functions and cannot travel: whoever needs one has its provider beside it.
 * Throws COMPONENT_UNKNOWN, or COMPONENT_BOUND for one left out that another of this process cannot do without.
 *
 * @example
 * chooseComponents(loaded, { components: ['billing'] }) // Set { 'billing', 'storage' }
 */
export function chooseComponents(all: ReadonlyMap<string, Chosen>, choice: NodeChoice): Set<string> {
  const { components, without } = choice;
  for (const name of [...(components ?? []), ...(without ?? [])]) {
    if (!all.has(name)) throw componentNotNamed(name, nearest(name, [...all.keys()]));
  }
  if (components === undefined) {
    const chosen = new Set([...all.keys()].filter((name) => without?.includes(name) !== true));
    for (const name of chosen) {
      const missing = localProviders(all, name).find((providers) => !providers.some((each) => chosen.has(each)));
      if (missing !== undefined) throw componentBound(name, missing);
    }
    return chosen;
  }
  const chosen = new Set(components);
  // A set is walked to its end, what is added meanwhile included.
  for (const name of chosen) {
    for (const providers of localProviders(all, name)) {
      if (!providers.some((each) => chosen.has(each))) chosen.add(providers[0] ?? name);
    }
  }
  return chosen;
}

/** Contracts of a component. */
export function contractsOf({ provides }: Pick<AnyComponent, 'provides'>): AnyContract[] {
  const given = provides as AnyContract | Record<string, AnyContract>;
  return typeof given.kind === 'string' ? [given as AnyContract] : Object.values(given as Record<string, AnyContract>);
}

/** For each local contract that a component cannot do without, those of the configuration that provide it. */
function localProviders(all: ReadonlyMap<string, Chosen>, name: string): string[][] {
  const needs = Object.values((all.get(name)?.needs ?? {}) as Record<string, Need>);
  return needs
    .filter((need) => !need.optional && need.contract.kind === 'local')
    .map((need) =>
      [...all].flatMap(([other, component]) => {
        if (need.provider !== undefined && need.provider !== other) return [];
        const fits = (c: AnyContract): boolean => c.id === need.contract.id && satisfies(c.version, need.range);
        return contractsOf(component).some(fits) ? [other] : [];
      }),
    )
    .filter((providers) => providers.length > 0);
}
