import {
  type ActionOutcome,
  factKey,
  type Need,
  type Program,
  replay,
  type SessionEvent,
  type SessionState,
  waits,
} from '@caruso/dialog-script';
import type { NewEvent } from '@caruso/storage-manager/contract';
import type { EngineParts, Working } from './engine.js';
import type { Errands, Order } from './errands.js';
import * as errors from './errors.js';
import { tell } from './journal-entry.js';
import type { OpenSessions } from './open-sessions.js';
import type { SessionRow } from './store.js';
import { inTurn } from './turn.js';
import { visitLeft, waitingSince } from './visit.js';

type Call = Extract<Need, { kind: 'action' | 'undo' }>;
type Intended = Extract<SessionEvent, { type: 'intended' }>;

/**
 * Takes sessions from one person's turn to the next: look-ups are done before the commit; an action is done after the commit
 * that tells of it, and its outcome is committed with what follows.
 */
export class Driver {
  /** Orders under way, by the key of their call. */
  readonly #orders = new Map<string, Promise<void>>();

  constructor(
    readonly parts: EngineParts,
    readonly errands: Errands,
    readonly open: OpenSessions,
    readonly load: (id: string) => Promise<Working>,
  ) {}

  begin(row: SessionRow, program: Program, started: SessionEvent): Promise<Working> {
    const state = this.#guard(program.id, () => replay(program, row.id, [started], this.parts.setting()));
    return this.#follow({ row, state }, [started]);
  }

  drive(working: Working, events: readonly SessionEvent[]): Promise<Working> {
    return this.#follow({ row: working.row, state: this.#advance(working.state, events) }, events);
  }

  /** The session, once an action that is only known to have been intended is done or given up. */
  async settle(working: Working): Promise<Working> {
    this.#order(working, true);
    const { row, state } = working;
    const { need } = state.path;
    if (need === undefined) return working;
    const { intended } = state.facts;
    if (need.kind === 'lookup' || intended?.visit !== need.visit) return this.#follow(working, []);
    const { method } = orderOf(need);
    const outcome: ActionOutcome = this.#isIdempotent(method)
      ? await this.errands.act(orderOf(need), row, intended.call)
      : inDoubt(method);
    return this.drive(working, [this.#acted(need, outcome)]);
  }

  /** Another version of the script under the session, and on from where it stands then. */
  migrate(
    { row }: Working,
    version: { content: string; version: string },
    after: SessionState,
    event: SessionEvent,
  ): Promise<Working> {
    return this.#follow({ row: { ...row, ...version }, state: after }, [event]);
  }

  /** Waits for the actions nobody waits for that were begun. */
  async idle(): Promise<void> {
    while (this.#orders.size > 0) await Promise.all(this.#orders.values());
  }

  /** Follows the path as far as it goes without a person; `events` were applied and are not committed yet. */
  async #follow(working: Working, events: readonly SessionEvent[]): Promise<Working> {
    let { row, state } = working;
    let pending = [...events];
    const add = (event: SessionEvent): void => {
      pending.push(event);
      state = this.#advance(state, [event]);
    };
    for (;;) {
      const { need } = state.path;
      if (need === undefined) {
        const settled = { row: await this.#commit(row, pending, state), state };
        this.#order(settled, false);
        return settled;
      }
      if (need.kind === 'lookup') {
        add(await this.errands.lookUp(need, row));
        continue;
      }
      const call = callId(row.id, need, state);
      const { visit, input } = need;
      const async = need.kind === 'action' && need.action.async;
      const order = orderOf(need);
      const { method, arguments: given, timeout, retry } = order;
      add({
        type: 'intended',
        at: this.#now(),
        visit,
        input,
        call,
        ...(async ? { kind: 'async', order: { method, arguments: given, timeout, retry } } : {}),
        ...(need.kind === 'undo' ? { kind: 'undo' } : {}),
      });
      if (async) continue;
      row = await this.#commit(row, pending, state);
      pending = [];
      add(this.#acted(need, await this.errands.act(order, row, call)));
    }
  }

  #advance(state: SessionState, events: readonly SessionEvent[]): SessionState {
    return this.#guard(state.program.id, () => events.reduce((now, event) => now.advance(event), state));
  }

  #guard<T>(script: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw errors.scriptFailed(script, error);
    }
  }

  async #commit(before: SessionRow, events: readonly SessionEvent[], state: SessionState): Promise<SessionRow> {
    if (events.length === 0) return before;
    const { path, program, facts } = state;
    const { present, end } = path;
    const at = this.#now();
    const queue = present?.step.kind === 'escalate' ? (present.step.queue ?? null) : null;
    const row: SessionRow = {
      ...before,
      channel: facts.turn.channel,
      language: facts.turn.language,
      state: stateOf(state),
      step: present?.step.id ?? end?.id ?? null,
      stepScript: present?.place.program.id ?? null,
      stepVersion: present?.place.program.version ?? null,
      outcome: end?.outcome ?? null,
      queue,
      pending: facts.orders.size,
      seq: before.seq + events.length,
      changedAt: at,
      endedAt: end === undefined ? null : (before.endedAt ?? at),
    };
    const left = visitLeft(before, events, row, state);
    Object.assign(row, waitingSince(before, events, row, left));
    const told: NewEvent[] = events.flatMap((event) => tell(event, program, row));
    if (row.state === 'handed over' && before.state !== 'handed over' && present?.step.kind === 'escalate') {
      const { script, version, channel, interaction } = row;
      const data = { script, version, channel, interaction, step: row.step, queue };
      told.push({ type: 'ScriptSession.handedOver', data });
    }
    if (end !== undefined && before.endedAt === null) {
      told.push({ type: 'ScriptSession.ended', data: endingOf(state, row) });
    }
    await this.parts.store.append(before.seq, events, row, told, left);
    this.open.set(row.id, { row, state });
    return row;
  }

  /**
   * Begins the actions of a session that nobody waits for; each outcome is committed in a turn of its own. Where the session
   * was loaded, a process that stopped may have done them already.
   */
  #order({ row, state }: Working, loaded: boolean): void {
    for (const order of state.facts.orders.values()) {
      if (this.#orders.has(order.call)) continue;
      const done = this.#carryOut(order, row, loaded).finally(() => this.#orders.delete(order.call));
      this.#orders.set(order.call, done);
    }
  }

  async #carryOut({ visit, input, call, order }: Intended, row: SessionRow, loaded: boolean): Promise<void> {
    if (order === undefined) return;
    const { log } = this.parts;
    try {
      const outcome =
        loaded && !this.#isIdempotent(order.method)
          ? inDoubt(order.method)
          : await this.errands.act({ action: visit, result: false, ...order }, row, call);
      await inTurn(row.id, async () => {
        const working = await this.load(row.id);
        if (!working.state.facts.orders.has(factKey(visit, input))) return;
        const event: SessionEvent = { type: 'acted', at: this.#now(), visit, input, outcome, kind: 'async' };
        await this.#commit(working.row, [event], this.#advance(working.state, [event]));
      });
    } catch (error) {
      log.error({ session: row.id, call, error }, 'the outcome of an action of a script session was not stored');
    }
  }

  #isIdempotent(name: string): boolean {
    return this.parts.services
      .methods()
      .some(({ contract, method, idempotent }) => idempotent && `${contract}.${method}` === name);
  }

  #acted(need: Call, outcome: ActionOutcome): SessionEvent {
    const { visit, input } = need;
    return { type: 'acted', at: this.#now(), visit, input, outcome, ...(need.kind === 'undo' ? { kind: 'undo' } : {}) };
  }

  #now(): string {
    return new Date(this.parts.clock.now()).toISOString();
  }
}

function inDoubt(method: string): ActionOutcome {
  return {
    ok: false,
    code: 'ACTION_IN_DOUBT',
    message: `it is not known whether '${method}' was done before the process stopped; it was not repeated`,
  };
}

function orderOf(need: Call): Order {
  const { action } = need;
  const { id, timeout, retry } = action;
  if (need.kind === 'undo') {
    const tries = need.idempotent ? Math.max(retry, 2) : 0;
    return { action: id, method: need.method, arguments: need.arguments, timeout, retry: tries, result: false };
  }
  const result = action.into !== undefined;
  return { action: id, method: action.method, arguments: need.arguments, timeout, retry, result };
}

function stateOf({ path, facts }: SessionState): SessionRow['state'] {
  if (path.need !== undefined) return 'acting';
  if (path.end !== undefined) return 'ended';
  if (facts.paused) return 'paused';
  const { present } = path;
  return present?.step.kind === 'escalate' || facts.handover === present?.visit ? 'handed over' : 'waiting';
}

/** Key of an action's call: session, action, visit; done again, it is numbered on. */
function callId(session: string, need: Call, { facts }: SessionState): string {
  const before = facts.begun.get(need.visit) ?? 0;
  return `${session}/${need.visit}${need.kind === 'undo' ? '/undo' : ''}${before === 0 ? '' : `/${before + 1}`}`;
}

function endingOf(state: SessionState, row: SessionRow): Record<string, unknown> {
  return {
    script: row.script,
    version: row.version,
    outcome: row.outcome,
    channel: row.channel,
    interaction: row.interaction,
    steps: state.path.answered.filter(({ step }) => waits(step)).length,
  };
}
