import type { Clock } from '@caruso/service-manager/contract';

/** Whether who waits goes on with what the holder before would leave. */
type Takes<T> = (left: T) => boolean;

interface Waiter<T> {
  label: string;
  takes: Takes<T> | undefined;
  enter: (left?: T) => void;
}

/** A turn that was given. Once it ended or was passed on, nothing of it does anything any more. */
export interface Turn<T> {
  /** What the holder before left for this one. */
  left: T | undefined;
  /** Gives the turn back. */
  end(): void;
  /** Gives the turn, with something, to the next who waits, where that one takes it; else false, and it stays here. */
  pass(value: T): boolean;
  /** As `pass`; where nobody waits, the turn lies open for the next who comes and takes it, until `resume`. */
  offer(value: T): boolean;
  /** Takes back a turn that was offered; false where somebody has it. */
  resume(): boolean;
}

/** Gives one holder at a time its turn, in the order of asking. */
export class Mutex<T = never> {
  readonly #clock: Clock;
  readonly #queue: Waiter<T>[] = [];
  #holder: { label: string } | undefined;
  /** What lies open for the next. */
  #open: { left: T } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Those who wait, without the holder. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Label of who holds it now. */
  get holder(): string | undefined {
    return this.#holder?.label;
  }

  /**
   * Resolves with the turn.
   *
   * @param label names the holder in errors of others
   * @param limit milliseconds to wait at most
   * @param expired makes the error for a wait that took too long, from the label of the present holder
   * @param takes says whether it goes on with what the holder before would leave; without it never
   */
  acquire(label: string, limit: number, expired: (holder: string) => Error, takes?: Takes<T>): Promise<Turn<T>> {
    if (this.#holder === undefined) return Promise.resolve(this.#enter(label));
    const open = this.#open;
    if (open !== undefined && this.#queue.length === 0 && takes?.(open.left) === true) {
      this.#open = undefined;
      return Promise.resolve(this.#enter(label, open.left));
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter<T> = {
        label,
        takes,
        enter: (left) => {
          cancel();
          resolve(this.#enter(label, left));
        },
      };
      const cancel = this.#clock.after(limit, () => {
        const place = this.#queue.indexOf(waiter);
        if (place === -1) return;
        this.#queue.splice(place, 1);
        reject(expired(this.#holder?.label ?? 'nobody'));
      });
      this.#queue.push(waiter);
    });
  }

  #enter(label: string, left?: T): Turn<T> {
    const holder = { label };
    this.#holder = holder;
    const holds = (): boolean => this.#holder === holder && this.#open === undefined;
    const pass = (value: T): boolean => {
      if (!holds() || this.#queue[0]?.takes?.(value) !== true) return false;
      this.#queue.shift()?.enter(value);
      return true;
    };
    return {
      left,
      end: () => {
        if (!holds()) return;
        this.#holder = undefined;
        this.#queue.shift()?.enter();
      },
      pass,
      offer: (value) => {
        if (pass(value)) return true;
        if (!holds() || this.#queue.length > 0) return false;
        this.#open = { left: value };
        return true;
      },
      resume: () => {
        if (this.#holder !== holder || this.#open === undefined) return false;
        this.#open = undefined;
        return true;
      },
    };
  }
}

/** A turn where none is needed. */
export function freeTurn<T>(): Turn<T> {
  return { left: undefined, end() {}, pass: () => false, offer: () => false, resume: () => false };
}
