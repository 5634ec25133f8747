/** What was changed on the way, so that a part of the way can be taken back. */
export class Trail {
  readonly #changes: (() => void)[] = [];

  /** How to take back a change that is about to be made. */
  push(undo: () => void): void {
    this.#changes.push(undo);
  }

  /** A place to come back to. */
  get mark(): number {
    return this.#changes.length;
  }

  /** Takes back everything since the mark, the last first. */
  rewind(mark: number): void {
    while (this.#changes.length > mark) this.#changes.pop()?.();
  }
}
