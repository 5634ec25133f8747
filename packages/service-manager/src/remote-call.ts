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
  deadline: number | undefined;
  signal: AbortSignal | undefined;
  trace: string | undefined;
  ancestors: readonly string[];
  incoming: boolean;
  begun: IncomingCall['begun'];
}

/** Makes the function by which remote contracts are called. */
export function remoteInvoke(house: CallHouse): RemoteInvoke {
  return async (route, method, input, options) => {
    const wanted = wantedCall(house, route, method, input, options);
    const retries = options?.retries ?? RETRIES;
    const idempotent = wanted.contract.methods[method]?.idempotent ?? false;
    let first: unknown;
    for (let attempt = 1; ; attempt++) {
      const target = route.next;
      try {
        if (target === undefined) return route.fail(method);
        return await attemptCall(house, wanted, target, attempt);
      } catch (error) {
        first ??= error;
        // That there is nobody any more says less than what the one before ran into.
        if (target === undefined) throw first;
        const remaining = wanted.deadline === undefined ? undefined : wanted.deadline - house.clock.now();
        const elsewhere = route.leadsElsewhere(target);
        // What came from further away was tried again there, as often as was of use.
        const own = !wanted.incoming && isOwnFailure(error, target);
        const pause = own ? retryPause({ error, attempt, retries, idempotent, elsewhere, remaining }) : undefined;
        if (pause === undefined) throw error;
        if (pause > 0) await new Promise<void>((resolve) => void house.clock.after(pause, resolve));
      }
    }
  };
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
  const own = timeout > 0 ? clock.now() + timeout : undefined;
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

/** One attempt: waits for its turn, checks the input, lets the provider work, checks the output. */
function attemptCall(house: CallHouse, wanted: Wanted, first: CallTarget, attempt: number): Promise<unknown> {
  const { route, full } = wanted;
  return new Promise((resolve, reject) => {
    const call = new RunningCall(
      wanted.identity,
      wanted.principal,
      full,
      wanted.deadline,
      wanted.within,
      wanted.ancestors,
    );
    call.trace = wanted.trace;
    let target: CallTarget | undefined = first;
    let begun = false;
    let ended: CallEnded[] | undefined;
    const refused = (error: unknown): void => {
      // Of a call given up, the caller and the statistics learn at once; the provider may still be at it.
      if (begun) target?.failed(error);
      else if (target !== undefined) target.statistics.failed++;
      for (const tell of ended ?? []) tell(error);
      reject(error);
    };
    const fail = (error: unknown): void => {
      const heard = call.state === 'running';
      call.end();
      if (heard) refused(error);
    };
    const proceed = (): void => {
      // Given up while it waited.
      if (call.state !== 'running') return call.end();
      try {
        target ??= route.next ?? route.fail(wanted.method);
        call.provider = target;
        const hold = target.hold(call);
        if (hold !== undefined) {
          // Its provider may have been replaced when its turn comes.
          target = undefined;
          void hold.then(proceed);
          return;
        }
        work(target);
      } catch (error) {
        fail(error);
      }
    };
    const work = (provider: CallTarget): void => {
      const spec = provider.method(wanted.contract, wanted.method);
      if (spec === undefined) return route.fail(wanted.method);
      provider.statistics.total++;
      const parsed = spec.input.safeParse(wanted.input);
      if (!parsed.success) throw inputInvalid(full, parsed.error);
      provider.begin(call);
      begun = true;
      if (house.observers.size > 0) ended = beginnings(house, wanted, provider, call);
      provider.run(wanted.contract, wanted.method, { given: wanted.input, parsed: parsed.data }, call, attempt).then(
        (output) => {
          provider.done(call);
          if (call.state !== 'running') return call.end();
          try {
            const answer = wanted.incoming ? output : checked(spec, output, full, provider);
            call.end();
            provider.succeeded();
            for (const tell of ended ?? []) tell(undefined);
            resolve(answer);
          } catch (error) {
            fail(error);
          }
        },
        (error: unknown) => {
          provider.done(call);
          fail(error);
        },
      );
    };
    call.arm(refused, house.deadlines, wanted.signal);
    wanted.begun?.((reason) => call.abort(() => callCancelled(full, reason)));
    if (call.deadline !== undefined && call.deadline <= house.clock.now()) {
      call.abort(() => callTimedOut(full, target?.name));
    }
    proceed();
  });
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
