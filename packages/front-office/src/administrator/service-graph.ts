import type { ServiceNode } from '@caruso/service-manager/contract';
import { graphlib, layout } from '@dagrejs/dagre';
import { idOf } from './service-links.js';

/** A component as a box of the drawing; places in pixels, of the upper left corner. */
export interface Box {
  id: string;
  x: number;
  y: number;
  service: ServiceNode;
}

/** Who needs whom. */
export interface Line {
  id: string;
  from: string;
  to: string;
  optional: boolean;
}

/** Pixels. */
export const boxSize = { width: 190, height: 62 } as const;

/** Lays the components out so that each stands above what it needs. */
export function drawing(services: readonly ServiceNode[]): { boxes: Box[]; lines: Line[] } {
  const names = new Set(services.map(idOf));
  const byPair = new Map<string, Line>();
  for (const service of services) {
    for (const { provider, optional } of service.needs) {
      if (provider === null || !names.has(provider)) continue;
      const from = idOf(service);
      const id = `${from}>${provider}`;
      byPair.set(id, { id, from, to: provider, optional: optional && (byPair.get(id)?.optional ?? true) });
    }
  }
  const lines = [...byPair.values()];
  const graph = new graphlib.Graph()
    .setGraph({ rankdir: 'TB', nodesep: 28, ranksep: 56 })
    .setDefaultEdgeLabel(() => ({}));
  for (const id of names) graph.setNode(id, { ...boxSize });
  for (const { from, to } of lines) graph.setEdge(from, to);
  layout(graph);
  const boxes = services.map((service) => {
    const id = idOf(service);
    const { x = 0, y = 0 } = graph.node(id) as { x?: number; y?: number };
    return { id, x: x - boxSize.width / 2, y: y - boxSize.height / 2, service };
  });
  return { boxes, lines };
}
