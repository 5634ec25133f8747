import type { InteractionState } from './contract.js';
import type { InteractionRow } from './interaction-row.js';

type SegmentKind = 'dialog' | 'queue' | 'conversation' | 'hold' | 'wrap-up';

/** One stage of an interaction as stored; reports count these. Times ISO UTC, `waited` in milliseconds. */
interface SegmentRow {
  id: string;
  interaction: string;
  kind: SegmentKind;
  channel: string;
  direction: 'inbound' | 'outbound';
  queue: string | null;
  agent: string | null;
  at: string;
  endedAt: string | null;
  /** Queue segments only: offered to the queue, then answered, abandoned, or neither (moved on). */
  queuedAt: string | null;
  answeredAt: string | null;
  abandonedAt: string | null;
  waited: number | null;
}

const stages: Partial<Record<InteractionState, SegmentKind>> = {
  ivr: 'dialog',
  queued: 'queue',
  offered: 'queue',
  active: 'conversation',
  held: 'hold',
  'wrap-up': 'wrap-up',
};

/** What a step of the state machine does to the segments. */
export interface StageChange {
  close: (Pick<SegmentRow, 'id' | 'endedAt'> & Partial<SegmentRow>) | null;
  open: Omit<SegmentRow, 'id'> | null;
}

/** Closes the running segment and opens the next when the stage, or the queue within the waiting stage, is another one. */
export function stageChange(before: InteractionRow, after: InteractionRow, now: string): StageChange {
  const was = stages[before.state] ?? null;
  const is = stages[after.state] ?? null;
  const sameQueue = before.queue === after.queue && before.enteredQueueAt === after.enteredQueueAt;
  if (was === is && (is !== 'queue' || sameQueue)) return { close: null, open: null };
  return {
    close:
      was === null || before.segment === null
        ? null
        : { id: before.segment, endedAt: now, ...ending(before, after, was, now) },
    open: is === null ? null : opening(after, is, now),
  };
}

function ending(before: InteractionRow, after: InteractionRow, kind: SegmentKind, now: string): Partial<SegmentRow> {
  if (kind !== 'queue') return {};
  const waited = Date.parse(now) - Date.parse(before.enteredQueueAt ?? now);
  if (after.state === 'active') return { answeredAt: now, waited, agent: after.agent };
  if (after.state === 'abandoned') return { abandonedAt: now, waited };
  return { waited };
}

function opening(after: InteractionRow, kind: SegmentKind, now: string): Omit<SegmentRow, 'id'> {
  return {
    interaction: after.id,
    kind,
    channel: after.channel,
    direction: after.direction,
    queue: after.queue,
    agent: kind === 'queue' ? null : after.agent,
    at: now,
    endedAt: null,
    queuedAt: kind === 'queue' ? now : null,
    answeredAt: null,
    abandonedAt: null,
    waited: null,
  };
}
