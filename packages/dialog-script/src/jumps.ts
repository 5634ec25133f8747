import type { Fail, Handler, Next, Step } from './program.js';

/** Where a `next`, `fail` or `on` leads into a loop from outside: there is no item there. */
export function inspectJumps(
  steps: readonly Step[],
  handlers: readonly Handler[],
): { offset: number; message: string; remedy: string }[] {
  const loops = steps.flatMap((step, head) => (step.kind === 'loop' ? [{ head, end: step.end }] : []));
  const around = steps.map((_, index) =>
    loops.flatMap(({ head, end }) => (head < index && index <= end ? [head] : [])),
  );
  const found: { offset: number; message: string; remedy: string }[] = [];
  const look = (from: number | undefined, to: number, offset: number): void => {
    const outside = around[to]?.find((head) => from === undefined || !around[from]?.includes(head));
    if (outside === undefined) return;
    const message = `'${steps[to]?.id}' is within the loop '${steps[outside]?.id}', which this does not go through`;
    found.push({ offset, message, remedy: `lead to '${steps[outside]?.id}', or to a step outside it` });
  };
  for (const [index, step] of steps.entries()) {
    for (const { to, span } of waysOf(step)) look(index, to, span.from + 1);
  }
  for (const { to, span, actions } of handlers) {
    look(undefined, to, span.from + 1);
    for (const { fail, span: own } of actions) look(undefined, fail.to, own.from + 1);
  }
  return found;
}

function waysOf(step: Step): { to: number; span: { from: number } }[] {
  const ways: { to: number; span: { from: number } }[] = [];
  const add = ({ to }: Next | Fail, span: { from: number }) => ways.push({ to, span });
  if ('next' in step) {
    for (const next of step.next) {
      add(next, next.span);
      for (const action of next.actions) if (!action.async) add(action.fail, action.span);
    }
  }
  if (step.kind === 'lookup' && step.fail !== undefined) add(step.fail, step.span);
  if (step.kind === 'action' && !step.action.async) add(step.action.fail, step.action.span);
  return ways;
}
