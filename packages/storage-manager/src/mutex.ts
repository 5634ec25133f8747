import type { Clock } from '@caruso/service-manager/contract';

interface Waiter {
  label: string;
  enter: () => void;
}

/** Gives one holder at a time its turn, in the order of asking. */
export class Mutex {
  readonly #clock: Clock;
  readonly #queue: Waiter[] = [];
  #holder: string | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Those who wait, without the holder. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Label of who holds it now. */
  get holder(): string | undefined {
    return this.#holder;
  }

  /**
   * Resolves with the function that gives the turn back.
   *
   * @param label names the holder in errors of others
   * @param limit milliseconds to wait at most
   * @param expired makes the error for a wait that took too long, from the label of the present holder
   */
  acquire(label: string, limit: number, expired: (holder: string) => Error): Promise<() => void> {
    if (this.#holder === undefined) {
      this.#holder = label;
      return Promise.resolve(this.#releaser());
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        label,
        enter: () => {
          cancel();
          resolve(this.#releaser());
        },
      };
      const cancel = this.#clock.after(limit, () => {
        const place = this.#queue.indexOf(waiter);
        if (place === -1) return;
        this.#queue.splice(place, 1);
        reject(expired(this.#holder ?? 'nobody'));
      });
      this.#queue.push(waiter);
    });
  }

  #releaser(): () => void {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const next = this.#queue.shift();
      this.#holder = next?.label;
      next?.enter();
    };
  }
}
