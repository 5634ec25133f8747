import { parkedTooMany } from './errors.js';
import type { RunningCall } from './running-call.js';

/** Most calls that may wait at a gate. */
const MOST = 10_000;

/** Parks the calls to a component while its state is handed over. */
export class Gate {
  #parked = 0;
  #open: () => void = () => {};
  readonly #opened = new Promise<void>((resolve) => {
    this.#open = resolve;
  });

  constructor(private readonly name: string) {}

  get parked(): number {
    return this.#parked;
  }

  /** Throws SERVICE_BUSY. */
  park(call: RunningCall): Promise<void> {
    if (this.#parked >= MOST) throw parkedTooMany(call.method, this.name, MOST);
    this.#parked++;
    return this.#opened;
  }

  /** Those that wait go on, in the order in which they came. */
  open(): void {
    this.#open();
  }
}
