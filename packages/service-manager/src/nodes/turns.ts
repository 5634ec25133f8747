/** How many are worked on before what they led to is sent. */
const SLICE = 32;

/**
 * Spreads a burst of calls over several turns of the event loop, so that the answers to the first leave while the others are worked
 * on: otherwise two nodes that talk in bursts would wait for each other in turn, and neither would ever work while the other does.
 */
export class Turns {
  #taken = 0;
  readonly #waiting: (() => void)[] = [];

  /** Runs `work` now, or in one of the next turns if this one has had its share; always in order. */
  take(work: () => void): void {
    if (this.#taken >= SLICE) {
      this.#waiting.push(work);
      return;
    }
    if (this.#taken++ === 0) setImmediate(this.#next);
    work();
  }

  readonly #next = (): void => {
    this.#taken = 0;
    for (const work of this.#waiting.splice(0, SLICE)) this.take(work);
  };
}
