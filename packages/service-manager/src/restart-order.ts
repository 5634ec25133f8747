/** That one component uses another, as plain data. */
export interface Use {
  consumer: string;
  provider: string;
  /** The consumer wants a new generation of itself when the provider gets one. */
  restart: boolean;
}

/**
 * Those that have to be restarted after `replaced` was, each once and after all it uses itself. Where optional needs go round
 * in a circle, the one named first in `uses` goes first.
 *
 * @example
 * restartOrder('storage', [{ consumer: 'model', provider: 'storage', restart: true }, { consumer: 'desk', provider: 'model', restart: true }])
 * // ['model', 'desk']
 */
export function restartOrder(replaced: string, uses: readonly Use[]): string[] {
  const affected = new Set<string>([replaced]);
  for (let size = 0; size < affected.size; ) {
    size = affected.size;
    for (const use of uses) if (use.restart && affected.has(use.provider)) affected.add(use.consumer);
  }
  affected.delete(replaced);
  const order: string[] = [];
  let waiting = [...affected];
  while (waiting.length > 0) {
    const left = new Set(waiting);
    const blocked = (name: string): boolean =>
      uses.some((use) => use.consumer === name && use.provider !== name && left.has(use.provider));
    const next = waiting.find((name) => !blocked(name)) ?? waiting[0];
    if (next === undefined) break;
    order.push(next);
    waiting = waiting.filter((name) => name !== next);
  }
  return order;
}
