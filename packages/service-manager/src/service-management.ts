import { z } from 'zod';
import type { AnyComponent } from './component-definition.js';
import { defineComponent } from './component-definition.js';
import type { ComponentLoader, ServiceAct } from './component-loader.js';
import { componentEssential, componentNeeded, messageOf, nameTaken, notInstalled, notLoadable } from './errors.js';
import { nearestName } from './nearest-name.js';
import { type ChangeReport, ServiceManagement, type ServiceNode } from './services.js';

/** What the service manager's own service uses of the manager. */
export interface Management {
  services: { tree(): ServiceNode[] };
  install(name: string, component: AnyComponent, config: unknown, options: { source: string }): unknown;
  settled(): Promise<void>;
  replace(name: string, component: AnyComponent, config: unknown, options: { source: string }): Promise<ChangeReport>;
  rollBack(name: string): Promise<ChangeReport>;
  restart(name: string): Promise<ChangeReport>;
  configure(name: string, config: unknown): Promise<ChangeReport>;
  uninstall(name: string): Promise<void>;
}

/** Without these nobody could undo what was done. */
const ESSENTIAL = ['services', 'declarations'];

/** The service manager as a service like any other. Every act of an administrator is told to the loader, which keeps it. */
export function serviceManagement(management: Management, loader: ComponentLoader | undefined) {
  const loading = (): ComponentLoader => {
    if (loader === undefined) throw notLoadable();
    return loader;
  };
  const here = (name: string) =>
    management.services.tree().find((node) => node.name === name && node.node === undefined);
  const versionOf = (name: string) => here(name)?.version;
  const sourceOf = (name: string) => here(name)?.source;

  /** Does it and has it recorded, also when it was refused. */
  async function recorded<T extends { version?: string; to?: string; applied?: ChangeReport['applied'] }>(
    act: ServiceAct['act'],
    name: string,
    work: () => Promise<T>,
  ): Promise<T> {
    const from = versionOf(name);
    try {
      const done = await work();
      const to = act === 'removed' ? undefined : (done.to ?? done.version);
      const unchanged = done.applied === 'unchanged';
      await loader?.record({ act, name, from, to, source: sourceOf(name), unchanged });
      return done;
    } catch (error) {
      await loader?.record({ act, name, from, source: sourceOf(name), refused: messageOf(error) });
      throw error;
    }
  }

  /** What is tried is written down first, so that it is checked as it will be read; what fails is taken back. */
  async function kept<T>(
    name: string,
    entry: Parameters<ComponentLoader['keep']>[1],
    work: () => Promise<T>,
  ): Promise<T> {
    const undo = await loading().keep(name, entry);
    try {
      return await work();
    } catch (error) {
      await undo();
      throw error;
    }
  }

  const install = async (name: string): Promise<ServiceNode> => {
    const { component, config, source } = await loading().load(name);
    management.install(name, component, config, { source });
    await management.settled();
    return nodeOf(management, name);
  };

  const replace = async (name: string, use?: string): Promise<ChangeReport> => {
    const { component, config, source } = await loading().load(name, use);
    return management.replace(name, component, config, { source });
  };

  return defineComponent({
    provides: ServiceManagement,
    version: '1.1.0',
    needs: {},
    config: z.strictObject({}),
    create: () => ({
      handlers: {
        tree: () => ({ services: management.services.tree() }),
        available: async () => ({ sources: await loading().available() }),
        configuration: ({ name, use }) => loading().configuration(name, use),
        replace: ({ name, use }) =>
          recorded('replaced', name, () =>
            use === undefined ? replace(name) : kept(name, { use }, () => replace(name)),
          ),
        rollBack: ({ name }) =>
          recorded('rolled-back', name, async () => {
            const report = await management.rollBack(name);
            await loader?.keepFormer(name);
            return report;
          }),
        restart: ({ name }) => recorded('restarted', name, () => management.restart(name)),
        configure: ({ name, config }) =>
          recorded('configured', name, () =>
            kept(name, { config }, async () => management.configure(name, await loading().configOf(name))),
          ),
        add: ({ name, use, config }) =>
          recorded('added', name, async () => {
            if (versionOf(name) !== undefined) throw nameTaken(name);
            return kept(name, config === undefined ? { use } : { use, config }, () => install(name));
          }),
        remove: ({ name, force }) =>
          recorded('removed', name, async () => {
            const { version } = nodeOf(management, name);
            if (ESSENTIAL.includes(name)) throw componentEssential(name);
            const stopped = dependents(management.services.tree(), name);
            if (stopped.length > 0 && force !== true) throw componentNeeded(name, stopped);
            await kept(name, undefined, () => management.uninstall(name));
            return { name, version, stopped };
          }),
      },
    }),
  });
}

function nodeOf(management: Management, name: string): ServiceNode {
  const node = management.services.tree().find((each) => each.name === name);
  if (node === undefined)
    throw notInstalled(
      name,
      nearestName(
        name,
        management.services.tree().map((each) => each.name),
      ),
    );
  return node;
}

/** Whoever could not serve without a component: those that need it, and those that need them. */
function dependents(tree: readonly ServiceNode[], name: string): string[] {
  const found = new Set<string>();
  const queue = [name];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const node of tree) {
      const needed = node.needs.some((need) => !need.optional && need.provider === next);
      if (!needed || node.name === name || found.has(node.name)) continue;
      found.add(node.name);
      queue.push(node.name);
    }
  }
  return [...found];
}
