import { CallStatistics } from './call-statistics.js';
import { CallTarget, type Input } from './call-target.js';
import { CircuitBreaker } from './circuit-breaker.js';
import type { Clock } from './clock.js';
import type { Method, RemoteContract } from './contract-definition.js';
import { serves } from './life-cycle.js';
import type { Outcome, RemoteProvider } from './links.js';
import type { Standing } from './reconciliation.js';
import { chainOf, type RunningCall } from './running-call.js';
import type { ServiceState } from './services.js';

/** A provider on another node, as a route and a need of this one see it. */
export class ForeignProvider extends CallTarget implements Standing {
  readonly circuit: CircuitBreaker;
  // Whether it should run, and when it stops, is its own node's affair.
  readonly wanted = true;
  readonly alive = true;
  readonly busy = false;
  readonly needs = [];

  constructor(
    readonly node: string,
    public remote: RemoteProvider,
    clock: Clock,
    changed: () => void,
  ) {
    super(remote.name, remote.generation, new CallStatistics(), clock);
    this.circuit = new CircuitBreaker(`${remote.name} on ${node}`, clock, changed);
  }

  get order(): number {
    return this.remote.order;
  }

  get ranking(): number {
    return this.remote.ranking;
  }

  get offers(): RemoteProvider['offers'] {
    return this.remote.offers;
  }

  /** As its node says, unless its calls do not come back. */
  get state(): ServiceState {
    return this.remote.state === 'active' && this.circuit.reason !== undefined ? 'degraded' : this.remote.state;
  }

  get reason(): string | undefined {
    return this.circuit.reason ?? this.remote.reason;
  }

  get serving(): boolean {
    return serves(this.remote.state);
  }

  hold(): undefined {
    // Its own node bounds what runs there.
    return undefined;
  }

  method(contract: RemoteContract, method: string): Method | undefined {
    return contract.methods[method];
  }

  run(contract: RemoteContract, method: string, input: Input, call: RunningCall, outcome: Outcome): void {
    const { name: provider, remote } = this;
    const ancestors = chainOf(call.within);
    // What parsing made of the input is for the handler: the far end parses what was given.
    remote.send({ provider, contract: contract.id, method, input: input.given, call, ancestors }, outcome);
  }
}
