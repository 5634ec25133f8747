import type { Principal } from './call.js';
import type { RemoteInvoke } from './client.js';
import type { AnyContract, CallOptions, RemoteContract } from './contract-definition.js';
import { accessDenied, methodUnknown } from './errors.js';
import { contractsOf } from './generation.js';
import { nearestName } from './nearest-name.js';
import type { Registration } from './registration.js';
import type { Routing } from './routing.js';
import type { MethodDescription } from './services.js';

/** The methods of all remote contracts by name, for calls whose method is known only at run time. */
export class MethodDirectory {
  constructor(
    private readonly registrations: () => Registration[],
    private readonly routing: Routing,
    private readonly invoke: RemoteInvoke,
  ) {}

  list(): MethodDescription[] {
    return this.#contracts().flatMap((contract) =>
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
    const found = this.registrations().filter((r) => r.offers.some((offer) => offer.contract === id));
    return [...found.filter((r) => r.serving), ...found.filter((r) => !r.serving)].map((r) => r.name);
  }

  #find(name: string): { contract: RemoteContract; method: string } {
    const dot = name.lastIndexOf('.');
    const id = name.slice(0, Math.max(dot, 0));
    const method = name.slice(dot + 1);
    const contracts = this.#contracts();
    const contract = contracts.find((c) => c.id === id);
    if (contract !== undefined && Object.hasOwn(contract.methods, method)) return { contract, method };
    const known = contracts.flatMap((c) => Object.keys(c.methods).map((m) => `${c.id}.${m}`));
    throw methodUnknown(name, nearestName(name, known));
  }

  /** One for each id: that of a provider that serves, before one that does not. */
  #contracts(): RemoteContract[] {
    const found = new Map<string, RemoteContract>();
    const all = this.registrations();
    for (const registration of [...all.filter((r) => r.serving), ...all]) {
      for (const [, contract] of contractsOf(registration.component.provides)) {
        if (contract.kind === 'remote' && !found.has(contract.id)) found.set(contract.id, contract);
      }
    }
    return [...found.values()];
  }
}
