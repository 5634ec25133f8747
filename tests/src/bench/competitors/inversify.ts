import { loadPeer } from '../peers.js';
import { type Addition, addition, type Competitor, type Part } from './competitor.js';

/** What is used of it. */
interface Container {
  bind(name: string): {
    toResolvedValue(
      make: (...needed: Addition[]) => Addition,
      needs: readonly string[],
    ): { inSingletonScope(): unknown };
  };
  getAsync(name: string): Promise<unknown>;
}

/** Wires once; has no life cycle of services and puts nothing between caller and instance. */
export const inversify: Competitor = {
  async call() {
    const adder = (await container([{ name: 'adder', needs: [] }]).getAsync('adder')) as Addition;
    return () => adder.add(1, 2);
  },
  async boot(graph) {
    const filled = container(graph);
    const made = await Promise.all(graph.map(({ name }) => filled.getAsync(name)));
    return made.length;
  },
  async components(count) {
    const parts = Array.from({ length: count }, (_, each) => ({ name: `part-${each}`, needs: [] }));
    const filled = container(parts);
    for (const { name } of parts) await filled.getAsync(name);
    return filled;
  },
};

function container(graph: readonly Part[]): Container {
  loadPeer('reflect-metadata');
  const { Container: Made } = loadPeer<{ Container: new () => Container }>('inversify');
  const made = new Made();
  for (const { name, needs } of graph) {
    const make = (...needed: Addition[]): Addition => {
      if (needed.length !== needs.length) throw new Error(`'${name}' began without what it needs`);
      return { add: (a, b) => addition.add(a, b) };
    };
    made
      .bind(name)
      .toResolvedValue(make, [...needs])
      .inSingletonScope();
  }
  return made;
}
