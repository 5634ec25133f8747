import { z } from 'zod';
import { ClusterSettings } from '../cluster-settings.js';
import { defineComponent } from '../component-definition.js';
import type { Links } from '../links.js';
import { Nodes } from '../node-directory.js';
import { Cluster } from './cluster.js';

/**
 * The component that makes this process a node of a front office on several machines. Made by the composition root, which alone holds
 * the seam; nothing of NATS is loaded without it.
 *
 * @example
 * manager.install('nodes', nodesComponent(manager.links), { node: 'erp-1', house: 'lumen', where: 'host 10', cluster });
 */
export function nodesComponent(links: Links) {
  return defineComponent({
    provides: Nodes,
    version: '1.0.0',
    needs: {},
    config: z.strictObject({
      /** Name of this node, unlike any other of the front office. */
      node: z.string().min(1).max(100),
      /** Keeps front offices on one NATS apart. */
      house: z.string().min(1),
      /** For people: machine and process. */
      where: z.string().max(200),
      cluster: ClusterSettings,
    }),
    create: async ({ config, services, clock, ids, log, effect }) => {
      const { cluster: settings, ...who } = config;
      const cluster = new Cluster({ links, services, clock, ids, log, settings, ...who });
      effect(`node '${who.node}' on NATS`, () => cluster.close());
      await cluster.open();
      return {
        handlers: { list: () => ({ nodes: cluster.list() }) },
        health: () => cluster.health(),
        inspect: () => ({ node: who.node, house: who.house, trouble: cluster.health() ?? null, nodes: cluster.list() }),
      };
    },
  });
}
