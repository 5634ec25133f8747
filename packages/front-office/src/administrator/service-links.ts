import type { ServiceNode } from '@caruso/service-manager/contract';

/** One name may run on several nodes. */
export function idOf({ name, node }: Pick<ServiceNode, 'name' | 'node'>): string {
  return node === undefined ? name : `${name}@${node}`;
}

/** Those that need a component, directly. */
export function dependentsOf(services: readonly ServiceNode[], name: string): string[] {
  return services.filter(({ needs }) => needs.some(({ provider }) => provider === name)).map(idOf);
}
