import { spread, successors } from './graph.js';
import type { Action, Program, Undo } from './program.js';
import { toWire } from './record.js';
import type { Scope } from './scope.js';

/** An action that was done and was not taken back. */
interface Done {
  input: string;
  action: Action;
  undo: { method: string; idempotent: boolean; arguments: Record<string, unknown> } | undefined;
  /** The step of the outermost script it belongs to. */
  root: number;
}

/** What has been done by actions that can be taken back, by visit, in the order in which it was done. */
export class Standing {
  readonly #done = new Map<string, Done>();

  set(visit: string, input: string, action: Action, scope: Scope, root: number): void {
    if (this.#done.get(visit)?.input === input) return;
    const { undo } = action;
    this.#done.delete(visit);
    this.#done.set(visit, { input, action, root, undo: undo === undefined ? undefined : order(undo, scope) });
  }

  get(visit: string): Done | undefined {
    return this.#done.get(visit);
  }

  delete(visit: string): void {
    this.#done.delete(visit);
  }

  /** The last action that can be taken back, is not on the path, and that the path can no longer come by. */
  stray(kept: (visit: string) => boolean, program: Program, at: number | undefined): [string, Done] | undefined {
    const list = [...this.#done].filter(([visit, { undo }]) => undo !== undefined && !kept(visit));
    if (list.length === 0) return undefined;
    const ahead = at === undefined ? new Set<number>() : reachable(program, at);
    return list.findLast(([, { root }]) => !ahead.has(root));
  }
}

function order(undo: Undo, scope: Scope) {
  return { method: undo.method, idempotent: undo.idempotent, arguments: argumentsOf(undo.arguments, scope) };
}

/** The arguments of a call, by their paths. */
export function argumentsOf(list: Undo['arguments'], scope: Scope): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const { path, expression } of list) assign(given, path, toWire(scope.evaluate(expression)));
  return given;
}

function assign(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  const inner = target[name];
  const next = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
  target[name] = next;
  assign(next, rest, value);
}

/** Steps that may follow, the one it waits at included: it may be the loop or the call that goes on. */
function reachable(program: Program, from: number): ReadonlySet<number> {
  const handled = program.handlers.map(({ to }) => to);
  return spread([from, ...handled], (index) => successors(program.steps, index));
}
