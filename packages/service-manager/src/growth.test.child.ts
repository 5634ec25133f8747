import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { type AnyComponent, defineComponent, need } from './component-definition.js';
import { defineContract } from './contract-definition.js';
import { createServiceManager } from './service-manager.js';
import { VirtualClock } from './virtual-clock.js';

/** Replaces a component and the ones that need it 500 times, and tells what the process holds after each hundred. */
const Erp = defineContract({
  id: 'erp',
  version: '1.0.0',
  methods: { stock: { summary: 'Pieces', input: z.object({}), output: z.object({ generation: z.number() }) } },
});
const Shop = defineContract({
  id: 'shop',
  version: '1.0.0',
  methods: { offer: { summary: 'Offers', input: z.object({}), output: z.object({ generation: z.number() }) } },
});

let made = 0;
let notified = 0;

/** Each is an object of its own, as a file that was saved anew is; it opens something of every kind, and holds 200 kB. */
function erp(): AnyComponent {
  return defineComponent({
    provides: Erp,
    version: `1.0.${made % 100}`,
    needs: {},
    config: z.object({}),
    create({ clock, services, effect }) {
      const generation = ++made;
      const stock = Array.from({ length: 25_000 }, (_, index) => index + generation);
      effect(
        'beat',
        clock.every(1000, () => stock[0]),
      );
      effect(
        'tree',
        services.onChange(() => {
          notified++;
        }),
      );
      effect(
        'calls',
        services.observe(() => undefined),
      );
      const listener = (): unknown => stock[0];
      process.on('SIGUSR2', listener);
      effect('listener', () => void process.off('SIGUSR2', listener));
      return { handlers: { stock: () => ({ generation: (stock[0] ?? 0) && generation }) } };
    },
  });
}

const shop = defineComponent({
  provides: Shop,
  version: '1.0.0',
  needs: { erp: need(Erp, '^1.0', { onReplace: 'restart' }) },
  config: z.object({}),
  create: ({ needs }) => ({ handlers: { offer: () => needs.erp.stock({}) } }),
});

const clock = new VirtualClock();
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const manager = createServiceManager({ clock, log: quiet, leaks: 'all' });
manager.install('erp', erp());
manager.install('shop', shop);
await manager.start();
const held = manager.use(Shop, '^1.0');

for (let hundred = 0; hundred <= 5; hundred++) {
  const rounds = hundred === 0 ? 0 : 100;
  for (let n = 0; n < rounds; n++) {
    const calls = [held.offer({}), manager.services.call('erp.stock', {}, { timeout: 5_000 })];
    await manager.replace('erp', erp(), {}, { probationMs: 10 });
    await Promise.all(calls);
    // Past the probation, and past the look at what the former generation left open.
    await clock.advance(6_000);
  }
  await manager.settled();
  notified = 0;
  await manager.restart('shop');
  await clock.advance(120_000);
  for (let n = 0; n < 5; n++) {
    globalThis.gc?.();
    await setImmediate();
  }
  process.send?.({
    generation: (await held.offer({})).generation,
    heap: process.memoryUsage().heapUsed,
    listeners: process.listenerCount('SIGUSR2') + process.listenerCount('newListener'),
    notified,
    timers: clock.pending,
    resources: process.getActiveResourcesInfo().length,
    leaks: manager.services.tree().flatMap((node) => node.leaks ?? []),
  });
}
await manager.stop();
process.exit(0);
