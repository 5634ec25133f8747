import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AnyComponent, defineComponent, need } from './component-definition.js';
import { type AnyContract, defineContract } from './contract-definition.js';
import { findCycle } from './dependency-graph.js';
import { createServiceManager, type ServiceManager } from './service-manager.js';
import type { ServiceNode } from './services.js';
import { VirtualClock } from './virtual-clock.js';

const Storage = defineContract({ id: 'storage', version: '2.1.0', methods: {} });
const Billing = defineContract({ id: 'billing', version: '1.0.0', methods: {} });

function plain(provides: Record<string, AnyContract>, needs: AnyComponent['needs'] = {}): AnyComponent {
  const config = z.strictObject({});
  return defineComponent({ provides, version: '1.0.0', needs, config, create: () => ({ handlers: {} }) });
}

function make(): { manager: ServiceManager; node: (name: string) => ServiceNode } {
  const manager = createServiceManager({ clock: new VirtualClock() });
  const node = (name: string): ServiceNode => {
    const found = manager.inspect().services.find((s) => s.name === name);
    if (found === undefined) throw new Error(`${name} is not in the tree`);
    return found;
  };
  return { manager, node };
}

describe('installing', () => {
  it('keeps a component installed until the manager starts', async () => {
    const { manager, node } = make();
    manager.install('main', plain({ storage: Storage }));
    expect(node('main').state).toBe('installed');
    await manager.start();
    expect(node('main').state).toBe('active');
  });

  it('refuses a second component of the same name', () => {
    const { manager } = make();
    manager.install('main', plain({ storage: Storage }));
    expect(() => manager.install('main', plain({ billing: Billing }))).toThrow(
      "A component named 'main' is installed already",
    );
  });

  it('refuses a configuration that does not fit, naming registration and path', () => {
    const { manager, node } = make();
    const component = defineComponent({
      provides: Billing,
      version: '1.0.0',
      needs: {},
      config: z.strictObject({ url: z.url(), pool: z.object({ size: z.number() }) }),
      create: () => ({ handlers: {} }),
    });
    expect(() => manager.install('billing', component, { url: 'https://b.example', pool: { size: 'ten' } })).toThrow(
      expect.objectContaining({
        code: 'COMPONENT_CONFIG_INVALID',
        message: expect.stringMatching(/'billing'.*pool\.size/),
      }),
    );
    expect(() => node('billing')).toThrow('not in the tree');
  });

  it('refuses a cycle of required needs with its path', () => {
    const { manager } = make();
    const A = defineContract({ id: 'a', version: '1.0.0', methods: {} });
    const B = defineContract({ id: 'b', version: '1.0.0', methods: {} });
    const C = defineContract({ id: 'c', version: '1.0.0', methods: {} });
    manager.install('a', plain({ a: A }, { b: need(B, '^1.0') }));
    manager.install('b', plain({ b: B }, { c: need(C, '^1.0') }));
    expect(() => manager.install('c', plain({ c: C }, { a: need(A, '^1.0') }))).toThrow(
      expect.objectContaining({ code: 'COMPONENT_NEEDS_CYCLIC', details: { path: ['a', 'b', 'c', 'a'] } }),
    );
    manager.install('c', plain({ c: C }, { a: need(A, '^1.0', { optional: true }) }));
  });

  it('refuses exactly what closes a cycle, whatever is installed in which order', () => {
    const contracts = Array.from({ length: 5 }, (_, each) =>
      defineContract({ id: `c${each}`, version: '1.0.0', methods: {} }),
    );
    const some = fc.subarray([0, 1, 2, 3, 4], { maxLength: 3 });
    const wanted = fc.array(fc.record({ offers: some, needs: some }), { minLength: 1, maxLength: 7 });
    const byIds = (ids: readonly number[]) => contracts.filter((_, each) => ids.includes(each));
    fc.assert(
      fc.property(wanted, (all) => {
        const { manager } = make();
        const graph: { name: string; offers: number[]; needs: number[] }[] = [];
        all.forEach((each, index) => {
          const name = `part-${index}`;
          const planned = [...graph, { name, ...each }];
          const offering = (id: number) => planned.filter(({ offers }) => offers.includes(id)).map((part) => part.name);
          const cycle = findCycle(planned.map((part) => ({ name: part.name, needs: part.needs.map(offering) })));
          const needs = Object.fromEntries(byIds(each.needs).map((contract) => [contract.id, need(contract, '^1.0')]));
          const provides = Object.fromEntries(byIds(each.offers).map((contract) => [contract.id, contract]));
          const install = () => manager.install(name, { ...plain(provides), needs });
          if (cycle === undefined) graph.push({ name, ...each });
          if (cycle === undefined) install();
          else expect(install).toThrow(expect.objectContaining({ code: 'COMPONENT_NEEDS_CYCLIC' }));
        });
      }),
    );
  });

  it.each([
    [undefined, 'is not a component'],
    [{ ...plain({}), version: 'one' }, 'has no version like 1.2.3 but one'],
    [{ ...plain({}), config: {} }, 'has no zod schema as config'],
    [{ ...plain({}), needs: { s: need(Storage, 'new') } }, "needs storage in the range 'new'"],
    [{ ...plain({}), provides: { x: { kind: 'remote' } } }, 'provides something that is not a contract'],
  ])('refuses what is not a component (%#)', (component, message) => {
    const { manager } = make();
    expect(() => manager.install('x', component as never)).toThrow(message);
  });

  it('starts at once what is installed while running', async () => {
    const { manager, node } = make();
    await manager.start();
    manager.install('main', plain({ storage: Storage }));
    await manager.settled();
    expect(node('main').state).toBe('active');
  });
});
