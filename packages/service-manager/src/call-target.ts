import type { CallStatistics } from './call-statistics.js';
import { CarusoError } from './caruso-error.js';
import type { CircuitBreaker } from './circuit-breaker.js';
import type { Clock } from './clock.js';
import type { Method, RemoteContract } from './contract-definition.js';
import { isFault, isOwnFailure, isUnreachable } from './failure.js';
import type { Outcome } from './links.js';
import type { RunningCall } from './running-call.js';

/** What answers the calls of a route: a generation in this process, or a provider on another node. */
export abstract class CallTarget {
  /** Calls since it was made, and those of them that were its own fault. */
  calls = 0;
  faults = 0;

  constructor(
    /** Of the registration. */
    readonly name: string,
    /** Of the generation. */
    readonly number: number,
    readonly statistics: CallStatistics,
    protected readonly clock: Clock,
  ) {}

  abstract readonly node: string | undefined;
  abstract readonly circuit: CircuitBreaker;

  /** What to wait for before the call may begin; undefined: nothing. Throws SERVICE_BUSY. */
  abstract hold(call: RunningCall): Promise<void> | undefined;
  /** The method as it is checked at this end; undefined where the provider has none of that name. */
  abstract method(contract: RemoteContract, method: string): Method | undefined;
  /** Lets the provider work on it; the outcome is its answer unparsed. Throws what it could not even begin for. */
  abstract run(contract: RemoteContract, method: string, input: Input, call: RunningCall, outcome: Outcome): void;

  /** A call begins. Throws CIRCUIT_OPEN. */
  begin(call: RunningCall): void {
    this.circuit.pass(call.method);
    this.calls++;
    this.statistics.inFlight++;
    call.started = elapsed(this.clock);
  }

  /** The provider is done with a call, or it was given up. */
  done(call: RunningCall): void {
    this.statistics.inFlight--;
    this.statistics.record(elapsed(this.clock) - call.started);
  }

  succeeded(): void {
    this.circuit.answered();
  }

  /** Counts what a call failed with. */
  failed(error: unknown): void {
    this.statistics.failed++;
    const own = isOwnFailure(error, this);
    if (own && isFault(error)) this.faults++;
    if (isWithdrawal(error)) this.circuit.withdrawn();
    else if (own && isUnreachable(error)) this.circuit.unanswered();
    else this.circuit.answered();
  }
}

/** What a caller gave, and what its parsing made of it. */
export interface Input {
  given: unknown;
  parsed: unknown;
}

/** For measuring durations, in milliseconds. */
export function elapsed(clock: Clock): number {
  return clock.elapsed === undefined ? clock.now() : clock.elapsed();
}

function isWithdrawal(error: unknown): boolean {
  return error instanceof CarusoError && (error.code === 'CALL_CANCELLED' || error.code === 'CALL_ABANDONED');
}
