import type { ServiceNode } from '@caruso/service-manager/contract';

type Seen = Pick<ServiceNode, 'name' | 'node' | 'replacements'>;
type Entry = ServiceNode['replacements'][number];

/** Counts replacements out of the tree, which remembers only the last of them. */
export class ReplacementCount {
  readonly #last = new Map<string, Entry | undefined>();
  readonly #counts = new Map<string, Map<string, number>>();

  /** What was before the counting began. */
  begin(node: Seen): void {
    if (node.node === undefined) this.#last.set(node.name, node.replacements.at(-1));
  }

  /** Other nodes count their own. */
  see({ name, node, replacements }: Seen): void {
    if (node !== undefined) return;
    for (const { act } of entriesAfter(replacements, this.#last.get(name))) this.#add(name, act);
    this.#last.set(name, replacements.at(-1));
  }

  counts(): { service: string; outcome: string; count: number }[] {
    return [...this.#counts].flatMap(([service, counts]) =>
      [...counts].map(([outcome, count]) => ({ service, outcome, count })),
    );
  }

  #add(service: string, outcome: string): void {
    const counts = this.#counts.get(service) ?? new Map<string, number>();
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    this.#counts.set(service, counts);
  }
}

/** Those that came after `last`; all, where that is forgotten already. */
function entriesAfter(entries: readonly Entry[], last: Entry | undefined): readonly Entry[] {
  if (last === undefined) return entries;
  const at = entries.findLastIndex(
    (each) => each.at === last.at && each.from === last.from && each.to === last.to && each.outcome === last.outcome,
  );
  return entries.slice(at + 1);
}
