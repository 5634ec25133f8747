import type { Next, Program } from './program.js';
import { waits } from './program.js';

/** A way from one step to another, as a walk names it: `move ask-day next 1`. */
export interface Way {
  name: string;
  /** Offset of the step in its script's text. */
  offset: number;
}

/** Every way a dialog can take in a script and in those it calls. */
export function waysOf(program: Program, called = false, seen = new Set<string>()): Way[] {
  if (seen.has(program.id)) return [];
  seen.add(program.id);
  const ways: Way[] = [];
  for (const step of program.steps) {
    const add = (label: string): void => {
      ways.push({ name: `${program.id} ${step.id} ${label}`, offset: step.span.from });
    };
    if (step.condition !== undefined) add('skipped');
    if (waits(step) || step.kind === 'choose' || step.kind === 'call') {
      for (const [index, next] of step.next.entries()) for (const label of nextLabels(next, index)) add(label);
      if (!step.next.some(({ condition }) => condition === undefined)) add('below');
    } else if (step.kind === 'loop') ['round', 'over'].forEach(add);
    else if (step.kind === 'end') {
      if (called) add('returned');
    } else if (step.kind !== 'again') {
      add('below');
      if (step.kind === 'lookup' && step.fail !== undefined) add('fail');
      if (step.kind === 'action' && !step.action.async) add('fail');
    }
  }
  for (const [index, handler] of program.handlers.entries()) {
    const { actions, span } = handler;
    const names = [`${index + 1}`, ...actions.filter(({ async }) => !async).map(({ id }) => `${index + 1} ${id} fail`)];
    for (const name of names) ways.push({ name: `${program.id} on ${name}`, offset: span.from });
  }
  for (const other of program.scripts.values()) ways.push(...waysOf(other, true, seen));
  return ways;
}

function nextLabels({ actions }: Next, index: number): string[] {
  const fails = actions.filter(({ async }) => !async).map(({ id }) => `next ${index + 1} ${id} fail`);
  return [`next ${index + 1}`, ...fails];
}
