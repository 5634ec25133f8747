/** A node and, for each of its needs, the nodes any one of which would meet it. No alternatives: not (yet) there. */
export interface GraphNode {
  name: string;
  needs: readonly (readonly string[])[];
}

/**
 * The order in which nodes can start, each after one alternative of each of its needs; and those that never can, because
 * they wait for each other. A need without alternatives counts as met: what is absent may still come.
 */
export function startOrder(nodes: readonly GraphNode[]): { order: string[]; blocked: GraphNode[] } {
  const placed = new Set<string>();
  const order: string[] = [];
  let waiting = [...nodes];
  for (;;) {
    const ready = waiting.filter((node) =>
      node.needs.every((any) => any.length === 0 || any.some((n) => placed.has(n))),
    );
    if (ready.length === 0) return { order, blocked: waiting };
    for (const node of ready) {
      placed.add(node.name);
      order.push(node.name);
    }
    waiting = waiting.filter((node) => !placed.has(node.name));
  }
}

/**
 * A cycle of needs that can never be met, as its path with the first node repeated at the end; undefined if there is none.
 *
 * @example
 * findCycle([{ name: 'a', needs: [['b']] }, { name: 'b', needs: [['a']] }]) // ['a', 'b', 'a']
 */
export function findCycle(nodes: readonly GraphNode[]): string[] | undefined {
  const { blocked } = startOrder(nodes);
  const byName = new Map(blocked.map((node) => [node.name, node]));
  const path: string[] = [];
  let node = blocked[0];
  while (node !== undefined) {
    const seen = path.indexOf(node.name);
    if (seen >= 0) return [...path.slice(seen), node.name];
    path.push(node.name);
    // Every alternative of an unmet need is blocked too, so that the walk always goes on and must come round.
    const unmet = node.needs.find((any) => any.length > 0 && any.every((name) => byName.has(name)));
    node = byName.get(unmet?.[0] ?? '');
  }
  return undefined;
}
