import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AnyComponent, defineComponent, type Log, need } from './component-definition.js';
import { defineContract, defineLocalContract } from './contract-definition.js';
import { createServiceManager, type ServiceManager } from './service-manager.js';
import { VirtualClock } from './virtual-clock.js';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

const billing = (version: string) =>
  defineContract({
    id: 'billing',
    version,
    methods: { balance: { summary: 'Balance', input: z.object({ wait: z.number() }), output: z.string() } },
  });
const Billing = billing('1.2.0');
const Desk = defineContract({ id: 'desk', version: '1.0.0', methods: {} });

interface Options {
  version?: string;
  contract?: ReturnType<typeof billing>;
  log?: string[];
  health?: () => string | undefined;
  started?: (name: string) => void;
  create?: () => void;
}

/** Answers with its version after `wait` ms; notes calls that reach it after its disposal began. */
function component(options: Options = {}): AnyComponent {
  const { version = '1.0.0', log = [] } = options;
  return defineComponent({
    provides: options.contract ?? Billing,
    version,
    needs: {},
    config: z.strictObject({ url: z.url().optional() }),
    create: ({ clock, effect }) => {
      options.create?.();
      let disposing = false;
      effect('first', () => void log.push(`${version} closes first`));
      effect('last', () => {
        disposing = true;
        log.push(`${version} closes last`);
      });
      return {
        handlers: {
          balance: async ({ wait }) => {
            if (disposing) log.push(`${version} called after its disposal`);
            if (wait > 0) await new Promise<void>((resolve) => clock.after(wait, resolve));
            if (disposing) log.push(`${version} disposed under a call`);
            return version;
          },
        },
        ...(options.health === undefined ? {} : { health: options.health }),
        started: () => {
          options.started?.(version);
          log.push(`${version} started`);
        },
      };
    },
  });
}

async function serving(log: string[] = []): Promise<{ manager: ServiceManager; clock: VirtualClock; log: string[] }> {
  const clock = new VirtualClock();
  const manager = createServiceManager({ clock, log: quiet });
  manager.install('billing', component({ log }));
  const desk = defineComponent({
    provides: Desk,
    version: '1.0.0',
    needs: { billing: need(Billing, '^1.0') },
    config: z.strictObject({}),
    create: ({ effect }) => {
      effect('desk', () => void log.push('desk closed'));
      return { handlers: {} };
    },
  });
  manager.install('desk', desk);
  await manager.start();
  log.length = 0;
  return { manager, clock, log };
}

const nodeOf = (manager: ServiceManager, name = 'billing') => manager.inspect().services.find((s) => s.name === name);

describe('replacing a component at run time', () => {
  it('sends the next call to the new generation, keeps dependents running and closes the old one last in first out', async () => {
    const { manager, log } = await serving();
    const report = await manager.replace('billing', component({ version: '1.1.0', log }));
    expect(report).toMatchObject({
      name: 'billing',
      from: '1.0.0',
      to: '1.1.0',
      generation: 2,
      complete: true,
      state: 'active',
    });
    expect(await manager.use(Billing, '^1.0').balance({ wait: 0 })).toBe('1.1.0');
    expect(log).toEqual(['1.0.0 closes last', '1.0.0 closes first', '1.1.0 started']);
    expect(nodeOf(manager, 'desk')).toMatchObject({ state: 'active', generation: 1 });
    expect(nodeOf(manager)?.replacements).toMatchObject([{ from: '1.0.0', to: '1.1.0', outcome: 'replaced' }]);
  });

  it('lets calls in flight finish on the old generation before it is disposed', async () => {
    const { manager, clock, log } = await serving();
    const client = manager.use(Billing, '^1.0');
    const before = client.balance({ wait: 3_000 });
    const replaced = manager.replace('billing', component({ version: '1.1.0', log }));
    await clock.advance(0);
    expect(await client.balance({ wait: 0 })).toBe('1.1.0');
    expect(nodeOf(manager)?.reason).toBe('generation 1 finishes its calls');
    expect(log).toEqual([]);
    await clock.advance(3_000);
    expect(await before).toBe('1.0.0');
    expect(await replaced).toMatchObject({ drained: 1, abandoned: 0 });
    expect(log).toEqual(['1.0.0 closes last', '1.0.0 closes first', '1.1.0 started']);
    expect(nodeOf(manager)?.reason).toBeUndefined();
  });

  it('abandons what is stuck at the deadline, with an error for its caller', async () => {
    const { manager, clock, log } = await serving();
    const stuck = manager.use(Billing, '^1.0').balance({ wait: 60_000 });
    const outcome = stuck.catch((error: unknown) => error);
    const replaced = manager.replace('billing', component({ version: '1.1.0', log }), {}, { drainMs: 500 });
    await clock.advance(0);
    await clock.advance(500);
    expect(await outcome).toMatchObject({
      code: 'CALL_ABANDONED',
      message: "billing.balance was still running when generation 1 of 'billing' had to go",
    });
    expect(await replaced).toMatchObject({ drained: 0, abandoned: 1 });
    expect(nodeOf(manager)).toMatchObject({ calls: { failed: 1, inFlight: 0 } });
    expect(nodeOf(manager)?.replacements[0]?.outcome).toBe('replaced; 1 calls abandoned');
  });

  it('refuses, naming them, when the range of a consumer would break', async () => {
    const { manager } = await serving();
    await expect(
      manager.replace('billing', component({ contract: billing('2.0.0'), version: '2.0.0' })),
    ).rejects.toMatchObject({
      code: 'REPLACEMENT_REFUSED',
      message: "'billing' was not replaced: 'desk' needs billing ^1.0, 'billing' offers 2.0.0",
    });
    expect(await manager.use(Billing, '^1.0').balance({ wait: 0 })).toBe('1.0.0');
    expect(nodeOf(manager)).toMatchObject({ version: '1.0.0', generation: 1 });
  });

  it('lets two versions serve side by side, each to those in whose range it is, and neither leave those that need it', async () => {
    const clock = new VirtualClock();
    const manager = createServiceManager({ clock, log: quiet });
    const asks = (range: string) =>
      defineComponent({
        provides: defineContract({
          id: `asks-${range.slice(1, 2)}`,
          version: '1.0.0',
          methods: { ask: { summary: 'Asks', input: z.object({}), output: z.string() } },
        }),
        version: '1.0.0',
        needs: { billing: need(Billing, range) },
        config: z.strictObject({}),
        create: ({ needs }) => ({ handlers: { ask: () => needs.billing.balance({ wait: 0 }) } }),
      });
    manager.install('one', component({ contract: billing('1.4.0'), version: '1.4.0' }));
    manager.install('two', component({ contract: billing('2.1.0'), version: '2.1.0' }));
    manager.install('old-desk', asks('^1.0'));
    manager.install('new-desk', asks('^2.0'));
    await manager.start();
    const ask = async (which: string) => manager.services.call(`asks-${which}.ask`, {});
    expect([await ask('1'), await ask('2')]).toEqual(['1.4.0', '2.1.0']);
    await manager.replace('two', component({ contract: billing('2.2.0'), version: '2.2.0' }));
    expect([await ask('1'), await ask('2')]).toEqual(['1.4.0', '2.2.0']);
    // The one consumer would lose its only provider, the other would gain nothing.
    await expect(
      manager.replace('one', component({ contract: billing('2.3.0'), version: '2.3.0' })),
    ).rejects.toMatchObject({
      code: 'REPLACEMENT_REFUSED',
      message: "'one' was not replaced: 'old-desk' needs billing ^1.0, 'two' offers 2.2.0, 'one' offers 2.3.0",
    });
    expect([await ask('1'), await ask('2')]).toEqual(['1.4.0', '2.2.0']);
  });

  it('refuses one whose own needs nobody meets', async () => {
    const { manager } = await serving();
    const needy = {
      ...component({ version: '1.1.0' }),
      needs: { fax: need(defineContract({ id: 'fax', version: '1.0.0', methods: {} }), '^1.0') },
    };
    await expect(manager.replace('billing', needy)).rejects.toThrow(
      "the new 'billing' needs fax ^1.0, which nobody provides",
    );
  });

  it.each<[string, AnyComponent, unknown, string]>([
    [
      'a configuration that does not fit',
      component({ version: '1.1.0' }),
      { url: 'nowhere' },
      'COMPONENT_CONFIG_INVALID',
    ],
    [
      'a create that throws',
      component({
        version: '1.1.0',
        create: () => {
          throw new Error('no licence');
        },
      }),
      {},
      'REPLACEMENT_FAILED',
    ],
    [
      'a new one that is not healthy',
      component({ version: '1.1.0', health: () => 'database is down' }),
      {},
      'REPLACEMENT_FAILED',
    ],
    ['what is not a component', { version: '1.1.0' } as never, {}, 'COMPONENT_INVALID'],
  ])('leaves the old one serving after %s', async (_what, next, config, code) => {
    const { manager, log } = await serving();
    await expect(manager.replace('billing', next, config)).rejects.toMatchObject({ code });
    expect(await manager.use(Billing, '^1.0').balance({ wait: 0 })).toBe('1.0.0');
    expect(nodeOf(manager)).toMatchObject({ state: 'active', version: '1.0.0', generation: 1 });
    expect(nodeOf(manager)?.replacements).toHaveLength(1);
    expect(log).toEqual([]);
  });

  it('brings the former component back when the new one cannot begin', async () => {
    const { manager, log } = await serving();
    const next = component({
      version: '1.1.0',
      log,
      started: () => {
        throw new Error('port 2525 is taken');
      },
    });
    await expect(manager.replace('billing', next)).rejects.toMatchObject({
      code: 'REPLACEMENT_FAILED',
      message: "'billing' was not replaced, generation 3 of it serves on: port 2525 is taken",
    });
    expect(await manager.use(Billing, '^1.0').balance({ wait: 0 })).toBe('1.0.0');
    expect(nodeOf(manager)).toMatchObject({ state: 'active', version: '1.0.0', generation: 3 });
    expect(log).toEqual([
      '1.0.0 closes last',
      '1.0.0 closes first',
      '1.1.0 closes last',
      '1.1.0 closes first',
      '1.0.0 started',
    ]);
  });

  it('serialises two replacements asked for at once; the last one serves', async () => {
    const { manager } = await serving();
    const [a, b] = await Promise.all([
      manager.replace('billing', component({ version: '1.1.0' })),
      manager.replace('billing', component({ version: '1.2.0' })),
    ]);
    expect([a.from, a.to, b.from, b.to]).toEqual(['1.0.0', '1.1.0', '1.1.0', '1.2.0']);
    expect(await manager.use(Billing, '^1.0').balance({ wait: 0 })).toBe('1.2.0');
  });

  it('fails at once when a component replaces or removes itself in the middle of a call', async () => {
    const { manager, log } = await serving();
    const selfish = defineComponent({
      provides: Billing,
      version: '1.1.0',
      needs: {},
      config: z.strictObject({}),
      create: ({ services }) => ({
        handlers: {
          balance: async ({ wait }) => {
            // Through itself once more, so that the call that asks is not the one directly in flight.
            if (wait > 1) return String(await services.call('billing.balance', { wait: 1 }));
            if (wait === 1) await manager.replace('billing', component({ version: '1.2.0' }));
            else await manager.uninstall('billing');
            return 'mine';
          },
        },
      }),
    });
    await manager.replace('billing', selfish);
    log.length = 0;
    for (const wait of [2, 0]) {
      await expect(manager.use(Billing, '^1.0').balance({ wait })).rejects.toMatchObject({
        code: 'REPLACEMENT_FROM_WITHIN',
        message:
          "billing.balance of 'billing' asks for the replacement or removal of 'billing', which would wait for this very call",
      });
    }
    expect(nodeOf(manager)).toMatchObject({ version: '1.1.0', state: 'active', generation: 2 });
  });

  it('does not deadlock when it is a local contract that replaces itself', async () => {
    const clock = new VirtualClock();
    const manager = createServiceManager({ clock, log: quiet });
    const Counter = defineLocalContract<{ reload(): Promise<boolean> }>()({
      id: 'counter',
      version: '1.0.0',
      methods: ['reload'],
    });
    const counter: AnyComponent = defineComponent({
      provides: Counter,
      version: '1.0.0',
      needs: {},
      config: z.strictObject({}),
      create: () => ({ handlers: { reload: async () => (await manager.replace('counter', counter)).complete } }),
    });
    manager.install('counter', counter);
    await manager.start();
    expect(await manager.use(Counter, '^1.0').reload()).toBe(false);
    await manager.settled();
    expect(nodeOf(manager, 'counter')).toMatchObject({ generation: 2, state: 'active' });
  });

  it('takes a new component for one that waits, and says that it still does', async () => {
    const manager = createServiceManager({ clock: new VirtualClock(), log: quiet });
    const needy = { ...component(), needs: { desk: need(Desk, '^1.0') } };
    manager.install('billing', needy);
    await manager.start();
    expect(await manager.replace('billing', { ...needy, version: '1.1.0' })).toMatchObject({
      state: 'unsatisfied',
      reason: "'billing' needs desk ^1.0, which nobody provides",
    });
    expect(await manager.replace('billing', component({ version: '1.2.0' }))).toMatchObject({ state: 'active' });
  });

  it('refuses to replace what is being uninstalled', async () => {
    const { manager, clock } = await serving();
    const call = manager.use(Billing, '^1.0').balance({ wait: 1_000 });
    const gone = manager.uninstall('billing');
    const refused = manager.replace('billing', component()).catch((error: unknown) => error);
    await clock.advance(0);
    await clock.advance(1_000);
    expect(await call).toBe('1.0.0');
    await gone;
    expect(await refused).toMatchObject({ code: 'REPLACEMENT_REFUSED' });
    await expect(manager.replace('biling', component())).rejects.toMatchObject({ code: 'COMPONENT_UNKNOWN' });
  });

  it('loses, doubles and fails no call over 100 replacements under continuous calls', async () => {
    const log: string[] = [];
    const { manager, clock } = await serving(log);
    const client = manager.use(Billing, '^1.0');
    const answers: string[] = [];
    let made = 0;
    const on = { calls: true, time: true };
    const callers = Array.from({ length: 8 }, async (_, caller) => {
      for (let i = 0; on.calls; i++) {
        made++;
        answers.push(await client.balance({ wait: ((caller + i) % 4) * 5 }));
      }
    });
    const time = (async () => {
      while (on.time) await clock.advance(1);
    })();
    for (let i = 1; i <= 100; i++) {
      const version = `1.0.${i}`;
      const report = await manager.replace('billing', component({ version, log }));
      expect(report.abandoned).toBe(0);
      expect(await client.balance({ wait: 0 })).toBe(version);
      made++;
      answers.push(version);
    }
    on.calls = false;
    await Promise.all(callers);
    on.time = false;
    await time;
    expect(answers).toHaveLength(made);
    expect(new Set(answers).size).toBe(101);
    expect(log.filter((line) => line.includes('call'))).toEqual([]);
    expect(nodeOf(manager)).toMatchObject({ generation: 101, calls: { total: made, failed: 0, inFlight: 0 } });
    expect(nodeOf(manager)?.replacements).toHaveLength(20);
    await manager.stop();
    expect(clock.pending).toBe(0);
  });
});
