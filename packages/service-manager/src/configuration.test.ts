import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AnyComponent, defineComponent, type Log } from './component-definition.js';
import { defineContract } from './contract-definition.js';
import { createServiceManager } from './service-manager.js';
import { VirtualClock } from './virtual-clock.js';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
const Greeter = defineContract({
  id: 'greeter',
  version: '1.0.0',
  methods: { greet: { summary: 'Greets', input: z.object({}), output: z.string(), idempotent: true } },
});

/** Greets with its word; takes another in place unless it is told to ask for a new generation. */
function greeter(inPlace: boolean): AnyComponent {
  return defineComponent({
    provides: Greeter,
    version: '1.0.0',
    needs: {},
    config: z.strictObject({ word: z.string().default('hello') }),
    create: ({ config }) => {
      let { word } = config;
      return {
        handlers: { greet: () => word },
        ...(inPlace
          ? {
              reconfigure: (next: { word: string }) => {
                if (next.word === 'bad') throw new Error('that is no greeting');
                if (next.word === 'anew') return 'replace' as const;
                ({ word } = next);
                return undefined;
              },
            }
          : {}),
      };
    },
  });
}

async function running(inPlace: boolean) {
  const manager = createServiceManager({ clock: new VirtualClock(), log: quiet });
  manager.install('greeter', greeter(inPlace), { word: 'hello' });
  await manager.start();
  const greet = () => manager.use(Greeter, '^1.0').greet({});
  return { manager, greet };
}

describe('a changed configuration', () => {
  it('is taken in place by a component that can, without a new generation', async () => {
    const { manager, greet } = await running(true);
    expect(await manager.configure('greeter', { word: 'moin' })).toMatchObject({ applied: 'in place', generation: 1 });
    expect(await greet()).toBe('moin');
    expect(manager.services.tree()[1]?.replacements).toMatchObject([{ outcome: 'configured in place' }]);
    // The next generation has it too.
    await manager.restart('greeter');
    expect(await greet()).toBe('moin');
  });

  it('makes a new generation where the component cannot, or asks for one', async () => {
    const { manager, greet } = await running(false);
    expect(await manager.configure('greeter', { word: 'moin' })).toMatchObject({ applied: 'replaced', generation: 2 });
    expect(await greet()).toBe('moin');
    const other = await running(true);
    expect(await other.manager.configure('greeter', { word: 'anew' })).toMatchObject({ applied: 'replaced' });
    expect(await other.greet()).toBe('anew');
  });

  it('changes nothing when it is the same, does not fit, or is not taken', async () => {
    const { manager, greet } = await running(true);
    expect(await manager.configure('greeter', { word: 'hello' })).toMatchObject({ applied: 'unchanged' });
    await expect(manager.configure('greeter', { wrod: 'x' })).rejects.toMatchObject({
      code: 'COMPONENT_CONFIG_INVALID',
    });
    await expect(manager.configure('greeter', { word: 'bad' })).rejects.toMatchObject({
      code: 'CONFIGURATION_FAILED',
      message: "'greeter' did not take its new configuration and goes on with the one before: that is no greeting",
    });
    expect(await greet()).toBe('hello');
    expect(manager.services.tree()[1]).toMatchObject({ generation: 1, state: 'active' });
  });

  it('can be rolled back', async () => {
    const { manager, greet } = await running(true);
    await manager.configure('greeter', { word: 'moin' });
    await manager.rollBack('greeter');
    expect(await greet()).toBe('hello');
  });
});
