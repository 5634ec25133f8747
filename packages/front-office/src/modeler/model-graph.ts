import type { ModelerObject } from '@caruso/modeler/contract';
import { graphlib, layout } from '@dagrejs/dagre';

/** An object as a box of the drawing; places in pixels, of the upper left corner. */
export interface Box {
  object: ModelerObject;
  x: number;
  y: number;
  height: number;
}

/** A reference from one object to another, or a many-to-many relation. */
export interface Line {
  id: string;
  from: string;
  to: string;
  label: string;
  many: boolean;
}

/** Pixels. */
export const BOX_WIDTH = 210;
const HEAD = 40;
const LINE = 18;
/** Attributes that a box names. */
export const SHOWN = 7;

/** Lays the objects out so that who refers to another stands to its left. */
export function drawing(objects: readonly ModelerObject[]): { boxes: Box[]; lines: Line[] } {
  const names = new Set(objects.map(({ name }) => name));
  const references = objects.flatMap(({ name, attributes }) =>
    attributes.flatMap(({ name: attribute, body: { to } }): Line[] =>
      typeof to === 'string' && names.has(to)
        ? [{ id: `${name}.${attribute}`, from: name, to, label: attribute, many: false }]
        : [],
    ),
  );
  const lines = [...references, ...manyToMany(objects, names)];
  const graph = new graphlib.Graph({ multigraph: true })
    .setGraph({ rankdir: 'LR', nodesep: 24, ranksep: 70 })
    .setDefaultEdgeLabel(() => ({}));
  const heights = new Map(objects.map((object) => [object.name, heightOf(object)]));
  for (const { name } of objects) graph.setNode(name, { width: BOX_WIDTH, height: heights.get(name) ?? HEAD });
  for (const { id, from, to } of lines) if (from !== to) graph.setEdge(from, to, {}, id);
  layout(graph);
  const boxes = objects.map((object) => {
    const { x = 0, y = 0 } = graph.node(object.name) as { x?: number; y?: number };
    const height = heights.get(object.name) ?? HEAD;
    return { object, height, x: x - BOX_WIDTH / 2, y: y - height / 2 };
  });
  return { boxes, lines };
}

/** Many-to-many relations, each once, whichever side says it. */
function manyToMany(objects: readonly ModelerObject[], names: ReadonlySet<string>): Line[] {
  const seen = new Set<string>();
  return objects.flatMap(({ name, relations }) =>
    relations.flatMap(({ name: relation, body: { many, through, table } }): Line[] => {
      if (typeof many !== 'string' || !names.has(many) || (through === undefined && table === undefined)) return [];
      const id = `${name}.${relation}`;
      const links = through === undefined ? id : JSON.stringify([[name, many].sort(), through]);
      if (seen.has(links)) return [];
      seen.add(links);
      return [{ id, from: name, to: many, label: relation, many: true }];
    }),
  );
}

function heightOf({ attributes }: ModelerObject): number {
  return HEAD + LINE * (Math.min(attributes.length, SHOWN) + (attributes.length > SHOWN ? 1 : 0));
}
