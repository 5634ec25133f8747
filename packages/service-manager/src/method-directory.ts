import type { Principal } from './call.js';
import type { RemoteInvoke } from './client.js';
import type { AnyContract, CallOptions, RemoteContract } from './contract-definition.js';
import { accessDenied, methodUnknown } from './errors.js';
import { contractsOf } from './generation.js';
import { nearestName } from './nearest-name.js';
import type { Registration } from './registration.js';
import type { IncomingOptions } from './remote-call.js';
import type { Provider, Routing } from './routing.js';
import type { MethodDescription } from './services.js';

interface Entry {
  contract: RemoteContract;
  method: string;
}

/** A directory, and what it was made of. */
interface Known {
  revision: number;
  elsewhere: readonly RemoteContract[];
  contracts: readonly RemoteContract[];
  methods: ReadonlyMap<string, Entry>;
}

/** The methods of all remote contracts by name, for calls whose method is known only at run time. */
export class MethodDirectory {
  #known: Known | undefined;
  #elsewhere: readonly RemoteContract[] = [];

  constructor(
    private readonly registrations: () => Registration[],
    /** Rises whenever a registration comes, goes or changes. */
    private readonly revision: () => number,
    private readonly all: () => Provider[],
    private readonly routing: Routing,
    private readonly invoke: RemoteInvoke,
  ) {}

  /** Contracts that no component of this process need provide, because one on another node does. */
  know(contracts: readonly AnyContract[]): void {
    this.#elsewhere = [...this.#elsewhere, ...contracts.filter((contract) => contract.kind === 'remote')];
  }

  list(): MethodDescription[] {
    return this.#current().contracts.flatMap((contract) =>
      Object.entries(contract.methods).map(([method, spec]) => ({
        contract: contract.id,
        version: contract.version,
        method,
        summary: spec.summary,
        allow: spec.allow ?? [],
        idempotent: spec.idempotent ?? false,
        input: spec.input,
        output: spec.output,
      })),
    );
  }

  async call(name: string, input: unknown, options?: CallOptions & { provider?: string }): Promise<unknown> {
    const { contract, method } = this.#find(name);
    return this.invoke(this.routing.named(contract, options?.provider), method, input, options);
  }

  /** A call that came from another node, answered by a provider of this one. Throws METHOD_UNKNOWN. */
  callHere(
    contract: string,
    method: string,
    provider: string | undefined,
    input: unknown,
    options: IncomingOptions,
  ): Promise<unknown> {
    try {
      const entry = this.#find(`${contract}.${method}`);
      return this.invoke(this.routing.named(entry.contract, provider, true), method, input, options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  authorize(name: string, principal: Principal): void {
    const { contract, method } = this.#find(name);
    const allow = contract.methods[method]?.allow ?? [];
    if (principal.kind === 'system' || allow.includes('public')) return;
    if (allow.some((role) => principal.roles.includes(role))) return;
    throw accessDenied(name, principal.name, allow);
  }

  /** Names of those that provide the contract, active ones first, then in the order of installation. */
  providers(contract: AnyContract | string): string[] {
    const id = typeof contract === 'string' ? contract : contract.id;
    const found = this.all().filter((p) => p.offers.some((offer) => offer.contract === id));
    const names = [...found.filter((p) => p.serving), ...found.filter((p) => !p.serving)].map((p) => p.name);
    return [...new Set(names)];
  }

  #find(name: string): Entry {
    const { methods } = this.#current();
    const found = methods.get(name);
    if (found === undefined) throw methodUnknown(name, nearestName(name, [...methods.keys()]));
    return found;
  }

  /** The directory of the components that are there now; made anew only when one came, went, was replaced or began or ceased to serve. */
  #current(): Known {
    const revision = this.revision();
    if (this.#known === undefined || this.#known.revision !== revision || this.#known.elsewhere !== this.#elsewhere) {
      this.#known = directoryOf(revision, this.registrations(), this.#elsewhere);
    }
    return this.#known;
  }
}

/** One contract for each id: that of a provider that serves, before one that does not, before one that is only known. */
function directoryOf(revision: number, all: readonly Registration[], elsewhere: readonly RemoteContract[]): Known {
  const contracts = new Map<string, RemoteContract>();
  for (const registration of [...all.filter((r) => r.serving), ...all]) {
    for (const [, contract] of contractsOf(registration.component.provides)) {
      if (contract.kind === 'remote' && !contracts.has(contract.id)) contracts.set(contract.id, contract);
    }
  }
  // The one told last is the newest.
  for (const contract of elsewhere.toReversed()) if (!contracts.has(contract.id)) contracts.set(contract.id, contract);
  const methods = new Map<string, Entry>();
  for (const contract of contracts.values()) {
    for (const method of Object.keys(contract.methods)) methods.set(`${contract.id}.${method}`, { contract, method });
  }
  return { revision, elsewhere, contracts: [...contracts.values()], methods };
}
