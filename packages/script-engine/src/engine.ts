import type { BusinessObjects, ModelApi } from '@caruso/business-objects/contract';
import {
  canonical,
  decideAnswer,
  decideBack,
  decidePause,
  decideResume,
  decideSignal,
  isBehindBarrier,
  type Message,
  type Program,
  replay,
  type SessionEvent,
  type SessionState,
  type Setting,
  type Turn,
  type View,
  view,
} from '@caruso/dialog-script';
import type { Schema } from '@caruso/expressions';
import type { Client, Clock, Ids, Log, Principal, Services } from '@caruso/service-manager/contract';
import { Driver } from './driver.js';
import { Errands } from './errands.js';
import * as errors from './errors.js';
import type { Library } from './library.js';
import { planMigration } from './migration.js';
import { OpenSessions } from './open-sessions.js';
import { Overtaken, ownerOf, type SessionRow, type SessionStore } from './store.js';
import { inTurn } from './turn.js';

/** What an answer may hold in all, in characters. */
const largestAnswers = 150_000;

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

/** Who does something with a session. */
export interface Caller {
  /** Id of the principal. */
  by: string | undefined;
  /** Looks at a session's row before anything is done with it; throws for those it is not for. */
  check: (row: SessionRow) => void;
  /** The channel that is shown: a customer's own, whoever goes on with the session. */
  channel: (row: SessionRow) => string | undefined;
}

const nobody: Caller = { by: undefined, check: () => {}, channel: () => undefined };

/** A message of a person to a session: its id, and the number of the view it was made for. */
export interface Addressed {
  session: string;
  seq: number;
  messageId: string;
}

/** A session in work. */
export interface Working {
  row: SessionRow;
  state: SessionState;
}

/** Runs sessions: loads, decides by the pure core, commits, looks up, acts. */
export class Engine {
  readonly #driver: Driver;
  readonly #open: OpenSessions;

  constructor(readonly parts: EngineParts) {
    this.#open = new OpenSessions();
    this.#driver = new Driver(parts, new Errands(parts), this.#open, (id) => this.#load(id, nobody));
  }

  async start(order: StartOrder, principal: Principal): Promise<View> {
    const { store, library, ids } = this.parts;
    const owner = ownerOf(principal);
    const request = order.requestId === undefined ? null : canonical([owner, order.requestId]);
    return inTurn(request ?? ids.next(), async () => {
      const earlier = request === null ? undefined : await store.byRequest(request);
      if (earlier !== undefined) return this.view(earlier, { ...nobody, channel: () => order.channel });
      const edition = library.get(order.script);
      if (edition === undefined) throw errors.scriptUnknown(order.script, []);
      const { program, content, text, file, parts } = edition;
      const at = this.#now();
      const { channel, language, interaction, params } = order;
      const row: SessionRow = {
        id: ids.next(),
        script: program.id,
        version: program.version,
        content,
        channel,
        language,
        owner,
        request,
        interaction,
        state: 'waiting',
        step: null,
        stepScript: null,
        stepVersion: null,
        since: null,
        refusals: 0,
        outcome: null,
        queue: null,
        startedOn: channel,
        agent: null,
        pending: 0,
        seq: 0,
        startedAt: at,
        changedAt: at,
        endedAt: null,
      };
      const started = { type: 'started', at, channel, language, params, starter: principal.id, interaction } as const;
      await store.keepText({ content, script: program.id, file, text, parts, keptAt: at });
      try {
        // In the session's own turn too: a recovery must not take its first action for an interrupted one.
        const { state } = await inTurn(row.id, () => this.#driver.begin(row, program, started));
        return view(state, order.channel);
      } catch (error) {
        const winner = error instanceof Overtaken && request !== null ? await store.byRequest(request) : undefined;
        if (winner === undefined) throw error;
        return this.view(winner, { ...nobody, channel: () => order.channel });
      }
    });
  }

  async answer(to: Addressed, answers: Record<string, unknown>, caller: Caller): Promise<View> {
    if (JSON.stringify(answers).length > largestAnswers) throw errors.contentTooLarge(largestAnswers);
    return this.#move(to, caller, (state, message) => {
      if (state.facts.paused) throw errors.sessionPaused(to.session);
      const events = decideAnswer(state, answers, message);
      if (events.length > 0) return events;
      throw state.path.end === undefined ? errors.sessionWaitsForAgent(to.session) : errors.sessionEnded(to.session);
    });
  }

  back(to: Addressed, step: string | undefined, caller: Caller): Promise<View> {
    return this.#move(to, caller, (state, message) => {
      if (state.path.end !== undefined) throw errors.sessionEnded(to.session);
      const events = decideBack(state, step, message);
      if (events.length > 0) return events;
      throw isBehindBarrier(state, step)
        ? errors.stepBehindBarrier(to.session, step)
        : errors.stepNotOnPath(to.session, step);
    });
  }

  signal(to: Omit<Addressed, 'seq'> & { seq?: number | undefined }, signal: string, caller: Caller): Promise<View> {
    return this.#move(to, caller, (state, message) => {
      if (state.path.end !== undefined) throw errors.sessionEnded(to.session);
      const events = decideSignal(state, signal, message);
      if (events.length === 0) throw errors.signalUnknown(to.session, signal);
      return events;
    });
  }

  pause(to: Addressed, caller: Caller): Promise<View> {
    return this.#move(to, caller, (state, message) => {
      const events = decidePause(state, message);
      if (events.length === 0) throw errors.sessionEnded(to.session);
      return events;
    });
  }

  /** Goes on with a session, perhaps as somebody else, elsewhere, in another language. */
  resume(to: Omit<Addressed, 'seq'>, turn: Partial<Turn>, caller: Caller, agent?: string): Promise<View> {
    const decide = (state: SessionState, message: Message): SessionEvent[] => {
      const events = decideResume(state, turn, message);
      if (events.length === 0) throw errors.sessionEnded(to.session);
      return events;
    };
    return this.#move(to, caller, decide, agent);
  }

  /** Puts the version that is served now under a session; with `dryRun` only tells what would be lost. */
  async migrate(
    to: Addressed,
    dryRun: boolean,
    caller: Caller,
  ): Promise<{
    changed: boolean;
    version: string;
    lost: { step: string; name: string; display: string }[];
    view: View;
  }> {
    return inTurn(to.session, async () => {
      const working = await this.#settled(await this.#load(to.session, caller));
      const { state, row } = working;
      if (to.seq !== state.facts.seq) throw errors.sessionStale(to.session, to.seq, state.facts.seq);
      if (state.path.end !== undefined) throw errors.sessionEnded(to.session);
      const edition = this.parts.library.get(row.script);
      if (edition === undefined) throw errors.scriptUnknown(row.script, []);
      const { program, content, text, file, parts } = edition;
      const at = this.#now();
      const event: SessionEvent = {
        type: 'migrated',
        at,
        message: to.messageId,
        content,
        version: program.version,
      };
      const { lost, after } = planMigration(state, program, event);
      const changed = content !== row.content;
      if (dryRun || !changed)
        return {
          changed,
          version: program.version,
          lost,
          view: shown({ row, state: changed ? after : state }, caller),
        };
      await this.parts.store.keepText({ content, script: program.id, file, text, parts, keptAt: at });
      const moved = await this.#driver.migrate(working, { content, version: program.version }, after, event);
      return { changed, version: program.version, lost, view: shown(moved, caller) };
    });
  }

  /** The present view; an action that a crash interrupted is settled first. */
  async view(id: string, caller: Caller): Promise<View> {
    return inTurn(id, async () => shown(await this.#settled(await this.#load(id, caller)), caller));
  }

  /** The state, for what only looks at it. */
  async look<T>(id: string, caller: Caller, work: (working: Working) => Promise<T> | T): Promise<T> {
    return inTurn(id, async () => work(await this.#load(id, caller)));
  }

  get errands(): Errands {
    return this.#driver.errands;
  }

  /** Settles what was under way when the process stopped. */
  async recover(): Promise<void> {
    for (const id of await this.parts.store.acting()) {
      try {
        await this.view(id, nobody);
        this.parts.log.info({ session: id }, 'an interrupted action of a script session was settled');
      } catch (error) {
        this.parts.log.error({ session: id, error }, 'an interrupted action of a script session cannot be settled yet');
      }
    }
  }

  /** Programs are compiled anew: what is held of sessions belongs to the old ones. */
  forget(): void {
    this.#open.clear();
  }

  /** Waits for the actions nobody waits for that were begun. */
  idle(): Promise<void> {
    return this.#driver.idle();
  }

  #move(
    { session: id, seq, messageId }: { session: string; seq?: number | undefined; messageId: string },
    caller: Caller,
    decide: (state: SessionState, message: Message) => SessionEvent[],
    agent?: string,
  ): Promise<View> {
    return inTurn(id, async () => {
      const loaded = await this.#load(id, caller);
      const repeated = repetition(loaded.state.events, messageId);
      // Settled first, so that a repeated message gives what it led to, not what it was interrupted at.
      const working = await this.#settled(loaded);
      if (repeated !== undefined) return viewAt(working, repeated, caller);
      const { state, row } = working;
      if (seq !== undefined && seq !== state.facts.seq) throw errors.sessionStale(id, seq, state.facts.seq);
      const events = decide(state, { message: messageId, at: this.#now(), by: caller.by });
      const taken = agent === undefined ? row : { ...row, agent };
      try {
        return shown(await this.#driver.drive({ row: taken, state }, events), caller);
      } catch (error) {
        if (!(error instanceof Overtaken)) throw error;
        this.#open.delete(id);
        const now = await this.#load(id, caller);
        const mine = repetition(now.state.events, messageId);
        if (mine === undefined) throw errors.sessionStale(id, seq ?? state.facts.seq, now.state.facts.seq);
        return viewAt(now, mine, caller);
      }
    });
  }

  async #load(id: string, caller: Caller): Promise<Working> {
    const { store, library } = this.parts;
    const row = await store.row(id);
    if (row === undefined) throw errors.sessionUnknown(id);
    caller.check(row);
    const held = this.#open.get(id);
    if (held !== undefined && held.row.seq === row.seq && held.row.content === row.content)
      return { row, state: held.state };
    const { content, script } = row;
    const { program, faults } = await library.pinned(content, () => store.text(content), this.#schema());
    if (program === undefined) throw errors.sessionBroken(id, script, faults);
    const state = this.#replay(program, id, await store.events(id));
    const working = { row, state };
    this.#open.set(id, working);
    return working;
  }

  #settled(working: Working): Promise<Working> {
    return this.#driver.settle(working);
  }

  #replay(program: Program, id: string, events: readonly SessionEvent[]): SessionState {
    try {
      return replay(program, id, events, this.parts.setting());
    } catch (error) {
      throw errors.scriptFailed(program.id, error);
    }
  }

  #now(): string {
    return new Date(this.parts.clock.now()).toISOString();
  }

  #schema(): Pick<Schema, 'objects'> {
    return { objects: this.parts.model.expressionTypes() as NonNullable<Schema['objects']> };
  }
}

/** How far the events reach that a message led to: up to the next message. Undefined for a message that is new. */
function repetition(events: readonly SessionEvent[], message: string): number | undefined {
  const index = events.findLastIndex((event) => 'message' in event && event.message === message);
  if (index < 0) return undefined;
  const next = events.findIndex((event, at) => at > index && 'message' in event);
  return next < 0 ? events.length : next;
}

/** The view after so many events; what else came of the last message may have been added since. */
function viewAt({ row, state }: Working, events: number, caller: Caller): View {
  const later = state.events.slice(events).some((event) => 'message' in event);
  const then = later ? replay(state.program, state.id, state.events.slice(0, events), state.setting) : state;
  return shown({ row, state: then }, caller);
}

function shown({ row, state }: Working, caller: Caller): View {
  return view(state, caller.channel(row));
}
