import type { Handler, Next, Step } from './program.js';
import { waits } from './program.js';

/** Something about the ways through a script, by index of the step it concerns. */
export interface Remark {
  step: number;
  code: 'SCRIPT_UNREACHABLE' | 'SCRIPT_DEAD_END' | 'SCRIPT_ENDLESS';
  message: string;
  remedy: string;
}

/** Whether a `next` holds whatever was answered; what stands below it is never reached from its step. */
function always({ condition }: Next): boolean {
  return condition === undefined || (condition.tree.kind === 'literal' && condition.tree.value === true);
}

/** Steps that may follow a step, whatever its conditions turn out to be; the number of steps stands for falling off the end. */
export function successors(steps: readonly Step[], index: number): number[] {
  const step = steps[index];
  if (step === undefined || step.kind === 'end') return [];
  const below = index + 1;
  const after: number[] = step.condition === undefined ? [] : [below];
  if (step.kind === 'loop') return [...new Set([...after, below, step.end + 1])];
  if (step.kind === 'again') return [step.loop + 1, below];
  if (waits(step) || step.kind === 'choose' || step.kind === 'call') {
    for (const next of step.next) {
      after.push(next.to, ...failsOf(next));
      if (always(next)) return [...new Set(after)];
    }
    after.push(below);
  } else {
    after.push(below);
    if (step.kind === 'lookup' && step.fail !== undefined) after.push(step.fail.to);
    if (step.kind === 'action' && !step.action.async && step.action.fail.to >= 0) after.push(step.action.fail.to);
  }
  return [...new Set(after)];
}

function failsOf({ actions }: Next): number[] {
  return actions.flatMap(({ async, fail }) => (async || fail.to < 0 ? [] : [fail.to]));
}

/** Finds steps nothing leads to, ways that reach no end, and rounds in which nobody is asked. */
export function inspectWays(steps: readonly Step[], handlers: readonly Handler[] = []): Remark[] {
  if (steps.length === 0) return [];
  const edges = steps.map((_, index) => successors(steps, index));
  // What happens while a step waits can lead to where a handler leads.
  const handled = handlers.flatMap((handler) => [handler.to, ...failsOf(handler)]);
  const reached = spread([0, ...handled], (index) => edges[index] ?? []);
  const backwards: number[][] = steps.map(() => []);
  for (const [from, list] of edges.entries()) for (const to of list) backwards[to]?.push(from);
  const ends = steps.flatMap((step, index) => (step.kind === 'end' ? [index] : []));
  const ending = spread(ends, (index) => backwards[index] ?? []);

  const remarks: Remark[] = [];
  const stuck: number[] = [];
  for (const [index, step] of steps.entries()) {
    // Behind the last step of a loop there may be no way on, where each of its steps leads elsewhere.
    if (step.kind === 'again' && !reached.has(index)) continue;
    if (!reached.has(index)) {
      const message = `nothing leads to '${step.id}'`;
      const remedy = 'remove it, or let a next lead to it';
      remarks.push({ step: index, code: 'SCRIPT_UNREACHABLE', message, remedy });
    } else if (edges[index]?.includes(steps.length)) {
      const message = `after '${step.id}' there is no further step, and no end was reached`;
      remarks.push({
        step: index,
        code: 'SCRIPT_DEAD_END',
        message,
        remedy: 'add an end, or a next that always holds',
      });
    } else if (!ending.has(index)) stuck.push(index);
  }
  // Steps that only lead to a place that falls off the end are explained by that place.
  const off = remarks.filter(({ code }) => code === 'SCRIPT_DEAD_END').map(({ step }) => step);
  const explained = spread(off, (index) => backwards[index] ?? []);
  const first = stuck.find((index) => !explained.has(index));
  if (first !== undefined) {
    const message = `from '${steps[first]?.id}' no end can be reached`;
    remarks.push({ step: first, code: 'SCRIPT_DEAD_END', message, remedy: 'let one of its ways lead to an end' });
  }
  remarks.push(...endlessRounds(steps, reached));
  return remarks.sort((a, b) => a.step - b.step);
}

/** A round of steps none of which waits would run for ever. */
function endlessRounds(steps: readonly Step[], reached: ReadonlySet<number>): Remark[] {
  const silent = (index: number): number[] => {
    const step = steps[index];
    if (waits(step)) return step.condition === undefined ? [] : [index + 1];
    // Loops are bounded by their max.
    if (step?.kind === 'again') return [index + 1];
    return successors(steps, index);
  };
  for (const index of perhapsInRounds(reached, silent)) {
    if (!spread(silent(index), silent).has(index)) continue;
    const message = `the way from '${steps[index]?.id}' can lead back to it without asking anybody`;
    const remedy = 'put an info or a question without if on the way round';
    return [{ step: index, code: 'SCRIPT_ENDLESS', message, remedy }];
  }
  return [];
}

/** The steps that are left when those without a way on, and then those that led to these alone, are taken out: no round is lost. */
function perhapsInRounds(reached: ReadonlySet<number>, edges: (index: number) => readonly number[]): number[] {
  const open = new Map<number, number>();
  const backwards = new Map<number, number[]>();
  for (const from of reached) {
    const ways = edges(from).filter((to) => reached.has(to));
    open.set(from, ways.length);
    for (const to of ways) backwards.set(to, [...(backwards.get(to) ?? []), from]);
  }
  const shut = [...open].flatMap(([index, ways]) => (ways === 0 ? [index] : []));
  for (let next = shut.pop(); next !== undefined; next = shut.pop()) {
    open.delete(next);
    for (const from of backwards.get(next) ?? []) {
      const ways = (open.get(from) ?? 0) - 1;
      open.set(from, ways);
      if (ways === 0) shut.push(from);
    }
  }
  return [...open.keys()].sort((a, b) => a - b);
}

export function spread(from: readonly number[], edges: (index: number) => readonly number[]): Set<number> {
  const seen = new Set(from);
  const open = [...from];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const to of edges(next)) {
      if (seen.has(to)) continue;
      seen.add(to);
      open.push(to);
    }
  }
  return seen;
}

const remaining = new WeakMap<readonly Step[], number[]>();

/** For each step the fewest waiting steps, itself included, that lie before an end; computed once for a program. */
export function remainingQuestions(steps: readonly Step[]): number[] {
  const known = remaining.get(steps);
  if (known !== undefined) return known;
  const fewest = steps.map((step) => (step.kind === 'end' ? 0 : Number.POSITIVE_INFINITY));
  // Each round carries the numbers one step further; a script has few steps.
  for (let round = 0, changed = true; changed && round <= steps.length; round++) {
    changed = false;
    for (const [index, step] of steps.entries()) {
      const after = Math.min(...successors(steps, index).map((to) => fewest[to] ?? Number.POSITIVE_INFINITY));
      const best = after + (waits(step) ? 1 : 0);
      if (best >= (fewest[index] ?? 0)) continue;
      fewest[index] = best;
      changed = true;
    }
  }
  remaining.set(steps, fewest);
  return fewest;
}
