import { type Call, currentCall, type Principal } from './call.js';
import type { CallBeginning, CallEnded, CallObserver } from './call-observer.js';
import type { CallTarget } from './call-target.js';
import type { RemoteInvoke, Route } from './client.js';
import type { Clock, Ids } from './clock.js';
import type { Log } from './component-definition.js';
import type { CallOptions, Method, RemoteContract } from './contract-definition.js';
import { callCancelled, callTimedOut, inputInvalid, messageOf, outputInvalid } from './errors.js';
import { isOwnFailure } from './failure.js';
import type { IncomingCall } from './links.js';
import { retryPause } from './retry.js';
import { type Deadlines, deadlineWithin, RunningCall, runningOf } from './running-call.js';

/** How long a call may take whose method does not say, in milliseconds. */
const CALL_TIMEOUT = 60_000;
/** Attempts after the first, where a further one does no harm. */
const RETRIES = 2;

/** What calls are made with. */
export interface CallHouse {
  clock: Clock;
  ids: Ids;
  log: Log;
  deadlines: Deadlines;
  observers: ReadonlySet<CallObserver>;
}

/** How a call that came from another node is made here. */
export interface IncomingOptions extends CallOptions {
  incoming: {
    principal: Principal;
    trace: string | undefined;
    ancestors: readonly string[];
    begun: IncomingCall['begun'];
  };
}

/** A call before its attempts. */
interface Wanted {
  route: Route;
  contract: RemoteContract;
  method: string;
  /** `contract.method`. */
  full: string;
  input: unknown;
  identity: { readonly id: string };
  principal: Principal;
  within: Call | undefined;
  /** When it was wanted, milliseconds UTC. */
  at: number;
  deadline: number | undefined;
  signal: AbortSignal | undefined;
  trace: string | undefined;
  ancestors: readonly string[];
  incoming: boolean;
  begun: IncomingCall['begun'];
}

/** Makes the function by which remote contracts are called. */
export function remoteInvoke(house: CallHouse): RemoteInvoke {
  return (route, method, input, options) =>
    new Promise((resolve, reject) => {
      const wanted = wantedCall(house, route, method, input, options);
      new Attempts(house, wanted, options?.retries ?? RETRIES, resolve, reject).begin();
    });
}

function wantedCall(
  { clock, ids }: CallHouse,
  route: Route,
  method: string,
  input: unknown,
  options: (CallOptions & Partial<IncomingOptions>) | undefined,
): Wanted {
  const parent = currentCall();
  const running = runningOf(parent);
  // The only contracts called this way.
  const contract = route.contract as RemoteContract;
  const full = `${contract.id}.${method}`;
  if (running?.state === 'aborted') throw callCancelled(full, undefined);
  const timeout = options?.timeout ?? contract.methods[method]?.timeout ?? CALL_TIMEOUT;
  const now = clock.now();
  const own = timeout > 0 ? now + timeout : undefined;
  const outer = deadlineWithin(parent);
  const { incoming } = options ?? {};
  return {
    route,
    contract,
    method,
    full,
    input,
    identity: options?.id === undefined ? new Identity(ids) : { id: options.id },
    principal: incoming?.principal ?? parent.principal,
    within: incoming === undefined ? parent : undefined,
    at: now,
    deadline: own === undefined || outer === undefined ? (own ?? outer) : Math.min(own, outer),
    // A running call is given up together with those made in it; of any other only the signal tells.
    signal: running === undefined ? anyOf(options?.signal, parent.signal) : options?.signal,
    trace: incoming === undefined ? parent.trace : incoming.trace,
    ancestors: incoming?.ancestors ?? [],
    incoming: incoming !== undefined,
    begun: incoming?.begun,
  };
}

/** An id that is made when it is first asked for. */
class Identity {
  #id: string | undefined;

  constructor(private readonly ids: Ids) {}

  get id(): string {
    this.#id ??= this.ids.next();
    return this.#id;
  }
}

function anyOf(one: AbortSignal | undefined, other: AbortSignal | undefined): AbortSignal | undefined {
  return one === undefined || other === undefined ? (one ?? other) : AbortSignal.any([one, other]);
}

/**
 * The attempts at one call: each waits for its turn, checks the input, lets the provider work, checks the output. Without async
 * functions, since each promise more of a call is felt.
 */
class Attempts {
  #count = 0;
  #target: CallTarget | undefined;
  #begun = false;
  #ended: CallEnded[] | undefined;
  /** What the first attempt ran into. */
  #first: unknown;

  constructor(
    private readonly house: CallHouse,
    private readonly wanted: Wanted,
    private readonly retries: number,
    private readonly resolve: (answer: unknown) => void,
    private readonly reject: (error: unknown) => void,
  ) {}

  begin(): void {
    const { house, wanted } = this;
    const { full, deadline } = wanted;
    this.#count++;
    this.#begun = false;
    this.#ended = undefined;
    this.#target = wanted.route.next;
    const call = new RunningCall(wanted.identity, wanted.principal, full, deadline, wanted.within, wanted.ancestors);
    call.trace = wanted.trace;
    call.arm((error) => this.#refused(error), house.deadlines, wanted.signal);
    wanted.begun?.((reason) => call.abort(() => callCancelled(full, reason)));
    const now = this.#count === 1 ? wanted.at : house.clock.now();
    if (deadline !== undefined && deadline <= now) {
      call.abort(() => callTimedOut(full, this.#target?.name));
    }
    this.#proceed(call);
  }

  #proceed(call: RunningCall): void {
    // Given up while it waited.
    if (call.state !== 'running') return call.end();
    const { route, method } = this.wanted;
    try {
      this.#target ??= route.next ?? route.fail(method);
      call.provider = this.#target;
      const hold = this.#target.hold(call);
      if (hold === undefined) return this.#work(call, this.#target);
      // Its provider may have been replaced when its turn comes.
      this.#target = undefined;
      void hold.then(() => this.#proceed(call));
    } catch (error) {
      this.#fail(call, error);
    }
  }

  #work(call: RunningCall, target: CallTarget): void {
    const { house, wanted } = this;
    const { contract, method, full, input } = wanted;
    const spec = target.method(contract, method);
    if (spec === undefined) return wanted.route.fail(method);
    target.statistics.total++;
    const parsed = spec.input.safeParse(input);
    if (!parsed.success) throw inputInvalid(full, parsed.error);
    target.begin(call);
    this.#begun = true;
    if (house.observers.size > 0) this.#ended = beginnings(house, wanted, target, call);
    const outcome = {
      answered: (output: unknown) => {
        target.done(call);
        this.#answered(call, target, spec, output);
      },
      failed: (error: unknown) => {
        target.done(call);
        this.#fail(call, error);
      },
    };
    try {
      target.run(contract, method, { given: input, parsed: parsed.data }, call, outcome);
    } catch (error) {
      outcome.failed(error);
    }
  }

  #answered(call: RunningCall, target: CallTarget, spec: Method, output: unknown): void {
    // Whoever asked was told already that there would be no answer.
    if (call.state !== 'running') return call.end();
    let answer: unknown;
    try {
      answer = this.wanted.incoming ? output : checked(spec, output, this.wanted.full, target);
    } catch (error) {
      return this.#fail(call, error);
    }
    call.end();
    target.succeeded();
    for (const tell of this.#ended ?? []) tell(undefined);
    this.resolve(answer);
  }

  #fail(call: RunningCall, error: unknown): void {
    const heard = call.state === 'running';
    call.end();
    if (heard) this.#refused(error);
  }

  /** Of a call given up, the caller and the statistics learn at once; the provider may still be at it. */
  #refused(error: unknown): void {
    const target = this.#target;
    if (this.#begun) target?.failed(error);
    else if (target !== undefined) target.statistics.failed++;
    for (const tell of this.#ended ?? []) tell(error);
    // That there is nobody any more says less than what the attempt before ran into.
    if (target === undefined) return this.reject(this.#first ?? error);
    this.#first ??= error;
    const pause = this.#pause(error, target);
    if (pause === undefined) this.reject(error);
    else if (pause === 0) this.#again();
    else this.house.clock.after(pause, () => this.#again());
  }

  #again(): void {
    try {
      this.begin();
    } catch (error) {
      this.reject(error);
    }
  }

  /** Milliseconds until the next attempt; undefined: there is none. */
  #pause(error: unknown, target: CallTarget): number | undefined {
    const { route, contract, method, deadline, incoming } = this.wanted;
    // What came from further away was tried again there, as often as was of use.
    if (incoming || !isOwnFailure(error, target)) return undefined;
    return retryPause({
      error,
      attempt: this.#count,
      retries: this.retries,
      idempotent: contract.methods[method]?.idempotent ?? false,
      elsewhere: route.leadsElsewhere(target),
      remaining: deadline === undefined ? undefined : deadline - this.house.clock.now(),
    });
  }
}

/** Throws OUTPUT_INVALID. */
function checked(spec: Method, output: unknown, full: string, provider: CallTarget): unknown {
  // A provider of this process that builds its answers itself may be spared; one elsewhere may be of another version.
  if (spec.check === 'input' && provider.node === undefined) return output;
  const answer = spec.output.safeParse(output);
  if (answer.success) return answer.data;
  const error = outputInvalid(full, provider.name, answer.error);
  isOwnFailure(error, provider);
  throw error;
}

function beginnings(house: CallHouse, wanted: Wanted, provider: CallTarget, call: RunningCall): CallEnded[] {
  const beginning: CallBeginning = {
    call,
    contract: wanted.contract.id,
    method: wanted.method,
    provider: provider.name,
    generation: provider.number,
    node: provider.node,
    incoming: wanted.incoming,
  };
  const told: CallEnded[] = [];
  for (const observer of house.observers) {
    try {
      const ended = observer(beginning);
      if (ended !== undefined) told.push(guarded(house, ended));
    } catch (error) {
      house.log.warn({ err: error }, `an observer of calls failed: ${messageOf(error)}`);
    }
  }
  return told;
}

/** What an observer throws must not become the caller's. */
function guarded({ log }: CallHouse, ended: CallEnded): CallEnded {
  return (error) => {
    try {
      ended(error);
    } catch (fault) {
      log.warn({ err: fault }, `an observer of calls failed: ${messageOf(fault)}`);
    }
  };
}
