/** Failed attempts that are allowed within a window of time. */
interface Rule {
  key: (user: string, address: string) => string;
  attempts: number;
  window: number;
}

const minute = 60_000;
/** A person who mistypes is not hindered; guessing is, from one address as from many. */
const rules: readonly Rule[] = [
  { key: (user, address) => `both ${address} ${user}`, attempts: 10, window: minute },
  { key: (_, address) => `address ${address}`, attempts: 60, window: 5 * minute },
  { key: (user) => `user ${user}`, attempts: 100, window: 15 * minute },
];
/** More keys than this are not kept: the oldest go first. */
const capacity = 50_000;

/** Counts attempts to sign in, by user and address. Time comes in as an argument. */
export class SignInLimit {
  readonly #counts = new Map<string, { attempts: number; until: number }>();

  /**
   * Counts an attempt before it is decided, so that many at once cannot slip through.
   * Gives undefined, or the seconds after which one may be made again.
   */
  admit(user: string, address: string, now: number): number | undefined {
    let wait = 0;
    for (const { key, attempts } of rules) {
      const count = this.#counts.get(key(user, address));
      if (count !== undefined && count.until > now && count.attempts >= attempts) {
        wait = Math.max(wait, count.until - now);
      }
    }
    if (wait > 0) return Math.ceil(wait / 1000);
    for (const { key, window } of rules) {
      const name = key(user, address);
      const count = this.#counts.get(name);
      if (count !== undefined && count.until > now) count.attempts += 1;
      else {
        this.#counts.delete(name);
        this.#counts.set(name, { attempts: 1, until: now + window });
      }
    }
    for (const name of this.#counts.keys()) {
      if (this.#counts.size <= capacity) break;
      this.#counts.delete(name);
    }
    return undefined;
  }

  /** The attempt was no guess: it does not count. */
  succeeded(user: string, address: string): void {
    for (const { key } of rules) {
      const count = this.#counts.get(key(user, address));
      if (count !== undefined) count.attempts -= 1;
    }
  }
}
