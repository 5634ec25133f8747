import { createServiceManager, type ServiceManager } from '@caruso/service-manager';
import {
  type AnyContract,
  defineComponent,
  defineContract,
  defineLocalContract,
  type LocalContract,
  type Need,
  need,
} from '@caruso/service-manager/contract';
import { z } from 'zod';
import { type Addition, addition, type ClientMethods, type Competitor, clientMethods } from './competitor.js';

const Adder = defineLocalContract<Addition>()({ id: 'adder', version: '1.0.0', methods: ['add'] });
export const CheckedAdder = defineContract({
  id: 'checked-adder',
  version: '1.0.0',
  methods: {
    add: {
      summary: 'The sum of two numbers',
      input: z.object({ a: z.number(), b: z.number() }),
      output: z.number(),
      idempotent: true,
    },
  },
});

const nothing = z.object({});

export const checkedAdder = defineComponent({
  provides: CheckedAdder,
  version: '1.0.0',
  needs: {},
  config: nothing,
  create: () => ({ handlers: { add: ({ a, b }) => addition.add(a, b) } }),
});

export const caruso: Competitor = {
  async call() {
    const manager = createServiceManager();
    manager.install('adder', component(Adder, {}, addition));
    await manager.start();
    const client = manager.use(Adder, '^1.0');
    return () => client.add(1, 2);
  },
  async checked() {
    const manager = createServiceManager();
    manager.install('checked-adder', checkedAdder);
    await manager.start();
    const client = manager.use(CheckedAdder, '^1.0');
    return () => client.add({ a: 1, b: 2 });
  },
  async boot(graph) {
    const manager = createServiceManager();
    const contracts = new Map(graph.map(({ name }) => [name, contractOf(name)]));
    for (const { name, needs } of graph) {
      const wanted = needs.map((each) => [each, need(contracts.get(each) ?? contractOf(each), '^1.0')] as const);
      manager.install(name, component(contracts.get(name) ?? contractOf(name), Object.fromEntries(wanted), addition));
    }
    await manager.start();
    return active(manager);
  },
  async components(count) {
    const manager = createServiceManager();
    for (let each = 0; each < count; each += 1) {
      const { add } = addition;
      manager.install(`part-${each}`, component(contractOf(`part-${each}`), {}, { add: (a, b) => add(a, b) }));
    }
    await manager.start();
    if (active(manager) !== count) throw new Error('not all components are active');
    return manager;
  },
  async clients(count) {
    const manager = createServiceManager();
    await manager.start();
    const contracts = Array.from({ length: count }, (_, each) =>
      defineLocalContract<ClientMethods>()({ id: `held-${each}`, version: '1.0.0', methods: clientMethods }),
    );
    return () => contracts.map((contract) => manager.use(contract, '^1.0'));
  },
};

function contractOf(id: string): LocalContract<Addition> {
  return defineLocalContract<Addition>()({ id, version: '1.0.0', methods: ['add'] });
}

function component(provides: LocalContract<Addition>, needs: Record<string, Need<AnyContract>>, handlers: Addition) {
  return defineComponent({ provides, version: '1.0.0', needs, config: nothing, create: () => ({ handlers }) });
}

/** Without the service manager's own. */
function active(manager: ServiceManager): number {
  return manager.services.tree().filter(({ name, state }) => name !== 'services' && state === 'active').length;
}
