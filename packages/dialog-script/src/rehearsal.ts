import type { ValueType } from '@caruso/expressions';
import type { Setting } from './format-value.js';
import { materialOf } from './material.js';
import type { Need } from './path.js';
import type { Program, Step } from './program.js';
import { stepOf } from './session-event.js';
import { type Case, type Move, Simulation, worldOf } from './simulate.js';
import type { View } from './view-type.js';

/**
 * A dialog that somebody tries out, as far as it is: what was said, and in the order in which it was asked what look-ups found
 * and what actions gave. It is a case that is not whole yet.
 */
export interface Rehearsed {
  channel: string;
  language: string;
  params: Record<string, unknown>;
  /** ISO, UTC. */
  now: string;
  /** By look-up: what it found, each time. */
  found: Record<string, readonly (readonly unknown[])[]>;
  /** By action: its result, or `{ fails: why }`, each time. */
  acted: Record<string, readonly unknown[]>;
  moves: readonly Move[];
}

/** Where a rehearsal stands. */
export interface Rehearsal {
  view: View;
  /** What a look-up or an action gave is to be said before it goes on. */
  need: Need | undefined;
  /** The move that could not be made as it was when it was recorded, by index, and why; those behind it were not made. */
  stopped: { move: number; why: string } | undefined;
  /** Ways that were taken, as `waysOf` names them. */
  ways: ReadonlySet<string>;
  /** Steps in the order in which they were answered. */
  path: readonly string[];
  /** The step that waits, with the script it is in. */
  present: { script: string; step: string } | undefined;
  variables: readonly { kind: 'param' | 'var' | 'answer' | 'result'; name: string; value: unknown }[];
  calls: readonly { visit: string; method: string; arguments: Record<string, unknown> }[];
}

/**
 * Rehearses a dialog with the real engine: a pure function of the program and of what was said so far. Going back is leaving out
 * the last move; another program shows where the same dialog leads in it.
 *
 * @example
 * rehearse(program, { ...begin, moves: [{ answer: { meter: 'M1' } }] }, setting).view
 */
export function rehearse(program: Program, rehearsed: Rehearsed, setting: Setting): Rehearsal {
  const ways = new Set<string>();
  const { channel, language, params, now, moves } = rehearsed;
  const world = worldOf({ name: '', ...rehearsed }, true);
  const simulation = new Simulation(program, world, { channel, language, params, now }, setting, ways);
  let stopped: Rehearsal['stopped'];
  for (const [index, move] of moves.entries()) {
    const { path } = simulation.state;
    if (path.need !== undefined) break;
    const { present } = path;
    const at = 'answer' in move ? move.at : undefined;
    const why =
      present === undefined
        ? 'ended'
        : at !== undefined && at !== present.step.id
          ? `it is at '${present.step.id}'`
          : undefined;
    if (why !== undefined || !simulation.move(move)) {
      stopped = { move: index, why: why ?? `nothing came of it at '${present?.step.id}'` };
      break;
    }
  }
  const { path } = simulation.state;
  const { present, place } = path;
  return {
    view: simulation.view,
    need: path.need,
    stopped,
    ways,
    path: path.answered.map(({ step }) => step.id),
    present: present === undefined ? undefined : { script: present.place.program.id, step: present.step.id },
    variables: [...place.program.names].map(([name, { kind }]) => ({ kind, name, value: place.scope.get(name) })),
    calls: simulation.calls,
  };
}

/** A rehearsal as a case of its own, with what came of it: as `caruso script test` reads it. */
export function recordedCase(name: string, rehearsed: Rehearsed, { view, path }: Rehearsal): Case {
  const { channel, language, params, now, found, acted, moves } = rehearsed;
  const filled = (values: object) => Object.keys(values).length > 0;
  const alike = (times: readonly unknown[]) => times.every((time) => JSON.stringify(time) === JSON.stringify(times[0]));
  const once = (times: readonly (readonly unknown[])[]) => (alike(times) ? (times[0] ?? []) : times);
  return {
    name,
    channel,
    language,
    now,
    ...(filled(params) ? { params } : {}),
    ...(filled(found) ? { found: mapped(found, once) } : {}),
    ...(filled(acted) ? { acted: mapped(acted, (times) => (alike(times) ? times[0] : times)) } : {}),
    moves,
    ...(view.outcome === null ? {} : { outcome: view.outcome }),
    path,
  };
}

function mapped<T, R>(values: Record<string, T>, change: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
}

/** The look-up or action that a need is about, as a case names it. */
export function nameOfNeed(need: Need): string {
  if (need.kind === 'lookup' && need.key !== undefined) return need.visit.slice(need.visit.lastIndexOf('.') + 1);
  return stepOf(need.visit);
}

/** What a script reads of the result of a look-up or an action: attributes with their types, `customer.name` as one. */
export function attributesRead(program: Program, into: string): { name: string; type: ValueType }[] {
  const names = new Set([into, ...program.steps.flatMap((step) => itemsOf(step))]);
  const read = new Map<string, ValueType>();
  for (const [path, type] of materialOf(program).paths) {
    const [root = '', ...attributes] = path.split('.');
    if (names.has(root) && attributes.length > 0 && typeof type !== 'object') read.set(attributes.join('.'), type);
  }
  return [...read].map(([name, type]) => ({ name, type }));
}

/** The name of an item of a loop: it may be one of what was found. */
function itemsOf(step: Step): string[] {
  return step.kind === 'loop' && step.as !== undefined ? [step.as] : [];
}
