import { Ground } from './ground.js';
import { itemKeys, type Round } from './place.js';
import type { LoopStep } from './program.js';
import { visitOf } from './session-event.js';

/** A walk through loops: a round for each item, and what the rounds gave. */
export abstract class Rounds extends Ground {
  /** Leads to a step, out of the loops it is not part of. */
  protected go(to: number): number {
    for (let { round } = this.place; round !== undefined; round = this.place.round) {
      if (to > round.head && to <= round.step.end) break;
      this.over(this.collect(round));
    }
    return to;
  }

  protected loop(step: LoopStep, head: number): number {
    const { scope, prefix, round: outer } = this.place;
    const list = step.over === undefined ? undefined : scope.evaluate(step.over);
    const items = step.over === undefined ? undefined : Array.isArray(list) ? list.slice(0, step.max) : [];
    const visit = visitOf(prefix + step.id, this.count(prefix + step.id));
    for (const name of step.names) scope.set(name, null);
    return this.round({ step, head, items, position: -1, base: prefix, visit, collected: [], outer });
  }

  protected again(): number {
    const { round } = this.place;
    if (round === undefined) throw new RangeError('a round ended that was never begun');
    return this.round(this.collect(round));
  }

  /** Begins the next round, or goes on behind the loop. */
  protected round(before: Round): number {
    const { step, items, head, visit } = before;
    const position = before.position + 1;
    const { scope } = this.place;
    const goesOn = items === undefined ? position < step.max && scope.holds(step.while) : position < items.length;
    this.way(step.id, goesOn ? 'round' : 'over');
    if (!goesOn) {
      this.over(before);
      return step.end + 1;
    }
    const key = items === undefined ? String(position + 1) : (itemKeys(items)[position] ?? '');
    this.moveTo({ ...this.place, prefix: `${visit}[${key}]/`, round: { ...before, position } });
    for (const name of step.names) scope.set(name, null);
    if (step.as !== undefined) scope.set(step.as, items?.[position] ?? null);
    return head + 1;
  }

  /** A round with what it gave. */
  private collect(round: Round): Round {
    const { step, collected } = round;
    if (step.into === undefined) return round;
    const { scope } = this.place;
    const names = step.as === undefined ? step.names : [step.as, ...step.names];
    return { ...round, collected: [...collected, Object.fromEntries(names.map((name) => [name, scope.get(name)]))] };
  }

  protected over({ step, base, outer, collected }: Round): void {
    this.moveTo({ ...this.place, prefix: base, round: outer });
    if (step.into !== undefined) this.place.scope.set(step.into, collected);
  }
}
