import { compare } from 'semver';
import { accepts } from './accepted-versions.js';
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
  /** The node it runs on; undefined: this one. */
  node?: string | undefined;
  /** The higher, the rather it is chosen (0 if absent). */
  ranking?: number | undefined;
  offers: readonly { contract: string; version: string }[];
}

/** The version of the contract that the provider offers, if it is the one meant and in range. */
export function offeredVersion(need: NeedFact, provider: ProviderFact): string | undefined {
  if (need.provider !== undefined && need.provider !== provider.name) return undefined;
  return provider.offers.find((o) => o.contract === need.contract && accepts(need.range, o.version))?.version;
}

/** Providers by the contracts they offer, in the order given. */
export function byContract<P extends ProviderFact>(providers: Iterable<P>): Map<string, P[]> {
  const found = new Map<string, P[]>();
  for (const provider of providers) {
    for (const { contract } of provider.offers) {
      const offering = found.get(contract);
      if (offering === undefined) found.set(contract, [provider]);
      else offering.push(provider);
    }
  }
  return found;
}

interface Candidate<P> {
  provider: P;
  version: string;
}

/**
 * Those that would meet the need, the best first: healthy before degraded, of this process before those on other nodes, then by
 * ranking, by version of the contract, and the one installed first.
 */
export function candidates<P extends ProviderFact>(need: NeedFact, providers: readonly P[]): P[] {
  const found: Candidate<P>[] = [];
  for (const provider of providers) {
    const version = offeredVersion(need, provider);
    if (version !== undefined) found.push({ provider, version });
  }
  if (found.length > 1) {
    found.sort(
      (a, b) =>
        compareWorth(a, b) ||
        a.provider.order - b.provider.order ||
        (a.provider.node ?? '').localeCompare(b.provider.node ?? ''),
    );
  }
  return found.map((f) => f.provider);
}

/** Of candidates, the best first, those on other nodes that are as good as the first: calls alternate between them. */
export function equallyGood<P extends ProviderFact>(need: NeedFact, best: readonly P[]): P[] {
  const [first, ...rest] = best;
  if (first === undefined) return [];
  if (first.node === undefined) return [first];
  const worth = (provider: P): Candidate<P> => ({ provider, version: offeredVersion(need, provider) ?? '0.0.0' });
  return [first, ...rest.filter((other) => compareWorth(worth(first), worth(other)) === 0)];
}

function compareWorth(a: Candidate<ProviderFact>, b: Candidate<ProviderFact>): number {
  return (
    Number(a.provider.state === 'degraded') - Number(b.provider.state === 'degraded') ||
    Number(a.provider.node !== undefined) - Number(b.provider.node !== undefined) ||
    (b.provider.ranking ?? 0) - (a.provider.ranking ?? 0) ||
    compare(b.version, a.version)
  );
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
