import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CarusoError } from './caruso-error.js';
import { type AnyComponent, defineComponent, type Log } from './component-definition.js';
import { defineContract } from './contract-definition.js';
import { verdict } from './probation.js';
import { createServiceManager } from './service-manager.js';
import { VirtualClock } from './virtual-clock.js';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
const Erp = defineContract({
  id: 'erp',
  version: '1.0.0',
  methods: { stock: { summary: 'Stock', input: z.object({ article: z.string() }), output: z.string() } },
});

/** Answers with its version, or fails as `fails` says. */
function erp(version: string, fails?: () => Error, health?: () => string | undefined): AnyComponent {
  return defineComponent({
    provides: Erp,
    version,
    needs: {},
    config: z.strictObject({}),
    create: () => ({
      handlers: {
        stock: () => {
          if (fails !== undefined) throw fails();
          return version;
        },
      },
      ...(health === undefined ? {} : { health }),
    }),
  });
}

async function running(options: Parameters<typeof erp>[1] = undefined) {
  const clock = new VirtualClock();
  const manager = createServiceManager({ clock, log: quiet });
  manager.install('erp', erp('1.0.0', options));
  await manager.start();
  const call = (article = 'a') =>
    manager
      .use(Erp, '^1.0')
      .stock({ article })
      .catch((error: { code?: string }) => error.code ?? 'ERROR');
  const node = () => manager.services.tree().find(({ name }) => name === 'erp');
  return { clock, manager, call, node };
}

describe('a new generation on probation', () => {
  it('makes room for the former component when it fails more calls', async () => {
    const { clock, manager, call, node } = await running();
    for (let i = 0; i < 10; i++) await call();
    await manager.replace(
      'erp',
      erp('2.0.0', () => new TypeError('undefined is not a function')),
    );
    expect(node()).toMatchObject({ version: '2.0.0', former: '1.0.0', probation: expect.any(String) });
    for (let i = 0; i < 6; i++) await call();
    await clock.advance(1_000);
    await manager.settled();
    expect(await call()).toBe('1.0.0');
    expect(node()).toMatchObject({ version: '1.0.0', state: 'active', generation: 3 });
    expect(node()?.probation).toBeUndefined();
    expect(node()?.former).toBeUndefined();
    expect(node()?.replacements.at(-1)).toMatchObject({
      from: '2.0.0',
      to: '1.0.0',
      outcome: 'rolled back: 6 of its 6 calls failed, against 0 of 10 before',
    });
  });

  it('makes room when it falls ill', async () => {
    const { clock, manager, call, node } = await running();
    let ill: string | undefined;
    await manager.replace(
      'erp',
      erp('2.0.0', undefined, () => ill),
    );
    ill = 'cannot reach the database';
    await clock.advance(10_000);
    await manager.settled();
    expect(await call()).toBe('1.0.0');
    expect(node()?.replacements.at(-1)?.outcome).toBe('rolled back: cannot reach the database');
  });

  it('stays when callers ask for what there is not, or when it was no better before', async () => {
    const unknown = () => new CarusoError({ code: 'ARTICLE_UNKNOWN', message: 'no such article', status: 404 });
    const { clock, manager, call, node } = await running();
    await manager.replace('erp', erp('2.0.0', unknown));
    for (let i = 0; i < 20; i++) expect(await call()).toBe('ARTICLE_UNKNOWN');
    await clock.advance(59_000);
    expect(node()?.probation).toBeDefined();
    await clock.advance(1_000);
    expect(node()).toMatchObject({ version: '2.0.0', former: '1.0.0' });
    expect(node()?.probation).toBeUndefined();
    // Its time is over: from here on it is degraded at most.
    await manager.stop();
    expect(clock.pending).toBe(0);
  });

  it('is watched no more once it was replaced itself', async () => {
    const { clock, manager, call, node } = await running();
    await manager.replace('erp', erp('2.0.0'));
    await manager.replace('erp', erp('3.0.0'), {}, { probationMs: 0 });
    expect(node()?.probation).toBeUndefined();
    await clock.advance(60_000);
    expect(await call()).toBe('3.0.0');
  });
});

describe('rolling back by hand', () => {
  it('goes back step by step, and says when there is nothing left', async () => {
    const { manager, call } = await running();
    await manager.replace('erp', erp('2.0.0'));
    await manager.replace('erp', erp('3.0.0'));
    expect(await manager.rollBack('erp')).toMatchObject({ from: '3.0.0', to: '2.0.0' });
    expect(await manager.rollBack('erp')).toMatchObject({ from: '2.0.0', to: '1.0.0' });
    expect(await call()).toBe('1.0.0');
    await expect(manager.rollBack('erp')).rejects.toMatchObject({ code: 'ROLLBACK_IMPOSSIBLE' });
  });
});

describe('the verdict', () => {
  it.each([
    ['as well as before', { calls: 100, faults: 5 }, { calls: 100, faults: 15 }, false],
    ['worse by more than a tenth', { calls: 100, faults: 5 }, { calls: 100, faults: 16 }, true],
    ['too few to tell', { calls: 100, faults: 0 }, { calls: 4, faults: 4 }, false],
    ['new where nothing was called before', { calls: 0, faults: 0 }, { calls: 10, faults: 5 }, true],
  ])('is clear for one that does %s', (_what, before, now, worse) => {
    const record = (of: { calls: number; faults: number }) => ({ ...of, sick: undefined });
    expect(verdict(record(before), record(now)) !== undefined).toBe(worse);
  });
});
