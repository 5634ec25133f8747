import { buildClient, type RemoteInvoke, Route } from './client.js';
import type { Clock } from './clock.js';
import type { AnyContract, Client } from './contract-definition.js';
import { candidates, explain, type NeedFact } from './need-resolution.js';
import type { Registration } from './registration.js';

/** Every route that was handed out, pointed at the provider that answers it now. */
export class Routing {
  readonly #clients = new Map<AnyContract, Map<string, { route: Route; client: unknown }>>();
  /** Routes of calls by name, by contract id and provider. */
  readonly #named = new Map<string, Route>();

  constructor(
    private readonly registrations: () => Registration[],
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

  /** The route of calls by name. */
  named(contract: AnyContract, provider: string | undefined): Route {
    const key = provider === undefined ? contract.id : JSON.stringify([contract.id, provider]);
    let route = this.#named.get(key);
    if (route === undefined) {
      route = this.#route(contract, { contract: contract.id, range: '*', provider }, undefined);
      this.#named.set(key, route);
    }
    return route;
  }

  /** Points every route anew. Synchronous, so that no call falls between two providers. */
  refresh(): void {
    const serving = this.#serving();
    for (const byNeed of this.#clients.values()) for (const { route } of byNeed.values()) this.#point(route, serving);
    for (const route of this.#named.values()) this.#point(route, serving);
  }

  /** Drops the routes of a consumer's past generations, all but those for `kept` contracts. */
  forget(consumer: string, kept: readonly AnyContract[]): void {
    for (const [contract, byNeed] of this.#clients) {
      if (kept.includes(contract)) continue;
      for (const [key, { route }] of byNeed) {
        if (route.consumer !== consumer) continue;
        route.point(undefined);
        byNeed.delete(key);
      }
      if (byNeed.size === 0) this.#clients.delete(contract);
    }
  }

  /** The registration that answers a need of `consumer` now. */
  answering(need: NeedFact, consumer: string | undefined): Registration | undefined {
    return this.#choose(need, consumer, this.#serving());
  }

  #route(contract: AnyContract, need: NeedFact, consumer: string | undefined): Route {
    const route = new Route(contract, need, consumer, (r) => this.#explain(r));
    this.#point(route, this.#serving());
    return route;
  }

  #serving(): Registration[] {
    return this.registrations().filter((r) => r.serving);
  }

  #point(route: Route, serving: Registration[]): void {
    route.point(this.#choose(route.need, route.consumer, serving)?.generation);
  }

  #choose(need: NeedFact, consumer: string | undefined, serving: Registration[]): Registration | undefined {
    const found = candidates(
      need,
      serving.filter((r) => r.name !== consumer),
    );
    // One that is about to leave answers only while there is no other.
    return found.find((r) => r.wanted) ?? found[0];
  }

  #explain({ need, consumer }: Route): string {
    return explain(
      consumer === undefined ? 'the caller' : `'${consumer}'`,
      need,
      this.registrations().filter((r) => r.name !== consumer),
    );
  }
}
