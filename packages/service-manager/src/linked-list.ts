/** One value's place in a {@link LinkedList}. */
export interface Link<T> {
  readonly value: T;
  before: Link<T> | undefined;
  after: Link<T> | undefined;
  list: LinkedList<T> | undefined;
}

/**
 * What comes and goes by the thousand each second, in the order in which it came. A Set would keep what has gone alive for long: V8 makes
 * a new table for it again and again, each old one leads to the next, and the first that has become old memory holds on to all of them.
 *
 * @example
 * const calls = new LinkedList<RunningCall>();
 * const link = calls.add(call);
 * calls.remove(link);
 */
export class LinkedList<T> implements Iterable<T> {
  #first: Link<T> | undefined;
  #last: Link<T> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(value: T): Link<T> {
    const link: Link<T> = { value, before: this.#last, after: undefined, list: this };
    if (this.#last === undefined) this.#first = link;
    else this.#last.after = link;
    this.#last = link;
    this.#size++;
    return link;
  }

  /** Tells whether it was in the list. */
  remove(link: Link<T> | undefined): boolean {
    if (link?.list !== this) return false;
    const { before, after } = link;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    // One that has gone must lead nowhere, or it would keep alive what came after it.
    link.before = undefined;
    link.after = undefined;
    link.list = undefined;
    this.#size--;
    return true;
  }

  /** Those that are in it now, whatever is done with them while one looks at them. */
  *[Symbol.iterator](): IterableIterator<T> {
    const values: T[] = [];
    for (let link = this.#first; link !== undefined; link = link.after) values.push(link.value);
    yield* values;
  }
}
