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
  | { type: 'answered'; at: string; message: string; visit: string; answers: Record<string, unknown> }
  /** Answers that were not taken, kept so that nothing typed is lost. */
  | { type: 'refused'; at: string; message: string; visit: string; answers: Record<string, unknown> }
  | { type: 'wentBack'; at: string; message: string; visit: string }
  /** What a look-up found, frozen. */
  | { type: 'found'; at: string; visit: string; input: string; records: FrozenRecord[] }
  /** An action is about to be done; after a crash this is what is known. */
  | { type: 'intended'; at: string; visit: string; input: string; call: string }
  | { type: 'acted'; at: string; visit: string; input: string; outcome: ActionOutcome };

/** A business object as it was when it was found; references are frozen the same way. `$` is out of expressions' reach. */
export interface FrozenRecord {
  $object: string;
  $key: string;
  $display?: string;
  [attribute: string]: unknown;
}

export type ActionOutcome = { ok: true; result: unknown } | { ok: false; code: string; message: string };

/** A step and the how-manieth time the path comes by: `reading#2`. */
export function visitOf(step: string, count: number): string {
  return `${step}#${count}`;
}

export function stepOf(visit: string): string {
  return visit.slice(0, visit.lastIndexOf('#'));
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
