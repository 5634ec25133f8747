import type { CarusoError } from '@caruso/service-manager/contract';
import type { InteractionState } from './contract.js';
import { errors } from './errors.js';
import type { InteractionRow, SkillNeed } from './interaction-row.js';

/** Where an interaction goes when it enters a queue. */
export interface Route {
  queue: string;
  needs: SkillNeed[];
  priority: number;
}

/** What can happen to an interaction. Times are ISO UTC. */
export type InteractionEvent =
  | { kind: 'dialog' }
  | { kind: 'conclude'; note: string }
  | { kind: 'queue'; route: Route; due?: string | null }
  | { kind: 'offer'; agent: string; expiresAt: string; reason: string }
  | { kind: 'expire'; token: number; passUntil: string }
  | { kind: 'decline'; agent: string; token: number; passUntil: string }
  | { kind: 'revoke'; agent: string }
  | { kind: 'accept'; agent: string; token: number }
  | { kind: 'pull'; agent: string }
  | { kind: 'overflow'; route: Route }
  | { kind: 'move'; route: Route | null; reservedFor: string | null }
  | { kind: 'hold' }
  | { kind: 'resume' }
  | { kind: 'transfer'; route: Route }
  | { kind: 'finish'; wrapUpUntil: string | null }
  | { kind: 'wrapUp'; disposition: string; note: string | null }
  | { kind: 'abandon' }
  | { kind: 'deliver' }
  | { kind: 'fail'; note: string };
export type EventKind = InteractionEvent['kind'];

export type Transition = { ok: true; interaction: InteractionRow } | { ok: false; error: CarusoError };

/** The state diagram: from which states each event is taken. */
export const allowedFrom: Readonly<Record<EventKind, readonly InteractionState[]>> = {
  dialog: ['new'],
  conclude: ['ivr'],
  queue: ['new', 'ivr'],
  offer: ['queued'],
  expire: ['offered'],
  decline: ['offered'],
  revoke: ['offered'],
  accept: ['offered'],
  pull: ['queued', 'offered'],
  overflow: ['queued'],
  move: ['queued', 'offered'],
  hold: ['active'],
  resume: ['held'],
  transfer: ['active', 'held'],
  finish: ['active', 'held'],
  wrapUp: ['wrap-up'],
  abandon: ['new', 'ivr', 'queued', 'offered'],
  deliver: ['new'],
  fail: ['new', 'ivr', 'queued', 'offered', 'active', 'held', 'wrap-up'],
};

const noLease = { leaseAgent: null, leaseExpiresAt: null, leaseReason: null } as const;

/**
 * The state machine of an interaction: what an event makes of it, or why it is refused. Nothing is changed in place.
 *
 * @example
 * const step = transition(waiting, { kind: 'pull', agent: 'anna' }, '2026-01-05T08:00:00.000Z');
 * if (step.ok) step.interaction.state; // 'active'
 */
export function transition(row: InteractionRow, event: InteractionEvent, now: string): Transition {
  const from = allowedFrom[event.kind];
  if (!from.includes(row.state)) {
    // A lease that ended is the usual reason for a late answer; the agent is told so in its own words.
    if (event.kind === 'accept' || event.kind === 'decline') {
      return { ok: false, error: errors.offerGone(row.id, event.token) };
    }
    return { ok: false, error: errors.transitionRefused(row.id, row.state, event.kind, from) };
  }
  const step = apply(row, event, now);
  if (!step.ok) return step;
  const next = step.interaction;
  return {
    ok: true,
    interaction: { ...next, version: row.version + 1, since: next.state === row.state ? row.since : now },
  };
}

function apply(row: InteractionRow, event: InteractionEvent, now: string): Transition {
  switch (event.kind) {
    case 'dialog':
      return to(row, { state: 'ivr' });
    case 'conclude':
      return to(row, { state: 'done', endedAt: now, note: event.note });
    case 'queue':
      return enter(row, event.route, now, { queuedAt: now, due: event.due ?? row.due });
    case 'offer':
      return to(row, {
        state: 'offered',
        leaseAgent: event.agent,
        leaseToken: row.leaseToken + 1,
        leaseExpiresAt: event.expiresAt,
        leaseReason: event.reason,
      });
    case 'expire':
      if (event.token !== row.leaseToken) return gone(row, event.token);
      return requeue(row, event.passUntil);
    case 'decline':
      if (event.token !== row.leaseToken || event.agent !== row.leaseAgent) return gone(row, event.token);
      return requeue(row, event.passUntil);
    case 'revoke':
      if (event.agent !== row.leaseAgent) return gone(row, row.leaseToken);
      return to(row, { ...noLease, state: 'queued' });
    case 'accept':
      if (event.token !== row.leaseToken || event.agent !== row.leaseAgent) return gone(row, event.token);
      return answer(row, event.agent, now);
    case 'pull':
      if (row.state === 'offered' && row.leaseAgent !== event.agent) {
        return { ok: false, error: errors.transitionRefused(row.id, row.state, 'pull', ['queued']) };
      }
      return answer(row, event.agent, now);
    case 'overflow':
      return enter(row, event.route, now, {});
    case 'move':
      return event.route === null
        ? to(row, { ...noLease, state: 'queued', reservedFor: event.reservedFor, passedOver: {} })
        : enter(row, event.route, now, { reservedFor: event.reservedFor });
    case 'hold':
      return to(row, { state: 'held' });
    case 'resume':
      return to(row, { state: 'active' });
    case 'transfer':
      return enter(row, event.route, now, { agent: null, queuedAt: now, preferredAgent: null, reservedFor: null });
    case 'finish':
      return to(row, { state: 'wrap-up', wrapUpUntil: event.wrapUpUntil });
    case 'wrapUp':
      return to(row, { state: 'done', endedAt: now, ...closing(event.disposition, event.note) });
    case 'abandon':
      return to(row, { ...noLease, state: 'abandoned', endedAt: now });
    case 'deliver':
      return to(row, { state: 'done', endedAt: now });
    case 'fail':
      return to(row, { ...noLease, state: 'failed', endedAt: now, note: event.note });
  }
}

function to(row: InteractionRow, changes: Partial<InteractionRow>): Transition {
  return { ok: true, interaction: { ...row, ...changes } };
}

function gone(row: InteractionRow, token: number): Transition {
  return { ok: false, error: errors.offerGone(row.id, token) };
}

function enter(row: InteractionRow, route: Route, now: string, changes: Partial<InteractionRow>): Transition {
  return to(row, {
    ...noLease,
    state: 'queued',
    queue: route.queue,
    needs: route.needs,
    priority: route.priority,
    enteredQueueAt: now,
    passedOver: {},
    ...changes,
  });
}

function requeue(row: InteractionRow, passUntil: string): Transition {
  const passed = row.leaseAgent === null ? {} : { [row.leaseAgent]: passUntil };
  return to(row, { ...noLease, state: 'queued', passedOver: { ...row.passedOver, ...passed } });
}

function answer(row: InteractionRow, agent: string, now: string): Transition {
  return to(row, {
    ...noLease,
    state: 'active',
    agent,
    answeredAt: row.answeredAt ?? now,
    passedOver: {},
    reservedFor: null,
  });
}

function closing(disposition: string, note: string | null): Partial<InteractionRow> {
  return { disposition, wrapUpUntil: null, ...(note === null ? {} : { note }) };
}
