import { Facts } from './facts.js';
import type { Setting } from './format-value.js';
import type { Path } from './path.js';
import type { Place } from './place.js';
import type { Fail, Program } from './program.js';
import { Scope, type SessionFacts } from './scope.js';
import type { SessionEvent, Turn } from './session-event.js';
import { Trail } from './trail.js';

/** Where a walk can be taken up again. */
export interface Checkpoint {
  mark: number;
  index: number;
  place: Place;
  session: SessionFacts;
  at: string;
  answered: number;
  messages: Path['messages'];
  barrier: number;
}

/** What a walk stands on: where it is, as whom, at what time, and what it has come by; all of it can be taken back. */
export abstract class Ground {
  readonly facts: Facts;
  readonly path: Path;
  readonly trail = new Trail();
  protected place: Place;
  protected session: SessionFacts;
  protected at: string;
  readonly #visits = new Map<string, number>();
  /** Visits of actions on the path. */
  protected readonly passed = new Set<string>();

  constructor(
    readonly program: Program,
    id: string,
    started: Extract<SessionEvent, { type: 'started' }>,
    protected readonly setting: Setting,
    /** Ways that were taken, where they are wanted. */
    readonly ways?: Set<string>,
  ) {
    this.facts = new Facts(started);
    const { channel, language, starter, interaction, at } = started;
    this.session = { id, channel, language, starter, interaction, attempt: 1 };
    this.at = at;
    const scope = this.open(program, started.params);
    this.place = { program, scope, prefix: '', round: undefined, caller: undefined };
    this.path = {
      answered: [],
      present: undefined,
      end: undefined,
      need: undefined,
      place: this.place,
      messages: [],
      barrier: 0,
    };
  }

  /** The values a script begins with. */
  protected open(program: Program, params: Readonly<Record<string, unknown>>): Scope {
    const scope = new Scope(program, this.trail, this.session, this.setting.timezone, this.at);
    for (const param of program.params) {
      const given = Object.hasOwn(params, param.name) ? params[param.name] : undefined;
      scope.set(param.name, given ?? (param.default === undefined ? null : scope.evaluate(param.default)));
    }
    for (const variable of program.vars) {
      scope.set(variable.name, variable.first === undefined ? null : scope.evaluate(variable.first));
    }
    return scope;
  }

  protected checkpoint(index: number): Checkpoint {
    const { answered, messages, barrier } = this.path;
    return {
      mark: this.trail.mark,
      index,
      place: this.place,
      session: this.session,
      at: this.at,
      answered: answered.length,
      messages,
      barrier,
    };
  }

  protected moveTo(place: Place): void {
    this.place = place;
    place.scope.session = this.session;
    place.scope.at = this.at;
  }

  protected way(step: string, label: string): void {
    this.ways?.add(`${this.place.program.id} ${step} ${label}`);
  }

  /** From here on the path is walked by somebody, at some time. */
  protected turn({ channel, language, by }: Turn, at: string, attempt: number): void {
    const { id, interaction } = this.session;
    this.session = { id, channel, language, starter: by, interaction, attempt };
    this.at = at;
    this.moveTo(this.place);
  }

  protected pass(visit: string): void {
    if (this.passed.has(visit)) return;
    this.passed.add(visit);
    this.trail.push(() => this.passed.delete(visit));
  }

  protected fail({ says }: Fail, error: string | undefined): void {
    const { path } = this;
    path.messages = [...path.messages, { wordings: says, error, scope: this.place.scope }];
  }

  protected count(id: string): number {
    const before = this.#visits.get(id) ?? 0;
    this.#visits.set(id, before + 1);
    this.trail.push(() => this.#visits.set(id, before));
    return before + 1;
  }
}
