import type { ActionOutcome, FrozenRecord, SessionEvent, Turn } from './session-event.js';

type Started = Extract<SessionEvent, { type: 'started' }>;
type Refused = Extract<SessionEvent, { type: 'refused' }>;
type Intended = Extract<SessionEvent, { type: 'intended' }>;

/** How a visit was left: by an answer, by something that happened, or by an agent who took over. */
export type Leaving =
  | { kind: 'answered'; at: string; turn: Turn; answers: Record<string, unknown> }
  | { kind: 'signalled'; at: string; turn: Turn; signal: string }
  | { kind: 'taken'; at: string; turn: Turn };

/** What is known of a session after some events: the answers last given, what was found and done. */
export class Facts {
  /** By visit. */
  readonly left = new Map<string, Leaving>();
  /** Answers to some of a form's questions, by visit. */
  readonly filled = new Map<string, Record<string, unknown>>();
  /** By visit and input. */
  readonly found = new Map<string, readonly FrozenRecord[]>();
  readonly acted = new Map<string, ActionOutcome>();
  /** Actions nobody waits for that were ordered, by visit and input. */
  readonly ordered = new Set<string>();
  /** Those whose outcome is not known. */
  readonly orders = new Map<string, Intended>();
  /** How often an action was begun, by visit. */
  readonly begun = new Map<string, number>();
  /** The action or undo whose outcome is not known. */
  intended: Intended | undefined;
  /** The step gone back to; it is put again, and what was answered after it waits. */
  cursor: string | undefined;
  /** The answers last refused, while their step is still the present one. */
  refused: Refused | undefined;
  /** Refusals by visit, for texts by attempt and for warnings that were given. */
  readonly refusals = new Map<string, Refused[]>();
  /** Who goes on, and where. */
  turn: Turn;
  /** The visit at which a person was asked for and nobody took over yet. */
  handover: string | undefined;
  paused = false;
  /** Actions that could not be taken back, by visit, with why. */
  readonly stuck = new Map<string, string>();
  /** Number of the last event that people see: what an answer is meant for. */
  seq = 1;
  #count = 1;

  constructor(readonly started: Started) {
    const { channel, language, starter } = started;
    this.turn = { channel, language, by: starter };
  }

  apply(event: SessionEvent): void {
    this.#count++;
    if (event.type !== 'acted' || event.kind !== 'async') this.seq = this.#count;
    switch (event.type) {
      case 'answered':
        this.#leave(event.visit, {
          kind: 'answered',
          at: event.at,
          turn: event.turn ?? this.turn,
          answers: event.answers,
        });
        break;
      case 'signalled':
        this.#leave(event.visit, {
          kind: 'signalled',
          at: event.at,
          turn: event.turn ?? this.turn,
          signal: event.signal,
        });
        break;
      case 'filled':
        this.filled.set(event.visit, { ...this.filled.get(event.visit), ...event.answers });
        this.refused = undefined;
        break;
      case 'refused':
        this.refused = event;
        this.refusals.set(event.visit, [...(this.refusals.get(event.visit) ?? []), event]);
        // All of a form were refused together: it is begun anew.
        if (Object.keys(event.answers).length > 1) this.filled.delete(event.visit);
        break;
      case 'wentBack':
        this.cursor = event.visit;
        this.filled.delete(event.visit);
        this.refused = undefined;
        this.handover = undefined;
        break;
      case 'handedOver':
        this.handover = event.visit;
        break;
      case 'resumed':
        this.#resume(event);
        break;
      case 'paused':
        this.paused = true;
        break;
      case 'found':
        this.found.set(factKey(event.visit, event.input), event.records);
        break;
      case 'intended':
        this.#intend(event);
        break;
      case 'acted':
        this.#act(event);
        break;
      default:
        break;
    }
  }

  #leave(visit: string, leaving: Leaving): void {
    this.left.set(visit, leaving);
    this.filled.delete(visit);
    this.cursor = undefined;
    this.refused = undefined;
    this.handover = undefined;
  }

  #resume({ turn, visit, at }: Extract<SessionEvent, { type: 'resumed' }>): void {
    this.turn = turn;
    this.paused = false;
    if (turn.channel !== 'agent') return;
    this.handover = undefined;
    this.left.set(visit, this.left.get(visit) ?? { kind: 'taken', at, turn });
  }

  #intend(event: Intended): void {
    this.begun.set(event.visit, (this.begun.get(event.visit) ?? 0) + 1);
    if (event.kind !== 'async') {
      this.intended = event;
      return;
    }
    const key = factKey(event.visit, event.input);
    this.ordered.add(key);
    this.orders.set(key, event);
  }

  #act({ visit, input, outcome, kind }: Extract<SessionEvent, { type: 'acted' }>): void {
    const key = factKey(visit, input);
    if (kind === 'async') {
      this.orders.delete(key);
      return;
    }
    this.intended = undefined;
    // What was taken back may be done again, as a call of its own.
    if (kind === 'undo' && outcome.ok) this.acted.delete(key);
    else if (kind === 'undo' && !outcome.ok) this.stuck.set(visit, outcome.message);
    else this.acted.set(key, outcome);
  }
}

export function factKey(visit: string, input: string): string {
  return `${visit} ${input}`;
}
