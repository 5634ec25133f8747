import { afterCall, afterLetting, afterTime, afterWithdrawal, type Circuit, closedCircuit, lets } from './circuit.js';
import type { Clock } from './clock.js';
import { circuitOpen } from './errors.js';

/** Keeps calls from a provider whose legacy system does not answer, and lets one through now and then to see whether it does. */
export class CircuitBreaker {
  #circuit: Circuit = closedCircuit;
  #cancel: (() => void) | undefined;

  constructor(
    private readonly provider: string,
    private readonly clock: Clock,
    /** Told when it opens, tries and closes. */
    private readonly changed: () => void,
  ) {}

  get state(): 'open' | 'half-open' | undefined {
    return this.#circuit.state === 'closed' ? undefined : this.#circuit.state;
  }

  /** Why calls are kept away; undefined while they are let through. */
  get reason(): string | undefined {
    return this.#circuit.state === 'open' ? `circuit open: ${this.#circuit.why}` : undefined;
  }

  /** Lets a call through. Throws CIRCUIT_OPEN. */
  pass(method: string): void {
    if (this.#circuit.state === 'closed') return;
    const now = this.clock.now();
    this.#enter(afterTime(this.#circuit, now));
    if (!lets(this.#circuit)) throw refusal(method, this.provider, this.#circuit, now);
    this.#circuit = afterLetting(this.#circuit);
  }

  /** A call that was let through was answered, rightly or wrongly. */
  answered(): void {
    if (this.#circuit !== closedCircuit) this.#enter(afterCall(this.#circuit, true, this.clock.now()));
  }

  /** A call that was let through was not answered. */
  unanswered(): void {
    this.#enter(afterCall(this.#circuit, false, this.clock.now()));
  }

  /** A call that was let through was withdrawn by its caller. */
  withdrawn(): void {
    this.#circuit = afterWithdrawal(this.#circuit);
  }

  /** Lets go of its timer. */
  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #enter(next: Circuit): void {
    const before = this.#circuit;
    this.#circuit = next;
    if (next.state === before.state) return;
    this.close();
    if (next.state === 'open') {
      this.#cancel = this.clock.after(next.until - this.clock.now(), () => {
        this.#cancel = undefined;
        this.#enter(afterTime(this.#circuit, this.clock.now()));
      });
    }
    this.changed();
  }
}

function refusal(method: string, provider: string, circuit: Circuit, now: number): Error {
  if (circuit.state === 'closed') return circuitOpen(method, provider, 'it was closed', now);
  return circuitOpen(method, provider, circuit.why, circuit.state === 'open' ? circuit.until : now);
}
