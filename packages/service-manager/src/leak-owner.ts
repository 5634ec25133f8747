import { type Call, currentCall } from './call.js';
import { type Opened, wayOf } from './leak-opened.js';

/** Marks a call with the generation that it runs in. */
const runsIn = Symbol.for('caruso.runs-in');
type Marked = Call & { [runsIn]?: LeakOwner };

/** How many entries may come to be before the ones that are closed already are thrown out. */
const SWEEP = 256;

/** A generation, and what was opened in its name and not closed yet. */
export class LeakOwner {
  /** What opens later was opened by something left behind, and is looked at however short it is meant to live. */
  disposed = false;
  /** Looked at for the last time; nothing more is noted. */
  over = false;
  readonly #opened = new Set<Opened>();
  #sweepAt = SWEEP;

  constructor(
    readonly name: string,
    readonly number: number,
    /** File or folder that the component's code is in; undefined where it was not loaded from one of its own. */
    readonly origin: string | undefined,
    /** As the service tree shows it. */
    readonly source: string | undefined,
    /** What the whole process opens is looked at for its sake; else only what it asks of the service manager. */
    readonly watched: boolean,
  ) {}

  note(opened: Opened): void {
    if (this.over) return;
    this.#opened.add(opened);
    if (this.#opened.size < this.#sweepAt) return;
    for (const each of this.#opened) if (!each.open()) this.#opened.delete(each);
    this.#sweepAt = Math.max(SWEEP, this.#opened.size * 2);
  }

  /** Something that was noted was closed in the proper way. */
  closed(opened: Opened): void {
    this.#opened.delete(opened);
  }

  get empty(): boolean {
    return this.#opened.size === 0;
  }

  /** What is open still and is the component's own doing. */
  open(): Opened[] {
    return [...this.#opened].filter((each) => each.open() && wayOf(each, this.origin) !== 'foreign');
  }

  /** Nothing is held any more. */
  end(): void {
    this.over = true;
    this.#opened.clear();
  }
}

/** Says that what happens within `call` happens in this generation. Costs one assignment. */
export function markCall<C extends Call>(call: C, owner: LeakOwner): C {
  (call as Marked)[runsIn] = owner;
  return call;
}

/** The generation whose code runs now, as far as it is known. */
export function currentOwner(): LeakOwner | undefined {
  for (let at: Marked | undefined = currentCall(); at !== undefined; at = at.within) {
    if (at[runsIn] !== undefined) return at[runsIn];
  }
  return undefined;
}
