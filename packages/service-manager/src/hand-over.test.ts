import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AnyComponent, defineComponent, type Log } from './component-definition.js';
import { defineContract, defineLocalContract } from './contract-definition.js';
import { createServiceManager } from './service-manager.js';
import { VirtualClock } from './virtual-clock.js';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
const Counter = defineContract({
  id: 'counter',
  version: '1.0.0',
  methods: {
    add: { summary: 'Adds one, after a while', input: z.object({ wait: z.number() }), output: z.number() },
    addTwice: { summary: 'Adds one through itself, twice', input: z.object({}), output: z.number() },
    hang: { summary: 'Hangs until nobody waits', input: z.object({ deaf: z.boolean() }), output: z.number() },
  },
});
const Count = z.strictObject({ count: z.number() });

interface Options {
  version?: string;
  state?: z.ZodType;
  takeOver?: () => void;
  started?: () => void;
}

/** Counts in memory, and hands its count over. */
function counter({ version = '1.0.0', state = Count, takeOver, started }: Options = {}): AnyComponent {
  return defineComponent({
    provides: Counter,
    version,
    needs: {},
    config: z.strictObject({}),
    state,
    create: ({ clock, services }) => {
      let count = 0;
      return {
        handlers: {
          add: async ({ wait }) => {
            // Read before and written after the wait: one that is handed over in between would be lost.
            if (wait > 0) await new Promise<void>((resolve) => clock.after(wait, resolve));
            count += 1;
            return count;
          },
          addTwice: async () => {
            await services.call('counter.add', { wait: 5 });
            return Number(await services.call('counter.add', { wait: 5 }));
          },
          hang: async ({ deaf }, { signal }) => {
            await new Promise<void>((resolve) => {
              if (!deaf) signal.addEventListener('abort', () => resolve());
            });
            return 0;
          },
        },
        handOver: () => ({ count }),
        takeOver: (handed) => {
          takeOver?.();
          ({ count } = z.object({ count: z.number() }).parse(handed));
        },
        ...(started === undefined ? {} : { started }),
      };
    },
  });
}

async function counting(first = counter()) {
  const clock = new VirtualClock();
  const manager = createServiceManager({ clock, log: quiet });
  manager.install('counter', first);
  await manager.start();
  return { clock, manager, client: manager.use(Counter, '^1.0') };
}

/** Lets time pass until the promise settles. */
async function through<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  const ended: true[] = [];
  const done = promise.finally(() => ended.push(true));
  done.catch(() => {});
  while (ended.length === 0) await clock.advance(5);
  return done;
}

describe('a component that hands its state over', () => {
  it('loses no increment over many replacements under writes', async () => {
    const { clock, manager, client } = await counting();
    const answers: number[] = [];
    const on = { writing: true };
    let made = 0;
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let i = 0; on.writing; i++) {
        made++;
        answers.push(await client.add({ wait: 1 + ((writer + i) % 4) }));
      }
    });
    let parked = 0;
    for (let i = 1; i <= 30; i++) {
      const report = await through(clock, manager.replace('counter', counter({ version: `1.0.${i}` })));
      expect(report).toMatchObject({ handedOver: true, abandoned: 0, state: 'active' });
      parked += report.parked;
    }
    on.writing = false;
    await through(clock, Promise.all(writers));
    expect(parked).toBeGreaterThan(0);
    expect(await through(clock, client.add({ wait: 0 }))).toBe(made + 1);
    expect(new Set(answers).size).toBe(made);
    await manager.stop();
    expect(clock.pending).toBe(0);
  });

  it('lets calls that a running call makes of its own component pass, or that one would never end', async () => {
    const { clock, manager, client } = await counting();
    const twice = client.addTwice({});
    const replaced = manager.replace('counter', counter({ version: '1.1.0' }));
    await clock.advance(1);
    const parked = client.add({ wait: 0 });
    expect(await through(clock, replaced)).toMatchObject({ drained: 2, parked: 1 });
    expect(await twice).toBe(2);
    expect(await parked).toBe(3);
  });

  it.each([
    [
      'a schema that the state does not fit',
      { state: z.strictObject({ total: z.number() }) },
      /1\.1\.0 of 'counter' cannot take the state that 1\.0\.0 hands over: total: /,
    ],
    [
      'a takeOver that throws',
      {
        takeOver: () => {
          throw new Error('disk full');
        },
      },
      /could not take the state over: disk full/,
    ],
  ])('goes on with all parked calls after %s', async (_what, options, message) => {
    const { clock, manager, client } = await counting();
    await client.add({ wait: 0 });
    const running = client.add({ wait: 50 });
    const replaced = manager.replace('counter', counter({ version: '1.1.0', ...options }));
    const refused = replaced.catch((error: unknown) => error);
    await clock.advance(1);
    const parked = client.add({ wait: 0 });
    await clock.advance(50);
    expect(await refused).toMatchObject({ code: 'REPLACEMENT_FAILED', message: expect.stringMatching(message) });
    expect([await running, await parked]).toEqual([2, 3]);
    expect(manager.services.tree()[1]).toMatchObject({ version: '1.0.0', generation: 1, state: 'active' });
  });

  it('brings the former one back with the state when the new one cannot begin', async () => {
    const { clock, manager, client } = await counting();
    await client.add({ wait: 0 });
    const started = () => {
      throw new Error('port taken');
    };
    const replaced = manager
      .replace('counter', counter({ version: '1.1.0', started }))
      .catch((error: unknown) => error);
    const parked = client.add({ wait: 0 });
    await clock.advance(1);
    expect(await replaced).toMatchObject({ code: 'REPLACEMENT_FAILED' });
    expect(await parked).toBe(2);
    expect(manager.services.tree()[1]).toMatchObject({ version: '1.0.0', generation: 3 });
  });

  it('aborts calls that are stuck at the deadline, and hands over only if they heed it', async () => {
    const { clock, manager, client } = await counting();
    const stuck = client.hang({ deaf: false }).catch((error: unknown) => error);
    const replaced = manager.replace('counter', counter({ version: '1.1.0' }), {}, { drainMs: 500 });
    expect(await through(clock, replaced)).toMatchObject({ handedOver: true, abandoned: 1 });
    expect(await stuck).toMatchObject({ code: 'CALL_ABANDONED' });

    const deaf = client.hang({ deaf: true }).catch((error: unknown) => error);
    const refused = manager
      .replace('counter', counter({ version: '1.2.0' }), {}, { drainMs: 500 })
      .catch((error: unknown) => error);
    expect(await through(clock, refused)).toMatchObject({
      code: 'REPLACEMENT_FAILED',
      message: expect.stringContaining("generation 2 of 'counter' still runs a call after 1.5 s"),
    });
    expect(await deaf).toMatchObject({ code: 'CALL_ABANDONED' });
    expect(await client.add({ wait: 0 })).toBe(1);
    expect(manager.services.tree()[1]).toMatchObject({ version: '1.1.0' });
  });

  it('is refused where its calls could not wait, or where it cannot hand over', () => {
    const manager = createServiceManager({ clock: new VirtualClock(), log: quiet });
    const Local = defineLocalContract<{ now(): number }>()({ id: 'local', version: '1.0.0', methods: ['now'] });
    const local = { ...counter(), provides: Local } as AnyComponent;
    expect(() => manager.install('local', local)).toThrow(
      /provides local, a local contract, whose calls cannot be parked/,
    );
  });

  it('fails to start without handOver and takeOver', async () => {
    const { manager } = await counting({
      ...counter(),
      create: () => ({ handlers: { add: () => 1, addTwice: () => 1, hang: () => 1 } }),
    });
    expect(manager.services.tree()[1]).toMatchObject({
      state: 'failed',
      reason: "'counter' has a state but no handOver() and takeOver() for it",
    });
  });
});
