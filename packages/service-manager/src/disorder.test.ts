import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AnyComponent, defineComponent, type Log, need } from './component-definition.js';
import { defineContract } from './contract-definition.js';
import { createServiceManager } from './service-manager.js';
import { VirtualClock } from './virtual-clock.js';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
const NAMES = ['a', 'b', 'c', 'd'] as const;
const contracts = NAMES.map((id) =>
  defineContract({
    id,
    version: '1.0.0',
    methods: { ask: { summary: 'Asks on', input: z.object({}), output: z.number() } },
  }),
);

const anyOperation = fc.record({
  do: fc.constantFrom('install', 'install', 'uninstall', 'replace', 'call', 'call', 'pass', 'stop', 'start'),
  at: fc.integer({ min: 0, max: NAMES.length - 1 }),
  delay: fc.integer({ min: 0, max: 3 }),
  broken: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
});

describe('a service manager under disorder', () => {
  it('always settles, calls nothing that was disposed, and leaves nothing open', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyOperation, { minLength: 5, maxLength: 40 }), async (operations) => {
        const clock = new VirtualClock();
        const manager = createServiceManager({ clock, log: quiet });
        let open = 0;
        const faults: string[] = [];

        // Each needs the one before it, so that all stand in one chain.
        const component = (at: number, delay: number, broken: boolean): AnyComponent => {
          const [self, before] = [contracts[at], contracts[at - 1]];
          if (self === undefined) throw new Error('no such contract');
          return defineComponent({
            provides: self,
            version: '1.0.0',
            needs: before === undefined ? {} : { before: need(before, '^1.0') },
            config: z.strictObject({}),
            create: async ({ effect, needs }) => {
              let alive = true;
              open++;
              effect('open', () => {
                alive = false;
                open--;
              });
              if (delay > 0) await new Promise<void>((resolve) => clock.after(delay, resolve));
              if (broken) throw new Error('broken');
              const client = needs['before'] as { ask(input: object): Promise<number> } | undefined;
              return {
                handlers: {
                  ask: async () => {
                    if (!alive) faults.push(`${self.id} called after its disposal`);
                    await new Promise<void>((resolve) => clock.after(delay, resolve));
                    return client === undefined ? 0 : (await client.ask({})) + 1;
                  },
                },
              };
            },
          });
        };

        const work: Promise<unknown>[] = [];
        for (const { do: what, at, delay, broken } of operations) {
          const name = NAMES[at] ?? 'a';
          const attempt = async (): Promise<unknown> => {
            if (what === 'install') return manager.install(name, component(at, delay, broken));
            if (what === 'uninstall') return manager.uninstall(name);
            if (what === 'replace') return manager.replace(name, component(at, delay, broken), {}, { drainMs: 5 });
            if (what === 'call') return manager.services.call(`${name}.ask`, {});
            if (what === 'stop') return manager.stop();
            if (what === 'start') return manager.start();
            return clock.advance(delay);
          };
          work.push(attempt().catch((error: { code?: string }) => error.code ?? faults.push(String(error))));
          if (what === 'pass') await work.at(-1);
        }
        const stopped = (async () => {
          await manager.start();
          await manager.settled();
          await manager.stop();
          await Promise.all(work);
        })();
        const end = { reached: false };
        const over = stopped.then(() => (end.reached = true));
        for (let i = 0; i < 400 && !end.reached; i++) await clock.advance(100);
        expect(end.reached).toBe(true);
        await over;
        expect(faults).toEqual([]);
        expect(open).toBe(0);
        expect(clock.pending).toBe(0);
        expect(new Set(manager.inspect().services.map((s) => s.state))).toEqual(new Set(['stopped']));
      }),
      { numRuns: 60 },
    );
  });
});
