import { type ServiceNode, ServiceState, type Services } from '@caruso/service-manager/contract';
import { Counter, Gauge, type Registry } from 'prom-client';
import { ReplacementCount } from './replacement-count.js';

const circuits = ['closed', 'open', 'half-open'] as const;

/**
 * What the service tree says, as metrics. States are written as Prometheus has it for a set of states: one series for each
 * state there is, 1 for the one it is in. Gives the way to stop following the tree.
 */
export function serviceMetrics(registry: Registry, services: Pick<Services, 'tree' | 'onChange'>): () => void {
  const counted = new ReplacementCount();
  const registers = [registry];
  const gauge = (name: string, help: string, more: string[], write: (gauge: Gauge, node: ServiceNode) => void) =>
    new Gauge({
      name,
      help,
      labelNames: ['service', 'node', ...more],
      registers,
      collect() {
        // A service that is gone must not be shown as it was last.
        this.reset();
        for (const node of services.tree()) write(this, node);
      },
    });

  gauge(
    'caruso_service_state',
    'The state a component is in: 1 for that one, 0 for the others',
    ['state'],
    (to, node) => {
      for (const state of ServiceState.options) to.set({ ...ofService(node), state }, node.state === state ? 1 : 0);
    },
  );
  gauge('caruso_service_circuit', 'Whether a component lets calls through: closed does', ['state'], (to, node) => {
    const now = node.circuit ?? 'closed';
    for (const state of circuits) to.set({ ...ofService(node), state }, now === state ? 1 : 0);
  });
  gauge('caruso_service_generation', 'How many times a component was made', [], (to, node) =>
    to.set(ofService(node), node.generation),
  );
  gauge('caruso_service_leaks', 'What past generations of a component left open', [], (to, node) =>
    to.set(ofService(node), node.leaks?.length ?? 0),
  );
  new Counter({
    name: 'caruso_replacements_total',
    help: 'Replacements at run time, by what came of them',
    labelNames: ['service', 'outcome'],
    registers,
    collect() {
      this.reset();
      for (const node of services.tree()) counted.see(node);
      for (const { service, outcome, count } of counted.counts()) this.inc({ service, outcome }, count);
    },
  });
  for (const node of services.tree()) counted.begin(node);
  return services.onChange((node) => counted.see(node));
}

function ofService({ name, node }: ServiceNode): { service: string; node: string } {
  return { service: name, node: node ?? '' };
}
