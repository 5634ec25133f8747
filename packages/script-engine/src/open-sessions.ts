import type { Working } from './engine.js';

const most = 500;

/** Sessions that were worked on lately, as they were committed, so that an answer does not read and walk everything again. */
export class OpenSessions {
  readonly #held = new Map<string, Working>();

  get(id: string): Working | undefined {
    const found = this.#held.get(id);
    if (found === undefined) return undefined;
    // The one used last is forgotten last.
    this.#held.delete(id);
    this.#held.set(id, found);
    return found;
  }

  set(id: string, working: Working): void {
    this.#held.delete(id);
    this.#held.set(id, working);
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= most) return;
      this.#held.delete(oldest);
    }
  }

  delete(id: string): void {
    this.#held.delete(id);
  }

  clear(): void {
    this.#held.clear();
  }
}
