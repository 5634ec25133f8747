import type { AnyComponent, AnyContract, MethodDescription, RemoteContract } from '@caruso/service-manager/contract';
import { ServiceManagement } from '@caruso/service-manager/contract';

/** The methods of components that need not run: what the configuration can call. */
export function methodsOf(components: readonly AnyComponent[]): MethodDescription[] {
  const contracts = new Map<string, RemoteContract>([[ServiceManagement.id, ServiceManagement]]);
  for (const component of components) {
    for (const contract of contractsOf(component)) if (contract.kind === 'remote') contracts.set(contract.id, contract);
  }
  return [...contracts.values()].flatMap(describe);
}

/** What a component provides, whether it is one contract or several. */
export function contractsOf(component: AnyComponent): AnyContract[] {
  const offered = component.provides as AnyContract | Record<string, AnyContract>;
  return isContract(offered) ? [offered] : Object.values(offered);
}

function isContract(offered: object): offered is AnyContract {
  return 'kind' in offered && 'id' in offered && typeof offered.id === 'string';
}

function describe(contract: RemoteContract): MethodDescription[] {
  return Object.entries(contract.methods).map(([method, each]) => ({
    contract: contract.id,
    version: contract.version,
    method,
    summary: each.summary,
    allow: each.allow ?? [],
    idempotent: each.idempotent ?? false,
    input: each.input,
    output: each.output,
  }));
}
