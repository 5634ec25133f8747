import type { ActionOutcome, FrozenRecord, SessionEvent } from './session-event.js';

/** What is known of a session after some events: the answers last given, what was found and done. */
export interface Facts {
  started: Extract<SessionEvent, { type: 'started' }>;
  /** By visit. */
  answers: ReadonlyMap<string, { answers: Record<string, unknown>; at: string }>;
  /** By visit and input. */
  found: ReadonlyMap<string, readonly FrozenRecord[]>;
  /** By visit and input. */
  acted: ReadonlyMap<string, ActionOutcome>;
  /** The action whose outcome is not known. */
  intended: Extract<SessionEvent, { type: 'intended' }> | undefined;
  /** The step gone back to; it is put again, and what was answered after it waits. */
  cursor: string | undefined;
  /** The answers last refused, while their step is still the present one. */
  refused: Extract<SessionEvent, { type: 'refused' }> | undefined;
  /** Refusals by visit, for texts by attempt and for warnings that were given. */
  refusals: ReadonlyMap<string, readonly Extract<SessionEvent, { type: 'refused' }>[]>;
}

export function factKey(visit: string, input: string): string {
  return `${visit} ${input}`;
}

/** Folds the events of a session. Throws where they do not begin with a start. */
export function gather(events: readonly SessionEvent[]): Facts {
  const [started] = events;
  if (started?.type !== 'started') throw new TypeError('a session begins with a start');
  const answers = new Map<string, { answers: Record<string, unknown>; at: string }>();
  const found = new Map<string, readonly FrozenRecord[]>();
  const acted = new Map<string, ActionOutcome>();
  const refusals = new Map<string, Extract<SessionEvent, { type: 'refused' }>[]>();
  let intended: Facts['intended'];
  let cursor: string | undefined;
  let refused: Facts['refused'];
  for (const event of events) {
    switch (event.type) {
      case 'started':
        break;
      case 'answered':
        answers.set(event.visit, { answers: event.answers, at: event.at });
        cursor = undefined;
        refused = undefined;
        break;
      case 'refused':
        refused = event;
        refusals.set(event.visit, [...(refusals.get(event.visit) ?? []), event]);
        break;
      case 'wentBack':
        cursor = event.visit;
        refused = undefined;
        break;
      case 'found':
        found.set(factKey(event.visit, event.input), event.records);
        break;
      case 'intended':
        intended = event;
        break;
      case 'acted':
        acted.set(factKey(event.visit, event.input), event.outcome);
        intended = undefined;
        break;
    }
  }
  return { started, answers, found, acted, intended, cursor, refused, refusals };
}
