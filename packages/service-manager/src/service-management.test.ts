import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AnyComponent, defineComponent, need } from './component-definition.js';
import type { ComponentLoader, ServiceAct } from './component-loader.js';
import { defineContract } from './contract-definition.js';
import { createLog } from './log.js';
import { createServiceManager } from './service-manager.js';
import { ServiceManagement } from './services.js';

const word = z.object({ word: z.string() });
const Echo = defineContract({
  id: 'echo',
  version: '1.0.0',
  methods: { say: { summary: 'Says its word', input: z.object({}), output: word, idempotent: true } },
});
const echo = (version: string, broken = false): AnyComponent =>
  defineComponent({
    provides: Echo,
    version,
    needs: {},
    // A transformation that may run once only.
    config: z.strictObject({ word: z.string().transform((given) => `${given}!`) }),
    create({ config }) {
      if (broken) throw new Error('it has no licence');
      return { handlers: { say: () => ({ word: `${version} ${config.word}` }) } };
    },
  });
const Chain = defineContract({ id: 'chain', version: '1.0.0', methods: {} });
const chained = defineComponent({
  provides: Chain,
  version: '1.0.0',
  needs: { echo: need(Echo, '^1.0') },
  config: z.strictObject({}),
  create: () => ({ handlers: {} }),
});

/** Declarations that are a map, and sources that are another. */
class Shelf implements ComponentLoader {
  readonly entries = new Map<string, { use: string; config: Record<string, unknown> }>();
  readonly sources = new Map<string, AnyComponent>();
  readonly acts: ServiceAct[] = [];
  readonly #former = new Map<string, { use: string; config: Record<string, unknown> }>();

  async load(name: string, use?: string) {
    const entry = this.entries.get(name);
    const source = use ?? entry?.use ?? '';
    const component = this.sources.get(source);
    if (component === undefined) throw new Error(`nothing is at ${source}`);
    return { component, config: entry?.config ?? {}, source };
  }
  async available() {
    return [...this.sources.keys()].map((use) => ({ use, usedBy: [] }));
  }
  async configOf(name: string) {
    return this.entries.get(name)?.config;
  }
  async configuration(name: string) {
    return { name, use: '', config: this.entries.get(name)?.config ?? {}, schema: null };
  }
  async keep(name: string, entry: Parameters<ComponentLoader['keep']>[1]) {
    const before = this.entries.get(name);
    if (before !== undefined) this.#former.set(name, before);
    if (entry === undefined) this.entries.delete(name);
    else this.entries.set(name, { use: '', config: {}, ...before, ...entry });
    return async () => {
      if (before === undefined) this.entries.delete(name);
      else this.entries.set(name, before);
    };
  }
  async keepFormer(name: string) {
    const former = this.#former.get(name);
    if (former !== undefined) this.entries.set(name, former);
  }
  async record(act: ServiceAct) {
    this.acts.push(act);
  }
}

async function running() {
  const shelf = new Shelf();
  shelf.sources.set('./a.ts', echo('1.0.0'));
  shelf.sources.set('./b.ts', echo('2.0.0'));
  shelf.sources.set('./broken.ts', echo('3.0.0', true));
  shelf.sources.set('./chain.ts', chained);
  shelf.entries.set('echo', { use: './a.ts', config: { word: 'hello' } });
  const manager = createServiceManager({ log: createLog({ level: 'silent' }), loader: shelf });
  manager.install('echo', echo('1.0.0'), { word: 'hello' }, { source: './a.ts' });
  await manager.start();
  const say = async () => (await manager.use(Echo, '^1.0').say({})).word;
  return { shelf, manager, services: manager.use(ServiceManagement, '^1.1'), say };
}

describe('the service manager as a service', () => {
  it('replaces a component from another source, and brings back the former one', async () => {
    const { shelf, services, say } = await running();
    expect(await services.replace({ name: 'echo', use: './b.ts' })).toMatchObject({ from: '1.0.0', to: '2.0.0' });
    expect(await say()).toBe('2.0.0 hello!');
    expect(shelf.entries.get('echo')?.use).toBe('./b.ts');
    expect((await services.tree({})).services.find(({ name }) => name === 'echo')?.former).toBe('1.0.0');
    await services.rollBack({ name: 'echo' });
    expect(await say()).toBe('1.0.0 hello!');
    expect(shelf.entries.get('echo')?.use).toBe('./a.ts');
    await services.restart({ name: 'echo' });
    expect(await say()).toBe('1.0.0 hello!');
    expect(shelf.acts.map(({ act, from, to }) => [act, from, to])).toEqual([
      ['replaced', '1.0.0', '2.0.0'],
      ['rolled-back', '2.0.0', '1.0.0'],
      ['restarted', '1.0.0', '1.0.0'],
    ]);
  });

  it('takes back what it wrote when the change fails, and records that it was refused', async () => {
    const { shelf, services, say } = await running();
    await expect(services.replace({ name: 'echo', use: './broken.ts' })).rejects.toMatchObject({
      code: 'REPLACEMENT_FAILED',
    });
    await expect(services.configure({ name: 'echo', config: { word: 5 } })).rejects.toMatchObject({
      code: 'COMPONENT_CONFIG_INVALID',
    });
    expect(shelf.entries.get('echo')).toEqual({ use: './a.ts', config: { word: 'hello' } });
    expect(await say()).toBe('1.0.0 hello!');
    expect(shelf.acts).toMatchObject([
      { act: 'replaced', refused: expect.stringContaining('it has no licence') },
      { act: 'configured', refused: expect.stringContaining('word') },
    ]);
    await services.configure({ name: 'echo', config: { word: 'bye' } });
    expect(await say()).toBe('1.0.0 bye!');
  });

  it('adds a component, and removes one that others need only when told to', async () => {
    const { shelf, services, manager } = await running();
    expect(await services.add({ name: 'chain', use: './chain.ts' })).toMatchObject({ state: 'active' });
    await expect(services.add({ name: 'chain', use: './chain.ts' })).rejects.toMatchObject({
      code: 'COMPONENT_NAME_TAKEN',
    });
    await expect(services.add({ name: 'Bad Name', use: './a.ts' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(services.remove({ name: 'echo' })).rejects.toMatchObject({
      code: 'COMPONENT_NEEDED',
      details: { dependents: ['chain'] },
    });
    await expect(services.remove({ name: 'services', force: true })).rejects.toMatchObject({
      code: 'COMPONENT_ESSENTIAL',
    });
    expect(await services.remove({ name: 'echo', force: true })).toEqual({
      name: 'echo',
      version: '1.0.0',
      stopped: ['chain'],
    });
    expect([...shelf.entries.keys()]).toEqual(['chain']);
    const left = manager.services.tree();
    expect(left.map(({ name, state }) => [name, state])).toEqual([
      ['services', 'active'],
      ['chain', 'unsatisfied'],
    ]);
  });

  it('says so where components cannot be loaded by name, and where nothing can be brought back', async () => {
    const manager = createServiceManager({ log: createLog({ level: 'silent' }) });
    manager.install('echo', echo('1.0.0'), { word: 'hello' });
    await manager.start();
    const services = manager.use(ServiceManagement, '^1.1');
    await expect(services.replace({ name: 'echo' })).rejects.toMatchObject({ code: 'COMPONENT_NOT_LOADABLE' });
    await expect(services.rollBack({ name: 'echo' })).rejects.toMatchObject({ code: 'ROLLBACK_IMPOSSIBLE' });
    await expect(services.rollBack({ name: 'ecco' })).rejects.toMatchObject({ code: 'COMPONENT_UNKNOWN' });
  });
});
