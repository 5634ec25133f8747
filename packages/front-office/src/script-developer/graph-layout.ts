import type { Drawing } from '@caruso/dialog-script';
import { graphlib, layout } from '@dagrejs/dagre';

/** Pixels. */
export const boxSize = { width: 210, height: 76 } as const;

export type Places = Record<string, { x: number; y: number }>;

/** Where each step is drawn: where somebody put it, else laid out so that ways lead downwards. Upper left corners, in pixels. */
export function placesOf({ steps, lines }: Drawing, positions: Places): Places {
  const graph = new graphlib.Graph()
    .setGraph({ rankdir: 'TB', nodesep: 36, ranksep: 54 })
    .setDefaultEdgeLabel(() => ({}));
  for (const { id } of steps) graph.setNode(id, { ...boxSize });
  for (const { from, to } of lines) if (from !== to) graph.setEdge(from, to);
  layout(graph);
  return Object.fromEntries(
    steps.map(({ id }) => {
      const { x = 0, y = 0 } = graph.node(id) as { x?: number; y?: number };
      return [id, positions[id] ?? { x: x - boxSize.width / 2, y: y - boxSize.height / 2 }];
    }),
  );
}
