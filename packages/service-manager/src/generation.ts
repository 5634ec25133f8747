import { Container } from 'inversify';
import type { Call } from './call.js';
import type { CallStatistics } from './call-statistics.js';
import type { Clock } from './clock.js';
import type { AnyComponent, Instance, Log, Provides } from './component-definition.js';
import type { AnyContract } from './contract-definition.js';
import { callAbandoned, componentInvalid, messageOf } from './errors.js';

// The handlers of any contract; their types are known only to those who wrote them and to those who call them.
export type AnyHandlers = Record<string, ((...args: unknown[]) => unknown) | undefined>;

/** A call of a remote contract that has not been answered yet. */
interface Flight {
  method: string;
  call: Call;
  /** When it began, in the clock's measuring time. */
  started: number;
  reject: (reason: unknown) => void;
}

interface Effect {
  label: string;
  dispose: () => void | Promise<void>;
}

/** How long a disposer may take before the next is tried, in milliseconds. */
const DISPOSE_DEADLINE = 5_000;

/** One life of a component: its instance, the calls it is answering, and what it opened. */
export class Generation {
  readonly container = new Container();
  readonly handlers = new Map<string, { contract: AnyContract; handlers: AnyHandlers }>();
  instance: Instance | undefined;
  readonly #effects: Effect[] = [];
  readonly #flights = new Set<Flight>();
  /** Calls of local contracts are only counted: to keep hold of each would cost more than most of them take. */
  #localFlights = 0;
  #emptied: (() => void) | undefined;
  #disposed = false;

  constructor(
    readonly name: string,
    readonly number: number,
    readonly component: AnyComponent,
    readonly config: unknown,
    readonly statistics: CallStatistics,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Takes what `create` gave back, after checking that it can answer every method of its contracts. */
  adopt(instance: Instance | undefined): void {
    if (typeof instance?.handlers !== 'object' || instance.handlers === null) {
      throw componentInvalid(`'${this.name}'`, 'gave back no handlers from create()');
    }
    for (const [key, contract] of contractsOf(this.component.provides)) {
      const given = key === undefined ? instance.handlers : (instance.handlers as Record<string, unknown>)[key];
      const handlers = (given ?? {}) as AnyHandlers;
      const methods = contract.kind === 'remote' ? Object.keys(contract.methods) : contract.methods;
      const missing = methods.filter((method) => typeof handlers[method] !== 'function');
      if (missing.length > 0) {
        throw componentInvalid(
          `'${this.name}'`,
          `provides ${contract.id} but has no handler for ${missing.join(', ')}`,
        );
      }
      this.handlers.set(contract.id, { contract, handlers });
    }
    this.instance = instance;
  }

  effect(label: string, dispose: () => void | Promise<void>): void {
    if (!this.#disposed) {
      this.#effects.push({ label, dispose });
      return;
    }
    // Opened after its time by something the component left running: closed at once, so that nothing survives.
    this.log.warn({ effect: label, generation: this.number }, 'opened after disposal; closed at once');
    void this.#run({ label, dispose });
  }

  get effects(): string[] {
    return this.#effects.map((e) => e.label);
  }

  get inFlight(): number {
    return this.#flights.size + this.#localFlights;
  }

  /**
   * Whether a call in flight may be one that `test` describes; tells who might be waiting for this generation's end. A
   * call of a local contract leaves no trace and may be any.
   */
  mayHaveFlight(test: (call: Call) => boolean): boolean {
    if (this.#localFlights > 0) return true;
    for (const flight of this.#flights) if (test(flight.call)) return true;
    return false;
  }

  /** Follows the answer to a call of a local contract. */
  followLocal(answer: Promise<unknown>, started: number): Promise<unknown> {
    this.#localFlights++;
    this.statistics.inFlight++;
    if (started < 0) return answer.then(this.#localDone, this.#localFailed);
    return answer
      .finally(() => this.statistics.record(elapsed(this.clock) - started))
      .then(this.#localDone, this.#localFailed);
  }

  // Made once, because a closure for each call would double its cost.
  readonly #localDone = (value: unknown): unknown => {
    this.#landLocal();
    return value;
  };

  readonly #localFailed = (error: unknown): never => {
    this.statistics.failed++;
    this.#landLocal();
    throw error;
  };

  /**
   * Follows a call until it is answered. The promise given back is rejected when the call has to be abandoned.
   *
   * @param arm may reject it earlier, when nobody waits any more; gives the way to refrain. The provider finishes what it began.
   */
  follow<T>(
    method: string,
    call: Call,
    started: number,
    answer: Promise<T>,
    arm?: (reject: (reason: unknown) => void) => () => void,
  ): Promise<T> {
    const { statistics } = this;
    statistics.inFlight++;
    return new Promise<T>((resolve, reject) => {
      const disarm = arm?.(reject);
      const flight: Flight = {
        method,
        call,
        started,
        reject: (reason) => {
          disarm?.();
          reject(reason);
        },
      };
      this.#flights.add(flight);
      answer.then(
        (value) => {
          disarm?.();
          if (this.#land(flight)) resolve(value);
        },
        (error: unknown) => {
          disarm?.();
          if (!this.#land(flight)) return;
          statistics.failed++;
          reject(error);
        },
      );
    });
  }

  /**
   * Waits for the calls in flight, at most `limit` ms. Those still running then are given up: of remote contracts with
   * CALL_ABANDONED for the caller; of local ones the caller keeps the promise that the old instance gave.
   */
  async drain(limit: number): Promise<{ drained: number; abandoned: number }> {
    const before = this.inFlight;
    if (before === 0) return { drained: 0, abandoned: 0 };
    await new Promise<void>((resolve) => {
      const cancel = this.clock.after(limit, resolve);
      this.#emptied = () => {
        cancel();
        resolve();
      };
    });
    this.#emptied = undefined;
    const stuck = [...this.#flights];
    for (const flight of stuck) {
      this.#land(flight);
      this.statistics.failed++;
      flight.reject(callAbandoned(flight.method, this.name, this.number));
    }
    const abandoned = stuck.length + this.#localFlights;
    if (abandoned > 0) this.log.warn({ generation: this.number, abandoned }, 'calls were abandoned at the deadline');
    return { drained: before - abandoned, abandoned };
  }

  /** Closes what was opened, last in first out. A disposer that throws or hangs does not keep the others open. */
  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    for (let effect = this.#effects.pop(); effect !== undefined; effect = this.#effects.pop()) await this.#run(effect);
    await this.#run({ label: 'container', dispose: () => this.container.unbindAllAsync() });
  }

  #land(flight: Flight): boolean {
    if (!this.#flights.delete(flight)) return false;
    this.statistics.inFlight--;
    this.statistics.record(elapsed(this.clock) - flight.started);
    if (this.inFlight === 0) this.#emptied?.();
    return true;
  }

  #landLocal(): void {
    this.#localFlights--;
    this.statistics.inFlight--;
    if (this.#emptied !== undefined && this.inFlight === 0) this.#emptied();
  }

  async #run({ label, dispose }: Effect): Promise<void> {
    let cancel = (): void => {};
    const late = new Promise<'late'>((resolve) => {
      cancel = this.clock.after(DISPOSE_DEADLINE, () => resolve('late'));
    });
    try {
      const outcome = await Promise.race([dispose(), late]);
      if (outcome === 'late') this.log.warn({ effect: label }, `disposer did not end within ${DISPOSE_DEADLINE} ms`);
    } catch (error) {
      this.log.warn({ effect: label, err: error }, `disposer failed: ${messageOf(error)}`);
    } finally {
      cancel();
    }
  }
}

/** The contracts a component provides, with the key of their handlers where there are several. */
export function contractsOf(provides: Provides): [key: string | undefined, contract: AnyContract][] {
  return isContract(provides) ? [[undefined, provides]] : Object.entries(provides);
}

export function isContract(value: unknown): value is AnyContract {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, id, version } = value as Partial<Record<string, unknown>>;
  return (kind === 'remote' || kind === 'local') && typeof id === 'string' && typeof version === 'string';
}

/** For measuring durations, in milliseconds. */
export function elapsed(clock: Clock): number {
  return clock.elapsed === undefined ? clock.now() : clock.elapsed();
}
