import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AnyComponent, defineComponent, type Log } from './component-definition.js';
import { defineContract } from './contract-definition.js';
import { createServiceManager } from './service-manager.js';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
const Till = defineContract({
  id: 'till',
  version: '1.0.0',
  methods: { book: { summary: 'Books', input: z.object({ no: z.number() }), output: z.object({ by: z.string() }) } },
});

describe('100 replacements under 2,000 calls a second', () => {
  it('lose, double and fail no call, and call nothing whose disposal has begun', { timeout: 60_000 }, async () => {
    const booked = new Map<number, number>();
    const faults: string[] = [];
    const till = (version: string): AnyComponent =>
      defineComponent({
        provides: Till,
        version,
        needs: {},
        config: z.strictObject({}),
        create: ({ clock, effect }) => {
          let disposing = false;
          effect('till', () => void (disposing = true));
          const check = (no: number, when: string): void => {
            if (disposing) faults.push(`${no} ${when} ${version} was disposed`);
          };
          return {
            handlers: {
              book: async ({ no }) => {
                check(no, 'began after');
                // Some end at once, most only after others, the replacement among them.
                if (no % 4 > 0) await new Promise<void>((resolve) => clock.after(no % 8, resolve));
                check(no, 'ended after');
                booked.set(no, (booked.get(no) ?? 0) + 1);
                return { by: version };
              },
            },
          };
        },
      });
    const manager = createServiceManager({ log: quiet });
    manager.install('till', till('1.0.0'));
    await manager.start();
    const { book } = manager.use(Till, '^1.0');

    // Real time: 20 calls every 10 ms.
    const calls: Promise<void>[] = [];
    const by = new Set<string>();
    const burst = setInterval(() => {
      for (let i = 0; i < 20; i++) {
        const no = calls.length;
        calls.push(
          book({ no }).then(
            (answer) => void by.add(answer.by),
            (error: unknown) => void faults.push(`${no}: ${String(error)}`),
          ),
        );
      }
    }, 10);
    for (let i = 1; i <= 100; i++) {
      const before = calls.length;
      const report = await manager.replace('till', till(`1.0.${i}`), {}, { probationMs: 0 });
      if (report.abandoned > 0) faults.push(`replacement ${i} abandoned ${report.abandoned} calls`);
      // So that every generation is called while it serves.
      while (calls.length < before + 20) await new Promise<void>((resolve) => setTimeout(resolve, 2));
    }
    clearInterval(burst);
    await Promise.all(calls);
    expect(faults).toEqual([]);
    expect(booked.size).toBe(calls.length);
    expect([...booked.values()].filter((times) => times !== 1)).toEqual([]);
    expect(by.size).toBeGreaterThan(90);
    await manager.stop();
  });
});
