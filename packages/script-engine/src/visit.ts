import { canonical, type SessionEvent, type SessionState } from '@caruso/dialog-script';
import type { SessionRow, VisitRow } from './store.js';

/** How events lead away from a step; an agent who resumes may lead away from it. */
const ways: Partial<Record<SessionEvent['type'], VisitRow['how']>> = {
  answered: 'answered',
  wentBack: 'back',
  signalled: 'signalled',
  migrated: 'migrated',
  resumed: 'taken over',
};

/**
 * The step that was waited at, where these events lead away from it. Each time a step is put it is left once at most, so that what a
 * funnel counts is never negative, whatever rounds and jumps the dialog takes.
 *
 * @param row what the session is after the events
 */
export function visitLeft(
  before: SessionRow,
  events: readonly SessionEvent[],
  row: SessionRow,
  state: SessionState,
): VisitRow | undefined {
  const { step, stepScript, stepVersion } = before;
  const event = events.findLast(({ type }) => ways[type] !== undefined);
  const how = event === undefined ? undefined : ways[event.type];
  if (before.since === null || step === null || event === undefined || how === undefined) return undefined;
  const moved = row.step !== step || row.stepScript !== stepScript;
  if (event.type === 'resumed' && !moved) return undefined;
  return {
    session: row.id,
    number: before.seq + events.length,
    script: stepScript ?? row.script,
    version: stepVersion ?? before.version,
    step,
    channel: before.channel,
    how: event.type === 'signalled' && event.signal === 'hang-up' ? 'hung up' : how,
    arrivedAt: withoutPause(before, before.since, row.changedAt),
    leftAt: row.changedAt,
    refusals: before.refusals + refusalsIn(events),
    corrected: event.type === 'answered' && isCorrection(event, state.events),
  };
}

/** Since when the step waits that is waited at now, and how many answers to it were not taken. */
export function waitingSince(
  before: SessionRow,
  events: readonly SessionEvent[],
  row: SessionRow,
  left: VisitRow | undefined,
): Pick<SessionRow, 'since' | 'refusals'> {
  // A step belongs to a script; where a session has none it is at its end, or something is done for it.
  if (row.stepScript === null || row.state === 'acting') return { since: null, refusals: 0 };
  if (left !== undefined || before.since === null) return { since: row.changedAt, refusals: 0 };
  return {
    since: withoutPause(before, before.since, row.changedAt),
    refusals: before.refusals + refusalsIn(events),
  };
}

/** Time that passes while a session is put aside is nobody's. */
function withoutPause({ state, changedAt }: SessionRow, since: string, now: string): string {
  if (state !== 'paused') return since;
  return new Date(Date.parse(since) + Date.parse(now) - Date.parse(changedAt)).toISOString();
}

function refusalsIn(events: readonly SessionEvent[]): number {
  return events.filter(({ type }) => type === 'refused').length;
}

/** Whether the same visit was answered otherwise before. */
function isCorrection(event: Extract<SessionEvent, { type: 'answered' }>, all: readonly SessionEvent[]): boolean {
  const at = all.lastIndexOf(event);
  const before = all.findLast(
    (each, index): each is typeof event => index < at && each.type === 'answered' && each.visit === event.visit,
  );
  return before !== undefined && canonical(before.answers) !== canonical(event.answers);
}
