import { compare, satisfies } from 'semver';
import type { ServiceState } from './services.js';

/** A need as plain data. */
export interface NeedFact {
  contract: string;
  range: string;
  provider?: string | undefined;
}

/** A registration as those who need it see it. */
export interface ProviderFact {
  name: string;
  /** Rises with each installation. */
  order: number;
  state: ServiceState;
  reason?: string | undefined;
  offers: readonly { contract: string; version: string }[];
}

/** The version of the contract that the provider offers, if it is the one meant and in range. */
export function offeredVersion(need: NeedFact, provider: ProviderFact): string | undefined {
  if (need.provider !== undefined && need.provider !== provider.name) return undefined;
  return provider.offers.find((o) => o.contract === need.contract && satisfies(o.version, need.range))?.version;
}

/** Those that would meet the need, the best first: highest version of the contract, then the one installed first. */
export function candidates<P extends ProviderFact>(need: NeedFact, providers: readonly P[]): P[] {
  const found: { provider: P; version: string }[] = [];
  for (const provider of providers) {
    const version = offeredVersion(need, provider);
    if (version !== undefined) found.push({ provider, version });
  }
  found.sort((a, b) => compare(b.version, a.version) || a.provider.order - b.provider.order);
  return found.map((f) => f.provider);
}

/**
 * Why a need is not met, naming both ends.
 *
 * @example
 * explain("'erp'", { contract: 'storage', range: '^2.0' }, all) // "'erp' needs storage ^2.0, 'main' offers 1.4.0"
 */
export function explain(who: string, need: NeedFact, providers: readonly ProviderFact[]): string {
  const wanted = `${who} needs ${need.contract}${need.range === '*' ? '' : ` ${need.range}`}`;
  const fitting = candidates(need, providers)[0];
  if (fitting !== undefined) {
    const version = offeredVersion(need, fitting);
    // One that waits itself says why in its own line of the tree; repeating it here would grow along the chain.
    const why = fitting.reason === undefined || fitting.state === 'unsatisfied' ? '' : `: ${fitting.reason}`;
    return `${wanted}, '${fitting.name}' offers ${version} but is ${fitting.state}${why}`;
  }
  if (need.provider !== undefined) {
    const named = providers.find((p) => p.name === need.provider);
    if (named === undefined) return `${wanted} of '${need.provider}', which is not installed`;
    const offer = named.offers.find((o) => o.contract === need.contract);
    return offer === undefined
      ? `${wanted} of '${named.name}', which does not provide it`
      : `${wanted}, '${named.name}' offers ${offer.version}`;
  }
  const others = providers.flatMap((p) =>
    p.offers.filter((o) => o.contract === need.contract).map((o) => `'${p.name}' offers ${o.version}`),
  );
  return others.length === 0 ? `${wanted}, which nobody provides` : `${wanted}, ${others.join(', ')}`;
}
