import type { CallTarget } from './call-target.js';
import { buildClient, type RemoteInvoke, Route } from './client.js';
import type { Clock } from './clock.js';
import type { AnyContract, Client } from './contract-definition.js';
import type { ForeignProvider } from './foreign-provider.js';
import { candidates, equallyGood, explain, type NeedFact } from './need-resolution.js';
import { Registration } from './registration.js';

/** Somebody a route may lead to: a registration of this process, or a provider on another node. */
export type Provider = Registration | ForeignProvider;

/** Every route that was handed out, pointed at the provider that answers it now. */
export class Routing {
  readonly #clients = new Map<AnyContract, Map<string, { route: Route; client: unknown }>>();
  /** Routes of calls by name, by contract id and provider. */
  readonly #named = new Map<string, Route>();
  /** All of them, by contract id. */
  readonly #routes = new Map<string, Set<Route>>();

  constructor(
    private readonly providers: () => Provider[],
    private readonly clock: Clock,
    private readonly remote: RemoteInvoke,
  ) {}

  /** The client of `consumer` (undefined: nobody in particular); the same one for the same need. */
  client<C extends AnyContract>(contract: C, need: NeedFact, consumer: string | undefined): Client<C> {
    let byNeed = this.#clients.get(contract);
    if (byNeed === undefined) {
      byNeed = new Map();
      this.#clients.set(contract, byNeed);
    }
    const key = JSON.stringify([need.range, need.provider ?? null, consumer ?? null]);
    let entry = byNeed.get(key);
    if (entry === undefined) {
      const route = this.#route(contract, need, consumer);
      entry = { route, client: buildClient(contract, route, this.clock, this.remote) };
      byNeed.set(key, entry);
    }
    return entry.client as Client<C>;
  }

  /** The route of calls by name; `here`: of those that came from another node and go no further. */
  named(contract: AnyContract, provider: string | undefined, here = false): Route {
    // Neither contract ids nor names hold a line break.
    const key = `${contract.id}\n${provider ?? ''}\n${here}`;
    let route = this.#named.get(key);
    // One that takes the place of another may declare the contract anew.
    if (route === undefined || route.contract !== contract) {
      if (route !== undefined) this.#routes.get(contract.id)?.delete(route);
      route = this.#route(contract, { contract: contract.id, range: '*', provider }, undefined, here);
      this.#named.set(key, route);
    }
    return route;
  }

  /** Points the routes of these contracts anew. Synchronous, so that no call falls between two providers. */
  refresh(contracts: readonly string[]): void {
    for (const contract of contracts) {
      const routes = this.#routes.get(contract);
      if (routes === undefined) continue;
      const serving = this.#serving(contract);
      for (const route of routes) this.#point(route, serving);
    }
  }

  /** Drops the routes of a consumer's past generations, all but those for `kept` contracts. */
  forget(consumer: string, kept: readonly AnyContract[]): void {
    for (const [contract, byNeed] of this.#clients) {
      if (kept.includes(contract)) continue;
      for (const [key, { route }] of byNeed) {
        if (route.consumer !== consumer) continue;
        route.point([]);
        byNeed.delete(key);
        this.#routes.get(contract.id)?.delete(route);
      }
      if (byNeed.size === 0) this.#clients.delete(contract);
    }
  }

  /** The one that answers a need of `consumer` now; of several equally good ones the first. */
  answering(need: NeedFact, consumer: string | undefined): Provider | undefined {
    return this.#choose(need, consumer, this.#serving(need.contract), false)[0];
  }

  #route(contract: AnyContract, need: NeedFact, consumer: string | undefined, here = false): Route {
    const route = new Route(contract, need, consumer, here, (r) => this.#explain(r));
    this.#point(route, this.#serving(contract.id));
    const routes = this.#routes.get(contract.id) ?? new Set();
    this.#routes.set(contract.id, routes.add(route));
    return route;
  }

  #serving(contract: string): Provider[] {
    return this.providers().filter((p) => p.serving && p.offers.some((offer) => offer.contract === contract));
  }

  #point(route: Route, serving: Provider[]): void {
    const targets: CallTarget[] = [];
    for (const provider of this.#choose(route.need, route.consumer, serving, route.here)) {
      const target = provider instanceof Registration ? provider.generation : provider;
      if (target !== undefined) targets.push(target);
    }
    route.point(targets);
  }

  #choose(need: NeedFact, consumer: string | undefined, serving: Provider[], here: boolean): Provider[] {
    const others = serving.filter((p) => p.node !== undefined || p.name !== consumer);
    const found = candidates(need, here ? others.filter((p) => p.node === undefined) : others);
    // One that is about to leave answers only while there is no other.
    const staying = found.filter((p) => p.wanted);
    return equallyGood(need, staying.length > 0 ? staying : found);
  }

  #explain({ need, consumer, here }: Route): string {
    const others = this.providers().filter((p) => p.node !== undefined || p.name !== consumer);
    return explain(
      consumer === undefined ? 'the caller' : `'${consumer}'`,
      need,
      here ? others.filter((p) => p.node === undefined) : others,
    );
  }
}
