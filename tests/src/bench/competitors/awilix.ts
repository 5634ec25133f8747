import { loadPeer } from '../peers.js';
import { type Addition, addition, type Competitor, type Part } from './competitor.js';

/** What is used of it. */
interface Container {
  register(name: string, resolver: unknown): unknown;
  resolve(name: string): unknown;
}
type Cradle = Record<string, Addition | undefined>;
interface Awilix {
  createContainer(options: object): Container;
  asFunction(make: (cradle: Cradle) => Addition): { singleton(): unknown };
}

/** Wires once, synchronously; has no life cycle and puts nothing between caller and instance. */
export const awilix: Competitor = {
  async call() {
    const adder = container([{ name: 'adder', needs: [] }]).resolve('adder') as Addition;
    return () => adder.add(1, 2);
  },
  async boot(graph) {
    const filled = container(graph);
    return graph.filter(({ name }) => filled.resolve(name) !== undefined).length;
  },
  async components(count) {
    const parts = Array.from({ length: count }, (_, each) => ({ name: `part-${each}`, needs: [] }));
    const filled = container(parts);
    for (const { name } of parts) filled.resolve(name);
    return filled;
  },
};

function container(graph: readonly Part[]): Container {
  const { asFunction, createContainer } = loadPeer<Awilix>('awilix');
  const made = createContainer({ injectionMode: 'PROXY', strict: true });
  for (const { name, needs } of graph) {
    const make = (cradle: Cradle): Addition => {
      if (needs.map((each) => cradle[each]).includes(undefined))
        throw new Error(`'${name}' began without what it needs`);
      return { add: (a, b) => addition.add(a, b) };
    };
    made.register(name, asFunction(make).singleton());
  }
  return made;
}
