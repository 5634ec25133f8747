import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { signInBusy } from './errors.js';

/** Cost of a hash; OWASP's parameters for scrypt at 32 MB. Kept with each hash, so that they can be raised later. */
const cost = { N: 2 ** 15, r: 8, p: 3 };
const keyLength = 32;
/** Hashes computed at once, and those that may wait: each costs a thread for about 0.2 s. */
const atOnce = 2;
const waiting = 60;

/** Hashes and verifies passwords, a few at a time, so that a flood of attempts leaves the threads to others. */
export class Passwords {
  #running = 0;
  readonly #queue: (() => void)[] = [];
  #decoy: Promise<string> | undefined;

  /** `scrypt$N$r$p$salt$key`, salt and key in base64url. */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(16);
    const key = await this.#derive(password, salt, cost);
    return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$');
  }

  /** Takes as long without a hash (an unknown user) as with a wrong one. Throws SIGN_IN_BUSY. */
  async verify(password: string, stored: string | undefined): Promise<boolean> {
    this.#decoy ??= this.hash(randomBytes(16).toString('base64url'));
    const [, N, r, p, salt = '', key = ''] = (stored ?? (await this.#decoy)).split('$');
    const expected = Buffer.from(key, 'base64url');
    const options = { N: Number(N), r: Number(r), p: Number(p) };
    const found = await this.#derive(password, Buffer.from(salt, 'base64url'), options);
    return found.length === expected.length && timingSafeEqual(found, expected) && stored !== undefined;
  }

  async #derive(password: string, salt: Buffer, parameters: { N: number; r: number; p: number }): Promise<Buffer> {
    await this.#turn();
    try {
      const options: ScryptOptions = { ...parameters, maxmem: 256 * parameters.N * parameters.r };
      return await new Promise<Buffer>((resolve, reject) => {
        // One form for what looks the same on the screen, however the keyboard composed it.
        scrypt(password.normalize('NFKC'), salt, keyLength, options, (error, key) =>
          error === null ? resolve(key) : reject(error),
        );
      });
    } finally {
      this.#running -= 1;
      this.#queue.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    if (this.#running >= atOnce) {
      if (this.#queue.length >= waiting) throw signInBusy();
      await new Promise<void>((resolve) => this.#queue.push(resolve));
    }
    this.#running += 1;
  }
}
