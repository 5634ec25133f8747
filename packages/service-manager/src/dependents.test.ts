import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AnyComponent, defineComponent, type Log, need, type OnReplace } from './component-definition.js';
import { defineContract } from './contract-definition.js';
import { restartOrder } from './restart-order.js';
import { createServiceManager } from './service-manager.js';
import { VirtualClock } from './virtual-clock.js';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
const contract = (id: string) =>
  defineContract({
    id,
    version: '1.0.0',
    methods: { ask: { summary: 'Asks', input: z.object({}), output: z.string(), idempotent: true } },
  });

/** A house of components by name, each with what it needs and what it does when that is replaced. */
async function house(plan: Record<string, Record<string, OnReplace>>) {
  const made: string[] = [];
  const broken = new Set<string>();
  const component = (name: string, version = '1.0.0'): AnyComponent =>
    defineComponent({
      provides: contract(name),
      version,
      needs: Object.fromEntries(
        Object.entries(plan[name] ?? {}).map(([on, onReplace]) => [on, need(contract(on), '^1.0', { onReplace })]),
      ),
      config: z.strictObject({}),
      create: () => {
        if (broken.has(name)) throw new Error('no licence');
        made.push(name);
        return { handlers: { ask: () => version } };
      },
    });
  const manager = createServiceManager({ clock: new VirtualClock(), log: quiet });
  for (const name of Object.keys(plan)) manager.install(name, component(name));
  await manager.start();
  made.length = 0;
  return { manager, made, broken, component };
}

describe('those that need what was replaced', () => {
  it('are restarted when they ask for it, once each and after what they need themselves', async () => {
    const { manager, made, component } = await house({
      storage: {},
      // Both ways from storage to the desk lead over restarts; it is restarted once.
      desk: { model: 'restart', search: 'restart', storage: 'restart' },
      search: { model: 'restart' },
      model: { storage: 'restart' },
      policies: { storage: 'rebind', model: 'rebind' },
    });
    const client = manager.use(contract('storage'), '^1.0');
    const report = await manager.replace('storage', component('storage', '1.1.0'));
    expect(report.restarted).toEqual([{ name: 'model' }, { name: 'search' }, { name: 'desk' }]);
    expect(made).toEqual(['storage', 'model', 'search', 'desk']);
    expect(await client.ask({})).toBe('1.1.0');
    const generations = manager.services.tree().map(({ name, generation }) => [name, generation]);
    expect(Object.fromEntries(generations)).toMatchObject({ storage: 2, model: 2, search: 2, desk: 2, policies: 1 });
    expect(manager.services.tree().find(({ name }) => name === 'desk')?.replacements).toMatchObject([
      { from: '1.0.0', to: '1.0.0', outcome: "restarted with 'storage'" },
    ]);
  });

  it('serve on as they are when their restart fails, and the report says so', async () => {
    const { manager, broken, component } = await house({ storage: {}, model: { storage: 'restart' } });
    broken.add('model');
    const report = await manager.replace('storage', component('storage', '1.1.0'));
    expect(report.restarted).toEqual([{ name: 'model', error: expect.stringContaining('no licence') }]);
    expect(manager.services.tree().find(({ name }) => name === 'model')).toMatchObject({
      state: 'active',
      generation: 1,
    });
  });
});

describe('the order of restarts', () => {
  const anyUses = fc.array(
    fc.record({
      consumer: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      provider: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      restart: fc.boolean(),
    }),
    { maxLength: 20 },
  );

  it('has each once, and each after all it uses where that can be', () => {
    fc.assert(
      fc.property(anyUses, (uses) => {
        // Without circles: only towards letters further on.
        const acyclic = uses.filter((use) => use.consumer > use.provider);
        const order = restartOrder('a', acyclic);
        expect(new Set(order).size).toBe(order.length);
        expect(order).not.toContain('a');
        for (const { consumer, provider } of acyclic) {
          if (!order.includes(consumer) || !order.includes(provider)) continue;
          expect(order.indexOf(consumer)).toBeGreaterThan(order.indexOf(provider));
        }
      }),
    );
  });

  it('ends also where needs go round in a circle', () => {
    fc.assert(
      fc.property(anyUses, (uses) => {
        const order = restartOrder('a', uses);
        expect(new Set(order).size).toBe(order.length);
      }),
    );
  });
});
