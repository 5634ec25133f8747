import { loadPeer } from '../peers.js';
import { type Addition, addition, type Competitor } from './competitor.js';

/** What is used of it. */
interface Context {
  [service: string]: unknown;
  plugin(plugin: { name: string; inject: readonly string[]; apply(context: Context): void }): unknown;
  provide(name: string): void;
  set(name: string, value: unknown): unknown;
  start(): Promise<void>;
}

export const cordis: Competitor = {
  async call() {
    const { context, offer } = root();
    offer('adder', []);
    const held = await new Promise<Context>((resolve) => {
      context.plugin({ name: 'caller', inject: ['adder'], apply: resolve });
    });
    await context.start();
    return () => (held['adder'] as Addition).add(1, 2);
  },
  async boot(graph) {
    const { context, offer, offered } = root();
    for (const { name, needs } of graph) offer(name, needs);
    await context.start();
    return offered();
  },
  async components(count) {
    const { context, offer } = root();
    for (let each = 0; each < count; each += 1) offer(`part-${each}`, []);
    await context.start();
    return context;
  },
};

function root() {
  const { Context: Root } = loadPeer<{ Context: new () => Context }>('cordis');
  const context = new Root();
  let offered = 0;
  const offer = (name: string, inject: readonly string[]) =>
    context.plugin({
      name,
      inject,
      apply(own) {
        const needed = inject.map((each) => own[each] as Addition);
        if (needed.includes(undefined as never)) throw new Error(`'${name}' began without what it needs`);
        own.provide(name);
        own.set(name, { add: (a: number, b: number) => addition.add(a, b) });
        offered += 1;
      },
    });
  return { context, offer, offered: () => offered };
}
