import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InteractionState } from './contract.js';
import type { InteractionRow } from './interaction-row.js';
import { waitingChat } from './sample.test.support.js';
import { stageChange } from './stage.js';
import { allowedFrom, type EventKind, type InteractionEvent, transition } from './transition.js';

const now = '2026-01-05T08:01:00.000Z';
const later = '2026-01-05T08:02:00.000Z';

function step(row: InteractionRow, ...events: InteractionEvent[]): InteractionRow {
  let current = row;
  for (const event of events) {
    const result = transition(current, event, now);
    if (!result.ok) throw result.error;
    current = result.interaction;
  }
  return current;
}

function refusal(row: InteractionRow, event: InteractionEvent): string {
  const result = transition(row, event, now);
  return result.ok ? 'taken' : result.error.code;
}

const offer: InteractionEvent = { kind: 'offer', agent: 'anna', expiresAt: later, reason: 'general' };

describe('transition', () => {
  it('takes a contact from the queue to the end', () => {
    const offered = step(waitingChat, offer);
    expect(offered).toMatchObject({ state: 'offered', leaseAgent: 'anna', leaseToken: 1, agent: null, version: 2 });
    const active = step(offered, { kind: 'accept', agent: 'anna', token: 1 });
    expect(active).toMatchObject({ state: 'active', agent: 'anna', leaseAgent: null, answeredAt: now, since: now });
    const done = step(
      active,
      { kind: 'hold' },
      { kind: 'resume' },
      { kind: 'finish', wrapUpUntil: later },
      { kind: 'wrapUp', disposition: 'Solved', note: 'fine' },
    );
    expect(done).toMatchObject({ state: 'done', endedAt: now, disposition: 'Solved', note: 'fine', wrapUpUntil: null });
  });

  it('lets one of two answers to the same offer win', () => {
    const offered = step(waitingChat, offer);
    const active = step(offered, { kind: 'accept', agent: 'anna', token: 1 });
    expect(refusal(active, { kind: 'accept', agent: 'anna', token: 1 })).toBe('OFFER_GONE');
  });

  it('refuses a stale token, also after the same contact was offered again', () => {
    const again = step(waitingChat, offer, { kind: 'expire', token: 1, passUntil: later }, offer);
    expect(again.leaseToken).toBe(2);
    expect(refusal(again, { kind: 'accept', agent: 'anna', token: 1 })).toBe('OFFER_GONE');
    expect(refusal(again, { kind: 'accept', agent: 'bert', token: 2 })).toBe('OFFER_GONE');
    expect(refusal(again, { kind: 'accept', agent: 'anna', token: 2 })).toBe('taken');
  });

  it('puts a declined contact back in its place and remembers who let it go by', () => {
    const back = step(waitingChat, offer, { kind: 'decline', agent: 'anna', token: 1, passUntil: later });
    expect(back).toMatchObject({
      state: 'queued',
      queuedAt: waitingChat.queuedAt,
      passedOver: { anna: later },
      leaseAgent: null,
    });
  });

  it('lets a contact that is offered to one agent not be pulled by another', () => {
    const offered = step(waitingChat, offer);
    expect(refusal(offered, { kind: 'pull', agent: 'bert' })).toBe('TRANSITION_REFUSED');
    expect(step(offered, { kind: 'pull', agent: 'anna' })).toMatchObject({ state: 'active', agent: 'anna' });
  });

  it('starts the waiting anew after a transfer and keeps it over an overflow', () => {
    const route = { queue: 'billing', needs: [], priority: 2 };
    expect(step(waitingChat, { kind: 'overflow', route })).toMatchObject({
      queue: 'billing',
      queuedAt: waitingChat.queuedAt,
      enteredQueueAt: now,
    });
    const moved = step(waitingChat, offer, { kind: 'accept', agent: 'anna', token: 1 }, { kind: 'transfer', route });
    expect(moved).toMatchObject({ state: 'queued', queue: 'billing', agent: null, queuedAt: now, priority: 2 });
  });

  it('refuses in every state exactly what the diagram does not allow, and never changes its argument', () => {
    const route = { queue: 'q', needs: [], priority: 0 };
    const events: { [K in EventKind]: InteractionEvent } = {
      dialog: { kind: 'dialog' },
      conclude: { kind: 'conclude', note: 'done' },
      queue: { kind: 'queue', route },
      offer,
      expire: { kind: 'expire', token: 7, passUntil: later },
      decline: { kind: 'decline', agent: 'anna', token: 7, passUntil: later },
      revoke: { kind: 'revoke', agent: 'anna' },
      accept: { kind: 'accept', agent: 'anna', token: 7 },
      pull: { kind: 'pull', agent: 'anna' },
      overflow: { kind: 'overflow', route },
      move: { kind: 'move', route: null, reservedFor: 'anna' },
      hold: { kind: 'hold' },
      resume: { kind: 'resume' },
      transfer: { kind: 'transfer', route },
      finish: { kind: 'finish', wrapUpUntil: null },
      wrapUp: { kind: 'wrapUp', disposition: 'd', note: null },
      abandon: { kind: 'abandon' },
      deliver: { kind: 'deliver' },
      fail: { kind: 'fail', note: 'x' },
    };
    fc.assert(
      fc.property(
        fc.constantFrom(...InteractionState.options),
        fc.constantFrom(...Object.values(events)),
        (state, event) => {
          const row = Object.freeze({ ...waitingChat, state, leaseAgent: 'anna', leaseToken: 7 });
          const result = transition(row, event, now);
          expect(result.ok).toBe(allowedFrom[event.kind].includes(state));
          expect(result.ok ? result.interaction.version : row.version + 1).toBe(row.version + 1);
        },
      ),
    );
  });
});

describe('stageChange', () => {
  const active = step(waitingChat, offer, { kind: 'accept', agent: 'anna', token: 1 });

  it('keeps one queue segment while a contact is offered, declined and offered again', () => {
    const offered = step(waitingChat, offer);
    expect(stageChange(waitingChat, offered, now)).toEqual({ close: null, open: null });
    const back = step(offered, { kind: 'decline', agent: 'anna', token: 1, passUntil: later });
    expect(stageChange(offered, back, now)).toEqual({ close: null, open: null });
  });

  it('closes it as answered with the time waited, and opens the conversation', () => {
    const offered = step(waitingChat, offer);
    expect(stageChange(offered, active, now)).toMatchObject({
      close: { id: 's1', endedAt: now, answeredAt: now, waited: 60_000, agent: 'anna' },
      open: { kind: 'conversation', agent: 'anna', queuedAt: null },
    });
  });

  it('closes it as abandoned, or as neither where the contact moved on', () => {
    const abandoned = step(waitingChat, { kind: 'abandon' });
    expect(stageChange(waitingChat, abandoned, now)).toEqual({
      close: { id: 's1', endedAt: now, abandonedAt: now, waited: 60_000 },
      open: null,
    });
    const moved = step(waitingChat, { kind: 'overflow', route: { queue: 'billing', needs: [], priority: 0 } });
    expect(stageChange(waitingChat, moved, now)).toMatchObject({
      close: { id: 's1', endedAt: now, waited: 60_000 },
      open: { kind: 'queue', queue: 'billing', queuedAt: now },
    });
  });
});
