/** Who goes on with a session, and where. */
export interface Turn {
  channel: string;
  language: string;
  /** Id of the principal. */
  by: string;
}

/** The events a session consists of, in order. They are plain data; everything else is computed from them. */
export type SessionEvent =
  | {
      type: 'started';
      at: string;
      channel: string;
      language: string;
      params: Record<string, unknown>;
      starter: string;
      interaction: string | null;
    }
  | { type: 'answered'; at: string; message: string; visit: string; answers: Record<string, unknown>; turn?: Turn }
  /** One question of a form was answered, on a channel that puts them one after the other. */
  | { type: 'filled'; at: string; message: string; visit: string; answers: Record<string, unknown> }
  /** Answers that were not taken, kept so that nothing typed is lost; without answers where nobody answered in time. */
  | {
      type: 'refused';
      at: string;
      message: string;
      visit: string;
      answers: Record<string, unknown>;
      /** The event it stands for, when it was no answer. */
      signal?: string;
    }
  | { type: 'wentBack'; at: string; message: string; visit: string }
  /** Something happened that leads away from the step. */
  | { type: 'signalled'; at: string; message: string; visit: string; signal: string; turn?: Turn }
  /** The customer wants a person; the step waits for an agent. */
  | { type: 'handedOver'; at: string; message: string; visit: string }
  /** Somebody goes on, perhaps somebody else, in another language or on another channel. */
  | { type: 'resumed'; at: string; message: string; visit: string; turn: Turn }
  | { type: 'paused'; at: string; message: string; visit: string }
  /** Another version of the script was put under the session. */
  | { type: 'migrated'; at: string; message: string; content: string; version: string }
  /** What a look-up found, frozen. */
  | { type: 'found'; at: string; visit: string; input: string; records: FrozenRecord[] }
  /** An action is about to be done; after a crash this is what is known. */
  | {
      type: 'intended';
      at: string;
      visit: string;
      input: string;
      call: string;
      kind?: 'undo' | 'async';
      /** Of an action nobody waits for: what to call. */
      order?: { method: string; arguments: Record<string, unknown>; timeout: number; retry: number };
    }
  | { type: 'acted'; at: string; visit: string; input: string; outcome: ActionOutcome; kind?: 'undo' | 'async' };

/** A business object as it was when it was found; references are frozen the same way. `$` is out of expressions' reach. */
export interface FrozenRecord {
  $object: string;
  $key: string;
  $display?: string;
  [attribute: string]: unknown;
}

export type ActionOutcome = { ok: true; result: unknown } | { ok: false; code: string; message: string };

/** A step and the how-manieth time the path comes by: `reading#2`; in a loop `each#1[M1]/reading#1`. */
export function visitOf(step: string, count: number): string {
  return `${step}#${count}`;
}

/** The step's id, without the loops and calls around it. */
export function stepOf(visit: string): string {
  return visit.slice(visit.lastIndexOf('/') + 1, visit.lastIndexOf('#'));
}

/** Equal data gives equal text, whatever the order of keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) {
      return typeof inner === 'bigint' ? inner.toString() : inner;
    }
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}
