import { type CallTarget, elapsed } from './call-target.js';
import type { Clock } from './clock.js';
import type { AnyContract, CallOptions, Client } from './contract-definition.js';
import { methodUnknown, serviceUnavailable } from './errors.js';
import { type AnyHandlers, Generation } from './generation.js';
import type { NeedFact } from './need-resolution.js';

type AnyFunction = (...args: unknown[]) => unknown;

/** Of the calls of a local contract one in so many is timed: reading the clock costs more than the call. */
const SAMPLE = 64;

/**
 * Where a client's calls go now. Clients hold their route for good; the service manager points it elsewhere, so that a
 * replacement is one synchronous assignment.
 */
export class Route {
  /** Equally good ones, between which calls alternate; one at most in this process. */
  #targets: readonly CallTarget[] = [];
  #turn = 0;
  /** For calls of local contracts, which do not leave the process. */
  generation: Generation | undefined;
  handlers: AnyHandlers = {};
  /** By the position of the method in the consumer's contract. */
  functions: readonly (AnyFunction | undefined)[] = [];

  constructor(
    readonly contract: AnyContract,
    readonly need: NeedFact,
    readonly consumer: string | undefined,
    /** Providers of this process only: for calls that came from another node already. */
    readonly here: boolean,
    /** Says why there is nobody to call. */
    readonly explain: (route: Route) => string,
  ) {}

  point(targets: readonly CallTarget[]): void {
    const same = targets.length === this.#targets.length && targets.every((target, i) => target === this.#targets[i]);
    if (same) return;
    this.#targets = targets;
    const [first] = targets;
    const target = first instanceof Generation ? first.handlers.get(this.contract.id) : undefined;
    const handlers = target?.handlers ?? {};
    this.generation = target === undefined ? undefined : (first as Generation);
    this.handlers = handlers;
    this.functions = methodNames(this.contract).map((method) => handlers[method]);
  }

  /** Who is to answer the next call. */
  get next(): CallTarget | undefined {
    const targets = this.#targets;
    return targets.length < 2 ? targets[0] : targets[this.#turn++ % targets.length];
  }

  /** Whether somebody other than `target` would be asked now. */
  leadsElsewhere(target: CallTarget): boolean {
    return this.#targets.some((other) => other !== target);
  }

  /** Throws what a caller of `method` has to know when it cannot be called. */
  fail(method: string): never {
    const full = `${this.contract.id}.${method}`;
    if (this.#targets.length === 0) throw serviceUnavailable(full, this.explain(this));
    throw methodUnknown(full, undefined);
  }
}

/** Calls of remote contracts, which are checked and run as a call of their own. */
export type RemoteInvoke = (route: Route, method: string, input: unknown, options?: CallOptions) => Promise<unknown>;

/** Builds the client of a route out of the contract's method list. */
export function buildClient<C extends AnyContract>(
  contract: C,
  route: Route,
  clock: Clock,
  remote: RemoteInvoke,
): Client<C> {
  const client: Record<string, AnyFunction> = {};
  methodNames(contract).forEach((method, index) => {
    client[method] =
      contract.kind === 'remote'
        ? (input, options) => remote(route, method, input, options as CallOptions | undefined)
        : localMethod(route, method, index, clock);
  });
  // The list of methods is the contract's own, so that the object is what the contract's type says.
  return client as unknown as Client<C>;
}

/** A local call passes straight through: what is answered at once is given back at once, a promise is followed. */
function localMethod(route: Route, method: string, index: number, clock: Clock): AnyFunction {
  return (...args) => {
    const { generation } = route;
    const run = route.functions[index];
    if (generation === undefined || run === undefined) return route.fail(method);
    const { statistics } = generation;
    const started = statistics.total++ % SAMPLE === 0 ? elapsed(clock) : -1;
    let answer: unknown;
    try {
      answer = run.apply(route.handlers, args);
    } catch (error) {
      statistics.failed++;
      throw error;
    }
    // Only real promises: a thenable (a query builder) is the caller's to start.
    if (answer instanceof Promise) return generation.followLocal(answer, started);
    if (started >= 0) statistics.record(elapsed(clock) - started);
    return answer;
  };
}

function methodNames(contract: AnyContract): readonly string[] {
  return contract.kind === 'remote' ? Object.keys(contract.methods) : contract.methods;
}
