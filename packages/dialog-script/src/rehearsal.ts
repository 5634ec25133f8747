import type { ValueType } from '@caruso/expressions';
import type { Setting } from './format-value.js';
import { materialOf } from './material.js';
import type { Need } from './path.js';
import type { Program } from './program.js';
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
  /** Answers that were refused, by index of the move. */
  refused: ReadonlySet<number>;
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
  const refused = new Set<number>();
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
    const { seq } = simulation.state;
    if (why !== undefined || !simulation.move(move)) {
      stopped = { move: index, why: why ?? `nothing came of it at '${present?.step.id}'` };
      break;
    }
    if (simulation.state.events.slice(seq).some(({ type }) => type === 'refused')) refused.add(index);
  }
  const { path } = simulation.state;
  const { present, place } = path;
  return {
    view: simulation.view,
    need: path.need,
    stopped,
    refused,
    ways,
    path: path.answered.map(({ step }) => step.id),
    present: present === undefined ? undefined : { script: present.place.program.id, step: present.step.id },
    variables: [...place.program.names].map(([name, { kind }]) => ({ kind, name, value: place.scope.get(name) })),
    calls: simulation.calls,
  };
}

/** A rehearsal as a case of its own, with what came of it: as `caruso script test` reads it. */
export function recordedCase(name: string, rehearsed: Rehearsed, { view, path, refused }: Rehearsal): Case {
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
    moves: moves.map((move, index) => ('answer' in move && refused.has(index) ? { ...move, refused: true } : move)),
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

/** What a script reads of the result that a need asks for: attributes with their types, `customer.name` as one. */
export function attributesRead(program: Program, need: Need): { name: string; type: ValueType }[] {
  const id = nameOfNeed(need);
  const programs = everyProgram(program);
  const steps = programs.flatMap((each) => each.steps);
  const into = steps.find((step) => step.kind === 'lookup' && step.id === id);
  const own = need.kind === 'lookup' ? (into?.kind === 'lookup' ? into.into : id) : need.action.into;
  // An item of a loop may be one of what was found.
  const items = steps.flatMap((step) => (step.kind === 'loop' && step.as !== undefined ? step.as : []));
  const names = new Set(need.kind === 'lookup' ? [own, ...items] : [own]);
  const read = new Map<string, ValueType>();
  for (const each of programs) {
    for (const [path, type] of materialOf(each).paths) {
      const [root = '', ...attributes] = path.split('.');
      if (names.has(root) && attributes.length > 0 && typeof type !== 'object') read.set(attributes.join('.'), type);
    }
  }
  return [...read].map(([name, type]) => ({ name, type }));
}

function everyProgram(program: Program): Program[] {
  return [program, ...[...program.scripts.values()].flatMap(everyProgram)];
}
