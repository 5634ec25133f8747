import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CarusoError } from './caruso-error.js';
import { type AnyComponent, defineComponent, type Log, need } from './component-definition.js';
import { type Client, defineContract } from './contract-definition.js';
import { createServiceManager } from './service-manager.js';
import { VirtualClock } from './virtual-clock.js';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
const article = z.object({ article: z.string() });
const Erp = defineContract({
  id: 'erp',
  version: '1.0.0',
  methods: {
    stock: { summary: 'Stock', input: article, output: z.number(), idempotent: true, timeout: 2_000 },
    order: { summary: 'Orders', input: article, output: z.number(), timeout: 2_000 },
  },
});
const Desk = defineContract({
  id: 'desk',
  version: '1.0.0',
  methods: { show: { summary: 'Shows the stock', input: article, output: z.number(), idempotent: true } },
});

/** A legacy system as a wrapper meets it. */
interface Legacy {
  mode: 'well' | 'down' | 'hangs' | 'lies';
  asked: number;
  running: number;
  most: number;
  takes: number;
}

const down = () => new CarusoError({ code: 'ERP_UNREACHABLE', message: 'the ERP does not answer', status: 503 });

function erp(legacy: Legacy, limits?: AnyComponent['limits']): AnyComponent {
  return defineComponent({
    provides: Erp,
    version: '1.0.0',
    needs: {},
    config: z.strictObject({}),
    ...(limits === undefined ? {} : { limits }),
    create: ({ clock }) => {
      const ask = async (): Promise<number> => {
        legacy.asked++;
        legacy.running++;
        legacy.most = Math.max(legacy.most, legacy.running);
        try {
          if (legacy.mode === 'down') throw down();
          if (legacy.mode === 'lies') return 'many' as never;
          if (legacy.mode === 'hangs') await new Promise(() => {});
          if (legacy.takes > 0) await new Promise<void>((resolve) => clock.after(legacy.takes, resolve));
          return 7;
        } finally {
          legacy.running--;
        }
      };
      return { handlers: { stock: ask, order: ask } };
    },
  });
}

const desk = defineComponent({
  provides: Desk,
  version: '1.0.0',
  needs: { erp: need(Erp, '^1.0') },
  config: z.strictObject({}),
  create: ({ needs }) => ({ handlers: { show: (input) => needs.erp.stock(input) } }),
});

async function office(limits?: AnyComponent['limits']) {
  const clock = new VirtualClock();
  const legacy: Legacy = { mode: 'well', asked: 0, running: 0, most: 0, takes: 0 };
  const manager = createServiceManager({ clock, log: quiet });
  manager.install('erp', erp(legacy, limits));
  manager.install('desk', desk);
  await manager.start();
  const client: Client<typeof Erp> = manager.use(Erp, '^1.0');
  const node = (name: string) => manager.services.tree().find((each) => each.name === name);
  /** The answer, or the code of the error. */
  const outcome = async (call: Promise<unknown>): Promise<unknown> => {
    const settled: unknown[] = [];
    call.then(
      (value) => settled.push(value),
      (error: { code?: string }) => settled.push(error.code ?? String(error)),
    );
    for (let i = 0; settled.length === 0 && i < 2_000; i++) await clock.advance(10);
    return settled[0];
  };
  return { clock, legacy, manager, client, node, outcome, show: manager.use(Desk, '^1.0').show };
}
const a = { article: 'a' };

describe('a call that came to nothing', () => {
  it('is tried again where its method is idempotent, and only there', async () => {
    const { legacy, client, outcome } = await office();
    legacy.mode = 'down';
    expect(await outcome(client.stock(a))).toBe('ERP_UNREACHABLE');
    expect(legacy.asked).toBe(3);
    expect(await outcome(client.order(a))).toBe('ERP_UNREACHABLE');
    expect(legacy.asked).toBe(4);
    expect(await outcome(client.stock(a, { retries: 0 }))).toBe('ERP_UNREACHABLE');
    expect(legacy.asked).toBe(5);
  });

  it('is answered by a later attempt', async () => {
    const { clock, legacy, client, outcome } = await office();
    legacy.mode = 'down';
    const call = client.stock(a);
    clock.after(30, () => (legacy.mode = 'well'));
    expect(await outcome(call)).toBe(7);
    expect(legacy.asked).toBe(2);
  });

  it('is not tried again past its deadline', async () => {
    const { legacy, client, outcome } = await office();
    legacy.mode = 'down';
    expect(await outcome(client.stock(a, { timeout: 100 }))).toBe('ERP_UNREACHABLE');
    expect(legacy.asked).toBe(2);
  });

  it('is tried again by the one that met it, not once more by each further up', async () => {
    const { legacy, show, outcome } = await office();
    legacy.mode = 'down';
    expect(await outcome(show(a))).toBe('ERP_UNREACHABLE');
    expect(legacy.asked).toBe(3);
  });
});

describe('a wrapper whose legacy system', () => {
  it('hangs is fenced off, told in the tree, asked again after a while, and harms nobody else', async () => {
    const { clock, legacy, manager, client, node, outcome, show } = await office();
    legacy.mode = 'hangs';
    const calls = Array.from({ length: 6 }, () => outcome(show(a)));
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 6 }, () => 'CALL_TIMED_OUT'));
    expect(node('erp')).toMatchObject({
      state: 'degraded',
      circuit: 'open',
      reason: 'circuit open: 5 of its last 5 calls were not answered',
    });
    // Who only asked it for something is not to blame.
    expect(node('desk')).toMatchObject({ state: 'active' });
    expect(node('desk')?.circuit).toBeUndefined();
    const before = legacy.asked;
    await expect(client.order(a)).rejects.toMatchObject({
      code: 'CIRCUIT_OPEN',
      status: 503,
      message: expect.stringMatching(/^erp\.order is not sent to 'erp' before 2026-.*: 5 of its last 5 calls/),
    });
    expect(legacy.asked).toBe(before);
    legacy.mode = 'well';
    await clock.advance(5_000);
    expect(node('erp')).toMatchObject({ circuit: 'half-open', state: 'active' });
    expect(await outcome(client.stock(a))).toBe(7);
    expect(node('erp')?.circuit).toBeUndefined();
    // Those that hang still are given up.
    expect(await outcome(manager.stop())).toBeUndefined();
    expect(node('erp')?.state).toBe('stopped');
    expect(clock.pending).toBe(0);
  });

  it('lies is told by name with every answer, and stays reachable', async () => {
    const { legacy, client, node, outcome } = await office();
    legacy.mode = 'lies';
    for (let i = 0; i < 20; i++) expect(await outcome(client.stock(a))).toBe('OUTPUT_INVALID');
    expect(node('erp')).toMatchObject({ state: 'active' });
    legacy.mode = 'well';
    expect(await client.stock(a)).toBe(7);
  });

  it('is slow gets no more calls at once than it can bear; those beyond wait, and then are refused', async () => {
    const { clock, legacy, client, outcome } = await office({ concurrency: 3, waiting: 4 });
    legacy.takes = 100;
    const calls = Array.from({ length: 9 }, () => outcome(client.order(a)));
    const outcomes = await Promise.all(calls);
    expect(outcomes.filter((each) => each === 7)).toHaveLength(7);
    expect(outcomes.filter((each) => each === 'SERVICE_BUSY')).toHaveLength(2);
    expect(legacy.most).toBe(3);
    await clock.advance(0);
    expect(await outcome(client.order(a))).toBe(7);
  });

  it('can be given other limits while it serves', async () => {
    const { legacy, manager, client, outcome } = await office({ concurrency: 1 });
    legacy.takes = 100;
    manager.place('erp', { limits: { concurrency: 5 } });
    expect(await Promise.all(Array.from({ length: 5 }, () => outcome(client.order(a))))).toEqual([7, 7, 7, 7, 7]);
    expect(legacy.most).toBe(5);
  });

  it('hangs does not keep its places for good', async () => {
    const { legacy, client, outcome } = await office({ concurrency: 2, waiting: 10 });
    legacy.mode = 'hangs';
    const lost = Array.from({ length: 4 }, () => outcome(client.order(a)));
    expect(new Set(await Promise.all(lost))).toEqual(new Set(['CALL_TIMED_OUT']));
    legacy.mode = 'well';
    expect(await outcome(client.order(a))).toBe(7);
  });
});

describe('a deadline', () => {
  it('is what the method says, or the caller, whichever is nearer', async () => {
    const { clock, legacy, client, outcome } = await office();
    legacy.mode = 'hangs';
    const begin = clock.now();
    expect(await outcome(client.order(a, { timeout: 9_000 }))).toBe('CALL_TIMED_OUT');
    const long = clock.now() - begin;
    expect(await outcome(client.order(a, { timeout: 500 }))).toBe('CALL_TIMED_OUT');
    expect([long, clock.now() - begin - long]).toEqual([9_000, 500]);
  });

  it('does not bind what an answered call left running', async () => {
    const clock = new VirtualClock();
    const manager = createServiceManager({ clock, log: quiet });
    const Poller = defineContract({
      id: 'poller',
      version: '1.0.0',
      methods: {
        begin: { summary: 'Begins', input: z.object({}), output: z.object({}), timeout: 1_000 },
        poll: { summary: 'Polls', input: z.object({}), output: z.object({}) },
      },
    });
    const seen: unknown[] = [];
    manager.install(
      'poller',
      defineComponent({
        provides: Poller,
        version: '1.0.0',
        needs: {},
        config: z.strictObject({}),
        create: ({ clock: time, effect, services }) => ({
          handlers: {
            begin: () => {
              const poll = () =>
                void services.call('poller.poll', {}).then(
                  () => seen.push('polled'),
                  (error: unknown) => seen.push(error),
                );
              effect('polling', time.every(900, poll));
              return {};
            },
            poll: () => ({}),
          },
        }),
      }),
    );
    await manager.start();
    await manager.use(Poller, '^1.0').begin({});
    await clock.advance(2_700);
    expect(seen).toEqual(['polled', 'polled', 'polled']);
  });
});

describe('a drain', () => {
  it('aborts the signal of a call that is stuck at the deadline, and those that call has made', async () => {
    const clock = new VirtualClock();
    const manager = createServiceManager({ clock, log: quiet });
    const Chain = defineContract({
      id: 'chain',
      version: '1.0.0',
      methods: { go: { summary: 'Goes on', input: z.object({ depth: z.number() }), output: z.string() } },
    });
    const aborted: number[] = [];
    const chain = defineComponent({
      provides: Chain,
      version: '1.0.0',
      needs: {},
      config: z.strictObject({}),
      create: ({ services }) => ({
        handlers: {
          go: async ({ depth }, { signal }) => {
            signal.addEventListener('abort', () => aborted.push(depth));
            if (depth > 0) return String(await services.call('chain.go', { depth: depth - 1 }));
            return new Promise<string>(() => {});
          },
        },
      }),
    });
    manager.install('chain', chain);
    await manager.start();
    const stuck = manager
      .use(Chain, '^1.0')
      .go({ depth: 2 })
      .catch((error: unknown) => error);
    const replaced = manager.replace('chain', chain, {}, { drainMs: 500 });
    await clock.advance(0);
    await clock.advance(500);
    expect(await replaced).toMatchObject({ abandoned: 3 });
    expect(await stuck).toMatchObject({ code: 'CALL_ABANDONED' });
    expect(aborted.toSorted()).toEqual([0, 1, 2]);
  });
});
