import { hostname } from 'node:os';
import type { AnyContract } from '@caruso/service-manager/contract';
import { clusterMissing } from './errors.js';
import type { House } from './house.js';
import { chooseComponents, contractsOf, type NodeChoice } from './node-choice.js';

/** The process that a front office begins with, where it is not told another name. */
const FIRST = 'main';

/** How this process takes part in a front office on several machines. */
export interface NodeOptions extends NodeChoice {
  /** Joins a front office that runs, under this name; absent for its first process. */
  node?: string;
}

/**
 * Makes the assembled house a node, if its declarations name a cluster: leaves out what runs elsewhere, and installs the component that
 * knows the others. Gives the node's name. Throws CLUSTER_MISSING where a node is asked for and there is no cluster.
 */
export async function joinCluster(house: House, options: NodeOptions): Promise<string | undefined> {
  const { manifest, name } = house.folder();
  const { cluster } = manifest;
  if (cluster === undefined) {
    const { node, components, without } = options;
    if ([node, components, without].some((each) => each !== undefined)) throw clusterMissing();
    return undefined;
  }
  await leaveOut(house, options);
  // Loaded for those who have a cluster; nobody else waits for it.
  const { nodesComponent } = await import('@caruso/service-manager/nodes');
  const node = options.node ?? FIRST;
  const where = `${hostname()}, process ${process.pid}`;
  const config = { node, house: cluster.house ?? tokenOf(name), where, cluster };
  house.manager.install('nodes', nodesComponent(house.manager.links), config, { source: 'cluster:' });
  return node;
}

async function leaveOut(house: House, choice: NodeChoice): Promise<void> {
  const { manager, loaded } = house;
  const { components, without } = choice;
  const all = new Map([...loaded].map(([name, { component }]) => [name, component]));
  const here = chooseComponents(all, choice);
  // Also of what the configuration names later.
  house.elsewhere = (name) => (components === undefined ? without?.includes(name) === true : !here.has(name));
  const known: AnyContract[] = [];
  for (const [name, component] of all) {
    if (here.has(name)) continue;
    known.push(...contractsOf(component));
    loaded.delete(name);
    await manager.uninstall(name);
  }
  manager.know(known);
}

/** A company's name as the name of a cluster: `Lumen Energy` is `lumen-energy`. */
function tokenOf(name: string): string {
  const letters = name.normalize('NFKD').toLowerCase();
  return (
    letters
      .replaceAll(/\p{M}/gu, '')
      .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
      .replaceAll(/^-|-$/g, '') || 'caruso'
  );
}
