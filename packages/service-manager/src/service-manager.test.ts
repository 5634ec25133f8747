import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AnyComponent, defineComponent, type Log, need } from './component-definition.js';
import { type AnyContract, defineContract, defineLocalContract } from './contract-definition.js';
import { createServiceManager, type ServiceManager } from './service-manager.js';
import { ServiceManagement, type ServiceNode } from './services.js';
import { VirtualClock } from './virtual-clock.js';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

interface Store {
  read(key: string): string;
  write(key: string): Promise<void>;
}
const storage = (version: string) =>
  defineLocalContract<Store>()({ id: 'storage', version, methods: ['read', 'write'] });
const Storage = storage('2.1.0');
const Billing = defineContract({
  id: 'billing',
  version: '1.0.0',
  methods: { balance: { summary: 'Balance', input: z.object({ customerNo: z.string() }), output: z.string() } },
});

/** A component that does nothing but note when it opens and closes. */
function plain(
  provides: Record<string, AnyContract>,
  needs: AnyComponent['needs'] = {},
  log: string[] = [],
): AnyComponent {
  return defineComponent({
    provides,
    version: '1.0.0',
    needs,
    config: z.strictObject({}),
    create: ({ name, effect }) => {
      log.push(`open ${name}`);
      effect('note', () => void log.push(`close ${name}`));
      const handlers: Record<string, Record<string, () => string>> = {};
      for (const [key, contract] of Object.entries(provides)) {
        const methods = contract.kind === 'remote' ? Object.keys(contract.methods) : contract.methods;
        handlers[key] = Object.fromEntries(methods.map((method) => [method, () => `${name}.${method}`]));
      }
      return { handlers: handlers as never };
    },
  });
}

function make(): { manager: ServiceManager; clock: VirtualClock; node: (name: string) => ServiceNode } {
  const clock = new VirtualClock();
  const manager = createServiceManager({ clock, log: quiet });
  const node = (name: string): ServiceNode => {
    const found = manager.inspect().services.find((s) => s.name === name);
    if (found === undefined) throw new Error(`${name} is not in the tree`);
    return found;
  };
  return { manager, clock, node };
}

describe('needs', () => {
  it('says why a component waits: nobody provides, wrong version, not active', async () => {
    const { manager, node } = make();
    manager.install('erp', plain({}, { storage: need(Storage, '^2.0') }));
    await manager.start();
    expect(node('erp')).toMatchObject({
      state: 'unsatisfied',
      reason: "'erp' needs storage ^2.0, which nobody provides",
    });

    manager.install('main', plain({ storage: storage('1.4.0') }));
    await manager.settled();
    expect(node('erp').reason).toBe("'erp' needs storage ^2.0, 'main' offers 1.4.0");

    manager.install('second', plain({ storage: Storage }, { billing: need(Billing, '^1.0') }));
    await manager.settled();
    expect(node('erp').reason).toBe("'erp' needs storage ^2.0, 'second' offers 2.1.0 but is unsatisfied");

    manager.install('billing', plain({ billing: Billing }));
    await manager.settled();
    expect(node('erp')).toMatchObject({ state: 'active', needs: [{ name: 'storage', provider: 'second' }] });
  });

  it('starts without an optional one, whose calls fail clearly until it is there', async () => {
    const { manager } = make();
    const caller = defineComponent({
      provides: defineContract({
        id: 'caller',
        version: '1.0.0',
        methods: { ask: { summary: 'Asks', input: z.object({}), output: z.string() } },
      }),
      version: '1.0.0',
      needs: { billing: need(Billing, '^1.0', { optional: true }) },
      config: z.strictObject({}),
      create: ({ needs }) => ({ handlers: { ask: () => needs.billing.balance({ customerNo: 'C1' }) } }),
    });
    manager.install('caller', caller);
    await manager.start();
    await expect(manager.services.call('caller.ask', {})).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: "billing.balance cannot be called: 'caller' needs billing ^1.0, which nobody provides",
    });
    manager.install('billing', plain({ billing: Billing }));
    await manager.settled();
    expect(await manager.services.call('caller.ask', {})).toBe('billing.balance');
  });

  it('disposes dependents before their provider leaves, and brings them back with it', async () => {
    const { manager, node } = make();
    const log: string[] = [];
    manager.install('desk', plain({}, { billing: need(Billing, '^1.0') }, log));
    manager.install('billing', plain({ billing: Billing }, { storage: need(Storage, '^2.0') }, log));
    manager.install('main', plain({ storage: Storage }, {}, log));
    await manager.start();
    expect(log.splice(0)).toEqual(['open main', 'open billing', 'open desk']);
    await manager.uninstall('main');
    expect(log.splice(0)).toEqual(['close desk', 'close billing', 'close main']);
    expect(() => node('main')).toThrow('not in the tree');
    expect(node('billing')).toMatchObject({
      state: 'unsatisfied',
      reason: "'billing' needs storage ^2.0, which nobody provides",
    });
    expect(node('desk').state).toBe('unsatisfied');
    manager.install('main', plain({ storage: Storage }, {}, log));
    await manager.settled();
    expect(log).toEqual(['open main', 'open billing', 'open desk']);
    expect(node('desk').state).toBe('active');
  });

  it('lets a dependent go on with another provider', async () => {
    const { manager, node } = make();
    const log: string[] = [];
    manager.install('desk', plain({}, { storage: need(Storage, '^2.0') }, log));
    manager.install('first', plain({ storage: Storage }));
    manager.install('second', plain({ storage: Storage }));
    await manager.start();
    expect(node('desk').needs[0]?.provider).toBe('first');
    await manager.uninstall('first');
    expect(node('desk')).toMatchObject({ state: 'active', generation: 1, needs: [{ provider: 'second' }] });
    expect(log).toEqual(['open desk']);
  });

  it('selects by registration name, else the highest version, then the oldest', async () => {
    const { manager } = make();
    manager.install('old', plain({ storage: storage('2.0.0') }));
    manager.install('new', plain({ storage: storage('2.3.0') }));
    manager.install('also', plain({ storage: storage('2.3.0') }));
    manager.install('next', plain({ storage: storage('3.0.0') }));
    await manager.start();
    expect(manager.use(Storage, '^2.0').read('x')).toBe('new.read');
    expect(manager.use(Storage, '^2.0', { provider: 'old' }).read('x')).toBe('old.read');
    expect(() => manager.use(Storage, '^2.0', { provider: 'next' }).read('x')).toThrow(
      "storage.read cannot be called: the caller needs storage ^2.0, 'next' offers 3.0.0",
    );
    expect(manager.services.providers(Storage)).toEqual(['old', 'new', 'also', 'next']);
    expect(manager.services.providers('nothing')).toEqual([]);
  });
});

describe('life cycle', () => {
  it('shows a component whose create throws as failed, with everything it opened closed', async () => {
    const { manager, node } = make();
    const closed: string[] = [];
    const broken = defineComponent({
      provides: Billing,
      version: '1.0.0',
      needs: {},
      config: z.strictObject({}),
      create: ({ effect }) => {
        effect('a', () => void closed.push('a'));
        effect('b', () => void closed.push('b'));
        throw new Error('no route to host');
      },
    });
    manager.install('billing', broken);
    manager.install('desk', plain({}, { billing: need(Billing, '^1.0') }));
    await manager.start();
    expect(node('billing')).toMatchObject({ state: 'failed', reason: 'no route to host' });
    expect(node('desk').reason).toBe(
      "'desk' needs billing ^1.0, 'billing' offers 1.0.0 but is failed: no route to host",
    );
    expect(closed).toEqual(['b', 'a']);
    await manager.replace('billing', plain({ billing: Billing }));
    await manager.settled();
    expect(node('desk').state).toBe('active');
  });

  it('refuses a create that gives back nothing', async () => {
    const { manager, node } = make();
    const empty = { ...plain({ billing: Billing }), create: () => undefined as never };
    manager.install('billing', empty);
    await manager.start();
    expect(node('billing')).toMatchObject({ state: 'failed', reason: "'billing' gave back no handlers from create()" });
  });

  it('refuses handlers that lack a method of the contract', async () => {
    const { manager, node } = make();
    manager.install(
      'billing',
      defineComponent({
        provides: Billing,
        version: '1.0.0',
        needs: {},
        config: z.strictObject({}),
        create: () => ({ handlers: {} as never }),
      }),
    );
    await manager.start();
    expect(node('billing').reason).toBe("'billing' provides billing but has no handler for balance");
  });

  it('fails, dependents first, when what should run after activation throws', async () => {
    const { manager, node } = make();
    const log: string[] = [];
    const component = {
      ...plain({ billing: Billing }, {}, log),
      create: async (context: never) => ({
        ...(await plain({ billing: Billing }, {}, log).create(context)),
        started: async () => {
          throw new Error('port 25 is taken');
        },
      }),
    };
    manager.install('billing', component);
    manager.install('desk', plain({}, { billing: need(Billing, '^1.0') }, log));
    await manager.start();
    expect(node('billing')).toMatchObject({ state: 'failed', reason: 'port 25 is taken' });
    expect(node('desk').state).toBe('unsatisfied');
    expect(log).toEqual(['open billing', 'open desk', 'close desk', 'close billing']);
  });

  it('gives up on a create that never ends, and closes what it opens later', async () => {
    const { manager, clock, node } = make();
    let openLate = (): void => {};
    let closed = false;
    manager.install(
      'slow',
      defineComponent({
        provides: {},
        version: '1.0.0',
        needs: {},
        config: z.strictObject({}),
        create: ({ effect }) => {
          openLate = () => effect('late', () => void (closed = true));
          return new Promise<never>(() => {});
        },
      }),
    );
    const started = manager.start();
    await clock.advance(60_000);
    await started;
    expect(node('slow')).toMatchObject({ state: 'failed', reason: "'slow' was not ready within 60 s" });
    openLate();
    expect(closed).toBe(true);
  });

  it('turns degraded and back by what health says, still serving', async () => {
    const { manager, clock, node } = make();
    let sick: string | undefined = 'billing database is down';
    manager.install(
      'billing',
      defineComponent({
        provides: Billing,
        version: '1.0.0',
        needs: {},
        config: z.strictObject({}),
        create: () => ({ handlers: { balance: () => '1.00' }, health: () => sick }),
      }),
    );
    manager.install('desk', plain({}, { billing: need(Billing, '^1.0') }));
    const seen: string[] = [];
    manager.services.onChange((n) => n.name === 'billing' && seen.push(n.state));
    await manager.start();
    expect(node('billing')).toMatchObject({ state: 'degraded', reason: 'billing database is down' });
    expect(node('desk').state).toBe('active');
    expect(await manager.use(Billing, '^1.0').balance({ customerNo: 'C1' })).toBe('1.00');
    sick = undefined;
    await clock.advance(10_000);
    expect(node('billing').state).toBe('active');
    sick = 'down again';
    await clock.advance(10_000);
    expect(node('billing')).toMatchObject({ state: 'degraded', reason: 'down again' });
    expect(seen).toEqual(['starting', 'degraded', 'active', 'degraded']);
  });

  it('stops dependents first, leaves no timer, and can start again', async () => {
    const { manager, clock, node } = make();
    const log: string[] = [];
    manager.install('main', plain({ storage: Storage }, {}, log));
    manager.install('desk', plain({}, { storage: need(Storage, '^2.0') }, log));
    await manager.start();
    log.length = 0;
    await manager.stop();
    expect(log.splice(0)).toEqual(['close desk', 'close main']);
    expect(node('desk').state).toBe('stopped');
    expect(clock.pending).toBe(0);
    await manager.start();
    expect(log).toEqual(['open main', 'open desk']);
    expect(node('desk')).toMatchObject({ state: 'active', generation: 2 });
  });

  it('lets the other effects be closed when one throws and one hangs', async () => {
    const { manager, clock } = make();
    const closed: string[] = [];
    manager.install(
      'x',
      defineComponent({
        provides: {},
        version: '1.0.0',
        needs: {},
        config: z.strictObject({}),
        create: ({ effect }) => {
          effect('last', () => void closed.push('last'));
          effect('hangs', () => new Promise(() => {}));
          effect('throws', () => {
            throw new Error('gone already');
          });
          return { handlers: {} };
        },
      }),
    );
    await manager.start();
    const stopped = manager.stop();
    await clock.advance(0);
    await clock.advance(5_000);
    await stopped;
    expect(closed).toEqual(['last']);
  });
});

describe('the service tree', () => {
  it('is itself a service', async () => {
    const { manager } = make();
    await manager.start();
    const { services } = await manager.use(ServiceManagement, '^1.0').tree({});
    expect(services).toMatchObject([{ name: 'services', state: 'active', provides: [{ contract: 'services' }] }]);
  });

  it('prints states, reasons, versions, calls and effects', async () => {
    const { manager } = make();
    manager.install('main', plain({ storage: Storage }), {}, { source: '@caruso/storage-manager' });
    manager.install('erp', plain({}, { billing: need(Billing, '^1.0') }));
    await manager.start();
    manager.use(Storage, '^2.0').read('x');
    expect(manager.printTree().split('\n\n').slice(1).join('\n\n')).toMatch(
      new RegExp(
        [
          'main {2}1\\.0\\.0 {2}active {2}\\(generation 1, since 2026-01-05T08:00:00\\.000Z\\)',
          ' {2}from {5}@caruso/storage-manager',
          ' {2}provides storage 2\\.1\\.0',
          ' {2}calls {4}1, 0 failed, 0 in flight, p50 0\\.00 ms, p95 0\\.00 ms',
          ' {2}effects {2}note',
          '',
          'erp {2}1\\.0\\.0 {2}unsatisfied .*',
          " {2}because {2}'erp' needs billing \\^1\\.0, which nobody provides",
          ' {2}needs {4}billing: billing \\^1\\.0 <- nobody',
        ].join('\n'),
      ),
    );
  });
});
