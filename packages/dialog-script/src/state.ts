import type { Facts } from './facts.js';
import type { Setting } from './format-value.js';
import type { Path } from './path.js';
import type { Program } from './program.js';
import type { SessionEvent } from './session-event.js';
import { Walker } from './walker.js';

/** The walk that the newest state of a line of states shares with those before it. */
interface Line {
  events: SessionEvent[];
  walker: Walker;
}

/**
 * Where a session stands after its events. A state never changes; going on from the newest costs one step, going on from an
 * older one walks its events again.
 */
export class SessionState {
  #line: Line;

  constructor(
    readonly program: Program,
    readonly id: string,
    readonly setting: Setting,
    /** Number of its events. */
    readonly seq: number,
    line: Line,
  ) {
    this.#line = line;
  }

  get events(): readonly SessionEvent[] {
    return this.#line.events.length === this.seq ? this.#line.events : this.#line.events.slice(0, this.seq);
  }

  get path(): Path {
    return this.walker.path;
  }

  get facts(): Facts {
    return this.walker.facts;
  }

  /** The walk at this state, made anew where later states have gone on with it. */
  get walker(): Walker {
    if (this.#line.events.length !== this.seq) {
      const events = this.#line.events.slice(0, this.seq);
      this.#line = { events, walker: walked(this.program, this.id, events, this.setting) };
    }
    return this.#line.walker;
  }

  /** The state after one more event. Throws where the script cannot go on; this state is as it was. */
  advance(event: SessionEvent): SessionState {
    const { walker } = this;
    const { events } = this.#line;
    const line = this.#line;
    events.push(event);
    try {
      walker.apply(event);
    } catch (error) {
      // The walk is in pieces: this state makes its own again.
      const before = events.slice(0, this.seq);
      this.#line = { events: before, walker: walked(this.program, this.id, before, this.setting) };
      throw error;
    }
    return new SessionState(this.program, this.id, this.setting, this.seq + 1, line);
  }
}

/**
 * The state of a session: a pure function of its events.
 *
 * @example
 * const state = replay(program, 's1', events, { locale: 'nl-NL', timezone: 'Europe/Amsterdam', currency: 'EUR' });
 */
export function replay(
  program: Program,
  id: string,
  events: readonly SessionEvent[],
  setting: Setting,
  ways?: Set<string>,
): SessionState {
  const own = [...events];
  return new SessionState(program, id, setting, own.length, {
    events: own,
    walker: walked(program, id, own, setting, ways),
  });
}

function walked(
  program: Program,
  id: string,
  events: readonly SessionEvent[],
  setting: Setting,
  ways?: Set<string>,
): Walker {
  const [started, ...rest] = events;
  if (started?.type !== 'started') throw new TypeError('a session begins with a start');
  const walker = new Walker(program, id, started, setting, ways);
  for (const event of rest) walker.apply(event);
  return walker;
}
