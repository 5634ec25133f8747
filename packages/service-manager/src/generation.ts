import { Container } from 'inversify';
import type { Admission } from './admission.js';
import { type Call, withinCall } from './call.js';
import type { CallStatistics } from './call-statistics.js';
import { CallTarget, elapsed, type Input } from './call-target.js';
import { CircuitBreaker } from './circuit-breaker.js';
import type { Clock } from './clock.js';
import type { AnyComponent, Instance, Log, Provides } from './component-definition.js';
import type { AnyContract, Method, RemoteContract } from './contract-definition.js';
import { callAbandoned, componentInvalid, messageOf } from './errors.js';
import type { Gate } from './gate.js';
import { type LeakOwner, markCall } from './leak-owner.js';
import { LinkedList } from './linked-list.js';
import type { Outcome } from './links.js';
import { chainOf, type RunningCall } from './running-call.js';

// The handlers of any contract; their types are known only to those who wrote them and to those who call them.
export type AnyHandlers = Record<string, ((...args: unknown[]) => unknown) | undefined>;

interface Effect {
  label: string;
  dispose: () => void | Promise<void>;
}

/** How long a disposer may take before the next is tried, in milliseconds. */
const DISPOSE_DEADLINE = 5_000;

/** One life of a component: its instance, the calls it is answering, and what it opened. */
export class Generation extends CallTarget {
  readonly node = undefined;
  readonly handlers = new Map<string, { contract: AnyContract; handlers: AnyHandlers }>();
  readonly circuit: CircuitBreaker;
  instance: Instance | undefined;
  /** Calls wait at it while the state is handed over. */
  gate: Gate | undefined;
  readonly #effects: Effect[] = [];
  readonly #flights = new LinkedList<RunningCall>();
  /** Calls of local contracts are only counted: to keep hold of each would cost more than most of them take. */
  #localFlights = 0;
  #emptied: (() => void) | undefined;
  #container: Container | undefined;
  #disposed = false;

  constructor(
    name: string,
    number: number,
    readonly component: AnyComponent,
    readonly config: unknown,
    statistics: CallStatistics,
    clock: Clock,
    private readonly log: Log,
    /** The limits of the registration as they are now. */
    private readonly admission: () => Admission,
    circuitChanged: () => void,
    /** In whose name it opens what it opens. */
    readonly owner: LeakOwner,
    private readonly disposed: (owner: LeakOwner) => void,
  ) {
    super(name, number, statistics, clock);
    this.circuit = new CircuitBreaker(name, clock, circuitChanged);
  }

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
    if (this.component.state !== undefined && (instance.handOver === undefined || instance.takeOver === undefined)) {
      throw componentInvalid(`'${this.name}'`, 'has a state but no handOver() and takeOver() for it');
    }
    this.instance = instance;
  }

  /** The container of this generation, filled by `fill` when it is first asked for. */
  container(fill: (container: Container) => void): Container {
    if (this.#container === undefined) {
      this.#container = new Container();
      fill(this.#container);
    }
    return this.#container;
  }

  effect(label: string, dispose: () => void | Promise<void>): void {
    if (!this.#disposed) {
      this.#effects.push({ label, dispose });
      return;
    }
    // Opened after its time by something the component left running: closed at once, so that nothing survives.
    this.log.warn({ effect: label, generation: this.number }, 'opened after disposal; closed at once');
    void this.#close({ label, dispose });
  }

  get effects(): string[] {
    return this.#effects.map((e) => e.label);
  }

  get inFlight(): number {
    return this.#flights.size + this.#localFlights;
  }

  get localInFlight(): number {
    return this.#localFlights;
  }

  /** The call in flight here that `call` is, or was made in, if any. A call of a local contract leaves no trace. */
  flightOf(call: Call | undefined): RunningCall | undefined {
    if (this.#flights.size === 0) return undefined;
    const chain = new Set(chainOf(call));
    if (chain.size === 0) return undefined;
    for (const flight of this.#flights) if (chain.has(flight.id)) return flight;
    return undefined;
  }

  hold(call: RunningCall): Promise<void> | undefined {
    // What a call in flight asks of its own component has to pass, or that call would never end.
    if (this.gate !== undefined && this.flightOf(call.within) === undefined) return this.gate.park(call);
    return this.admission().enter(call);
  }

  method(contract: RemoteContract, method: string): Method | undefined {
    const provided = this.handlers.get(contract.id)?.contract;
    return provided?.kind === 'remote' ? provided.methods[method] : undefined;
  }

  run(contract: RemoteContract, method: string, input: Input, call: RunningCall, outcome: Outcome): void {
    const handlers = this.handlers.get(contract.id)?.handlers;
    const answer = withinCall(markCall(call, this.owner), () => handlers?.[method]?.(input.parsed, call));
    // Not by an async function: each promise less is felt.
    (answer instanceof Promise ? answer : Promise.resolve(answer)).then(outcome.answered, outcome.failed);
  }

  override begin(call: RunningCall): void {
    super.begin(call);
    call.flight = this.#flights.add(call);
  }

  override done(call: RunningCall): void {
    if (!this.#flights.remove(call.flight)) return;
    super.done(call);
    if (this.#emptied !== undefined && this.inFlight === 0) this.#emptied();
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

  // Made once: a closure, or a promise more, for each call would break the bound of twice a direct call.
  readonly #localDone = (value: unknown): unknown => {
    this.#landLocal();
    return value;
  };

  readonly #localFailed = (error: unknown): never => {
    this.statistics.failed++;
    this.#landLocal();
    throw error;
  };

  /** Waits for the calls in flight, at most `limit` ms; tells how many are left. */
  async settle(limit: number): Promise<number> {
    if (this.inFlight === 0) return 0;
    await new Promise<void>((resolve) => {
      const cancel = this.clock.after(limit, resolve);
      this.#emptied = () => {
        cancel();
        resolve();
      };
    });
    this.#emptied = undefined;
    return this.inFlight;
  }

  /**
   * Gives the calls in flight up: their signals are aborted, their callers get CALL_ABANDONED. Those that heed it still land.
   * The caller of a local contract keeps the promise that this instance gave.
   */
  abandon(): void {
    for (const call of this.#flights) call.abort(() => callAbandoned(call.method, this.name, this.number));
  }

  /** Waits for the calls in flight, at most `limit` ms, and gives up those still running then. */
  async drain(limit: number): Promise<{ drained: number; abandoned: number }> {
    const before = this.inFlight;
    const abandoned = await this.settle(limit);
    if (abandoned > 0) {
      this.abandon();
      // What was given up is not counted as running any more, whenever it may end.
      for (const call of this.#flights) this.done(call);
      this.log.warn({ generation: this.number, abandoned }, 'calls were abandoned at the deadline');
    }
    return { drained: before - abandoned, abandoned };
  }

  /** Closes what was opened, last in first out. A disposer that throws or hangs does not keep the others open. */
  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    this.circuit.close();
    for (let effect = this.#effects.pop(); effect !== undefined; effect = this.#effects.pop())
      await this.#close(effect);
    const container = this.#container;
    if (container !== undefined) await this.#close({ label: 'container', dispose: () => container.unbindAllAsync() });
    this.disposed(this.owner);
  }

  #landLocal(): void {
    this.#localFlights--;
    this.statistics.inFlight--;
    if (this.#emptied !== undefined && this.inFlight === 0) this.#emptied();
  }

  async #close({ label, dispose }: Effect): Promise<void> {
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
