import type { CallStep, LoopStep, Program } from './program.js';
import type { Scope } from './scope.js';

/** One round of a loop. */
export interface Round {
  step: LoopStep;
  /** Index of the loop's step. */
  head: number;
  /** Undefined where a condition decides. */
  items: readonly unknown[] | undefined;
  position: number;
  /** What visits begin with outside the loop. */
  base: string;
  visit: string;
  /** What the rounds before it gave. */
  collected: readonly Record<string, unknown>[];
  outer: Round | undefined;
}

/** Where a path is: in which script, called from where, in which round of which loop. Never changed, only replaced. */
export interface Place {
  program: Program;
  scope: Scope;
  /** What visits begin with here: `each#1[M1]/`. */
  prefix: string;
  round: Round | undefined;
  caller: { place: Place; index: number; step: CallStep } | undefined;
}

/** The step of the outermost script that a place belongs to. */
export function outermost(place: Place, index: number): { program: Program; index: number } {
  let here = place;
  let at = index;
  while (here.caller !== undefined) {
    at = here.caller.index;
    here = here.caller.place;
  }
  return { program: here.program, index: at };
}

/** What tells the items of a list apart: the key of an object, else the value, else its place; twice the same is numbered. */
export function itemKeys(items: readonly unknown[]): string[] {
  const seen = new Map<string, number>();
  return items.map((item, index) => {
    const key = encodeURIComponent(keyOf(item) ?? String(index + 1));
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return count === 1 ? key : `${key}~${count}`;
  });
}

function keyOf(item: unknown): string | undefined {
  if (typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean') return String(item);
  if (typeof item !== 'object' || item === null) return undefined;
  if ('$key' in item) return String(item.$key);
  // A round of another loop is known by its item.
  const inner: unknown = Object.values(item).find((value) => keyOf(value) !== undefined && typeof value === 'object');
  return inner === undefined ? undefined : keyOf(inner);
}
