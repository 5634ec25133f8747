import type { BusinessObjects, ModelApi } from '@caruso/business-objects/contract';
import {
  type ActionOutcome,
  canonical,
  decideAnswer,
  decideBack,
  type Need,
  type Program,
  replay,
  type SessionEvent,
  type SessionState,
  type Setting,
  view,
  waits,
} from '@caruso/dialog-script';
import type { Schema } from '@caruso/expressions';
import type { Client, Clock, Ids, Log, Principal, Services } from '@caruso/service-manager/contract';
import type { NewEvent } from '@caruso/storage-manager/contract';
import type { View } from './contract.js';
import { Errands } from './errands.js';
import * as errors from './errors.js';
import { tell } from './journal-entry.js';
import type { Library } from './library.js';
import { Overtaken, ownerOf, type SessionRow, type SessionStore, type StoredSession } from './store.js';
import { inTurn } from './turn.js';

/** What an answer may hold in all, in characters. */
const largestAnswers = 100_000;

export interface EngineParts {
  store: SessionStore;
  library: Library;
  objects: Client<typeof BusinessObjects>;
  model: ModelApi;
  services: Services;
  clock: Clock;
  ids: Ids;
  log: Log;
  setting: () => Setting;
}

export interface StartOrder {
  script: string;
  channel: string;
  language: string;
  params: Record<string, unknown>;
  interaction: string | null;
  requestId: string | undefined;
}

/** Runs sessions: loads, decides by the pure core, commits, looks up, acts. */
export class Engine {
  readonly #errands: Errands;

  constructor(readonly parts: EngineParts) {
    this.#errands = new Errands(parts);
  }

  async start(order: StartOrder, principal: Principal): Promise<View> {
    const { store, library, ids } = this.parts;
    const owner = ownerOf(principal);
    const request = order.requestId === undefined ? null : canonical([owner, order.requestId]);
    return inTurn(request ?? ids.next(), async () => {
      const earlier = request === null ? undefined : await store.byRequest(request);
      if (earlier !== undefined) return this.view(earlier, undefined);
      const edition = library.get(order.script);
      if (edition === undefined) throw errors.scriptUnknown(order.script, []);
      const { program, content, text, file } = edition;
      const at = this.#now();
      const row: SessionRow = {
        id: ids.next(),
        script: program.id,
        version: program.version,
        content,
        channel: order.channel,
        language: order.language,
        owner,
        request,
        interaction: order.interaction,
        state: 'waiting',
        step: null,
        outcome: null,
        seq: 0,
        startedAt: at,
        changedAt: at,
        endedAt: null,
      };
      const { channel, language, interaction, params } = order;
      const started: SessionEvent = {
        type: 'started',
        at,
        channel,
        language,
        params,
        starter: principal.id,
        interaction,
      };
      await store.keepText({ content, script: program.id, file, text, keptAt: at });
      try {
        // In the session's own turn too: a recovery must not take its first action for an interrupted one.
        const state = await inTurn(row.id, () => this.#drive(program, { row, events: [] }, [started]));
        return view(state, this.parts.setting());
      } catch (error) {
        const winner = error instanceof Overtaken && request !== null ? await store.byRequest(request) : undefined;
        if (winner === undefined) throw error;
        return this.view(winner, undefined);
      }
    });
  }

  async answer(id: string, seq: number, message: string, answers: Record<string, unknown>): Promise<View> {
    if (JSON.stringify(answers).length > largestAnswers) throw errors.contentTooLarge(largestAnswers);
    return this.#move(id, seq, message, (state, at) => {
      const event = decideAnswer(state, answers, message, at, this.parts.setting());
      if (event === undefined) throw errors.sessionEnded(id);
      return event;
    });
  }

  back(id: string, seq: number, message: string, to: string | undefined): Promise<View> {
    return this.#move(id, seq, message, (state, at) => {
      if (state.path.end !== undefined) throw errors.sessionEnded(id);
      const event = decideBack(state, to, message, at);
      if (event === undefined) throw errors.stepNotOnPath(id, to);
      return event;
    });
  }

  /** The present view; an action that a crash interrupted is settled first. */
  async view(id: string, channel: string | undefined): Promise<View> {
    return inTurn(id, async () => {
      const { session, program } = await this.#open(id);
      return view(await this.#settled(program, session), this.parts.setting(), channel);
    });
  }

  /** Settles what was under way when the process stopped. */
  async recover(): Promise<void> {
    for (const id of await this.parts.store.acting()) {
      try {
        await this.view(id, undefined);
        this.parts.log.info({ session: id }, 'an interrupted action of a script session was settled');
      } catch (error) {
        this.parts.log.error({ session: id, error }, 'an interrupted action of a script session cannot be settled yet');
      }
    }
  }

  #move(
    id: string,
    seq: number,
    message: string,
    decide: (state: SessionState, at: string) => SessionEvent,
  ): Promise<View> {
    return inTurn(id, async () => {
      const { session, program } = await this.#open(id);
      const setting = this.parts.setting();
      const repeated = repetition(session.events, message);
      // Settled first, so that a repeated message gives what it led to, not what it was interrupted at.
      const state = await this.#settled(program, session);
      if (repeated !== undefined) {
        const until = repeated === session.events.length ? undefined : repeated;
        if (until === undefined) return view(state, setting);
        return view(replay(program, id, session.events.slice(0, until), setting), setting);
      }
      if (seq !== state.seq) throw errors.sessionStale(id, seq, state.seq);
      const event = decide(state, this.#now());
      const present = state.seq === session.events.length ? session : (await this.#open(id)).session;
      try {
        return view(await this.#drive(program, present, [event]), setting);
      } catch (error) {
        if (!(error instanceof Overtaken)) throw error;
        const { session: now } = await this.#open(id);
        const mine = repetition(now.events, message);
        if (mine === undefined) throw errors.sessionStale(id, seq, now.events.length);
        return view(replay(program, id, now.events.slice(0, mine), setting), setting);
      }
    });
  }

  async #open(id: string): Promise<{ session: StoredSession; program: Program }> {
    const { store, library } = this.parts;
    const session = await store.load(id);
    if (session === undefined) throw errors.sessionUnknown(id);
    const { content, script } = session.row;
    const { program, faults } = await library.pinned(content, () => store.text(content), this.#schema());
    if (program === undefined) throw errors.sessionBroken(id, script, faults);
    return { session, program };
  }

  /** The state, once an action that is only known to have been intended is done or given up. */
  async #settled(program: Program, session: StoredSession): Promise<SessionState> {
    const state = this.#replay(program, session.row.id, session.events);
    const { need } = state.path;
    if (need === undefined) return state;
    if (need.kind !== 'action') return this.#drive(program, session, []);
    const idempotent = this.parts.services
      .methods()
      .some(({ contract, method, idempotent: again }) => again && `${contract}.${method}` === need.action.method);
    const outcome: ActionOutcome = idempotent
      ? await this.#errands.act(need, session.row, state.facts.intended?.call ?? callId(session.row.id, need, []))
      : {
          ok: false,
          code: 'ACTION_IN_DOUBT',
          message: `it is not known whether '${need.action.method}' was done before the process stopped; it was not repeated`,
        };
    return this.#drive(program, session, [this.#acted(need, outcome)]);
  }

  /**
   * Follows the path as far as it goes without a person. Look-ups are done before the commit; an action is done after the
   * commit that tells of it, and its outcome is committed with what follows.
   */
  async #drive(program: Program, session: StoredSession, events: SessionEvent[]): Promise<SessionState> {
    let stored = session;
    let pending = [...events];
    for (;;) {
      const state = this.#replay(program, stored.row.id, [...stored.events, ...pending]);
      const { need } = state.path;
      if (need === undefined) {
        await this.#commit(stored, pending, state);
        return state;
      }
      if (need.kind === 'lookup') {
        pending.push(await this.#errands.lookUp(need, stored.row));
        continue;
      }
      const call = callId(stored.row.id, need, [...stored.events, ...pending]);
      pending.push({ type: 'intended', at: this.#now(), visit: need.visit, input: need.input, call });
      stored = await this.#commit(
        stored,
        pending,
        this.#replay(program, stored.row.id, [...stored.events, ...pending]),
      );
      pending = [this.#acted(need, await this.#errands.act(need, stored.row, call))];
    }
  }

  #replay(program: Program, id: string, events: readonly SessionEvent[]): SessionState {
    try {
      return replay(program, id, events, this.parts.setting());
    } catch (error) {
      throw errors.scriptFailed(program.id, error);
    }
  }

  async #commit(session: StoredSession, events: readonly SessionEvent[], state: SessionState): Promise<StoredSession> {
    if (events.length === 0) return session;
    const { path, program } = state;
    const at = this.#now();
    const row: SessionRow = {
      ...session.row,
      state: path.end !== undefined ? 'ended' : path.need === undefined ? 'waiting' : 'acting',
      step: path.present?.step.id ?? path.end?.id ?? null,
      outcome: path.end?.outcome ?? null,
      seq: session.events.length + events.length,
      changedAt: at,
      endedAt: path.end === undefined ? null : at,
    };
    const told: NewEvent[] = events.flatMap((event) => tell(event, program, row));
    if (path.end !== undefined) told.push({ type: 'ScriptSession.ended', data: endingOf(state, row) });
    await this.parts.store.append(session, events, row, told);
    return { row, events: [...session.events, ...events] };
  }

  #acted(need: Need, outcome: ActionOutcome): SessionEvent {
    return { type: 'acted', at: this.#now(), visit: need.visit, input: need.input, outcome };
  }

  #now(): string {
    return new Date(this.parts.clock.now()).toISOString();
  }

  #schema(): Pick<Schema, 'objects'> {
    return { objects: this.parts.model.expressionTypes() as NonNullable<Schema['objects']> };
  }
}

/** Key of an action's call: session, action, visit; repeated with other arguments it is numbered on. */
function callId(session: string, need: Need, events: readonly SessionEvent[]): string {
  const before = events.filter((event) => event.type === 'intended' && event.visit === need.visit).length;
  return `${session}/${need.visit}${before === 0 ? '' : `/${before + 1}`}`;
}

/** How far the events reach that a message led to: up to the next message. Undefined for a message that is new. */
function repetition(events: readonly SessionEvent[], message: string): number | undefined {
  const index = events.findIndex((event) => 'message' in event && event.message === message);
  if (index < 0) return undefined;
  const next = events.findIndex((event, at) => at > index && 'message' in event);
  return next < 0 ? events.length : next;
}

function endingOf(state: SessionState, row: SessionRow): Record<string, unknown> {
  const answered = state.path.answered.filter(({ step }) => waits(step)).length;
  return {
    script: row.script,
    outcome: row.outcome,
    channel: row.channel,
    interaction: row.interaction,
    steps: answered,
  };
}
