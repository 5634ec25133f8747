import { EventEmitter } from 'eventemitter3';
import type { Clock } from './clock.js';
import { ForeignProvider } from './foreign-provider.js';
import { contractsOf } from './generation.js';
import type { IncomingCall, Links, OfferedProvider, RemoteProvider } from './links.js';
import type { MethodDirectory } from './method-directory.js';
import type { Registration } from './registration.js';
import type { IncomingOptions } from './remote-call.js';

/** What a link between nodes uses of the service manager. */
export interface LinksHost {
  clock: Clock;
  registrations(): Registration[];
  directory: MethodDirectory;
  /** What other nodes offer of these contracts has changed. */
  changed(contracts: readonly string[]): void;
}

/** The providers of other nodes, and this node as others see it. */
export class LinksHub implements Links {
  readonly #nodes = new Map<string, ForeignProvider[]>();
  readonly #events = new EventEmitter<{ change: [] }>();

  constructor(private readonly host: LinksHost) {}

  get foreign(): ForeignProvider[] {
    return this.#nodes.size === 0 ? [] : [...this.#nodes.values()].flat();
  }

  offered(): OfferedProvider[] {
    const offered: OfferedProvider[] = [];
    for (const registration of this.host.registrations()) {
      if (!registration.serving || !registration.wanted) continue;
      const offers = remoteOffers(registration);
      if (offers.length === 0) continue;
      const { name, component, state, reason, since, ranking, order, statistics } = registration;
      offered.push({
        name,
        version: component.version,
        generation: registration.generation?.number ?? registration.generations,
        state,
        reason,
        since,
        ranking,
        order,
        offers,
        calls: statistics.snapshot(),
      });
    }
    return offered;
  }

  onChange(listener: () => void): () => void {
    this.#events.on('change', listener);
    return () => this.#events.off('change', listener);
  }

  /** This node offers something else than before. */
  announce(): void {
    this.#events.emit('change');
  }

  join(node: string, providers: readonly RemoteProvider[]): void {
    const before = this.#nodes.get(node) ?? [];
    const affected = new Set<string>();
    const now = providers.map((remote) => {
      const known = before.find((p) => p.name === remote.name && p.number === remote.generation);
      if (known !== undefined && sameOffer(known, remote)) {
        known.remote = remote;
        return known;
      }
      for (const { contract } of [...(known?.offers ?? []), ...remote.offers]) affected.add(contract);
      if (known !== undefined) {
        known.remote = remote;
        return known;
      }
      const provider: ForeignProvider = new ForeignProvider(node, remote, this.host.clock, () =>
        this.host.changed(provider.offers.map((offer) => offer.contract)),
      );
      return provider;
    });
    for (const gone of before.filter((p) => !now.includes(p))) {
      for (const { contract } of gone.offers) affected.add(contract);
      gone.circuit.close();
    }
    if (now.length === 0) this.#nodes.delete(node);
    else this.#nodes.set(node, now);
    if (affected.size > 0) this.host.changed([...affected]);
  }

  leave(node: string): void {
    this.join(node, []);
  }

  answer(incoming: IncomingCall): Promise<unknown> {
    const { contract, method, provider, principal, trace, ancestors = [] } = incoming;
    const options: IncomingOptions = {
      id: incoming.id,
      incoming: { principal, trace, ancestors, begun: incoming.begun },
      ...(incoming.timeout === undefined ? {} : { timeout: incoming.timeout }),
      ...(incoming.signal === undefined ? {} : { signal: incoming.signal }),
    };
    try {
      return this.host.directory.callHere(contract, method, provider, incoming.input, options);
    } catch (error) {
      return Promise.reject(error);
    }
  }
}

function remoteOffers({ component }: Registration): OfferedProvider['offers'] {
  return contractsOf(component.provides)
    .map(([, contract]) => contract)
    .filter((contract) => contract.kind === 'remote')
    .map(({ id, version }) => ({ contract: id, version }));
}

function sameOffer(known: ForeignProvider, { state, reason, ranking, order, offers }: RemoteProvider): boolean {
  const was = known.remote;
  return (
    was.state === state &&
    was.reason === reason &&
    was.ranking === ranking &&
    was.order === order &&
    JSON.stringify(was.offers) === JSON.stringify(offers)
  );
}
