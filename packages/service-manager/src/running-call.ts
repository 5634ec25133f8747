import type { Call, HandledCall, Principal } from './call.js';
import type { Clock } from './clock.js';
import { callCancelled, callTimedOut } from './errors.js';
import { type Link, LinkedList } from './linked-list.js';

/** Why a call is given up, made when it is. */
type Failure = () => Error;

/**
 * The transport between nodes, told when nobody waits for a call any more. It costs less than the signal, and than a function of its own
 * for each call, which V8 keeps alive for long.
 */
export interface Carrier {
  givenUp(reason: Error): void;
}

/** One attempt at a call of a remote contract, from its beginning until its provider is done with it. */
export class RunningCall implements HandledCall {
  trace: string | undefined;
  /** `aborted`: its caller has been told that there will be no answer; the provider may still be at it. */
  state: 'running' | 'aborted' | 'ended' = 'running';
  /** The generation, or provider on another node, that answers or is to answer it. */
  provider: { readonly name: string } | undefined;
  /** When the provider began, in the clock's measuring time. */
  started = 0;
  /** Gives its place among the calls that may run at once to another. */
  release: (() => void) | undefined;
  within: Call | undefined;
  /** What a call made in this one ran into at their common deadline: not this one's provider is to blame. */
  stuckOn: Error | undefined;
  carrier: Carrier | undefined;
  /** Its place among the calls that a generation is at. */
  flight: Link<RunningCall> | undefined;
  /** Its place among those that have a deadline. */
  due: Link<RunningCall> | undefined;
  readonly #caller: RunningCall | undefined;
  #controller: AbortController | undefined;
  #reason: Error | undefined;
  #made: Set<RunningCall> | undefined;
  #refuse: ((reason: unknown) => void) | undefined;
  #disarm: (() => void) | undefined;
  #deadlines: Deadlines | undefined;

  constructor(
    /** Of all attempts at the call; made when somebody asks for it first, as few do. */
    private readonly identity: { readonly id: string },
    readonly principal: Principal,
    /** `contract.method`. */
    readonly method: string,
    readonly deadline: number | undefined,
    within: Call | undefined,
    /** Calls on other nodes that it was made in, by id. */
    readonly ancestors: readonly string[],
  ) {
    this.within = within;
    this.#caller = runningOf(within);
  }

  get id(): string {
    return this.identity.id;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** From now on `refuse` is told when the call is given up: at its deadline, by `signal`, or with the call it was made in. */
  arm(refuse: (reason: unknown) => void, deadlines: Deadlines, signal: AbortSignal | undefined): void {
    this.#refuse = refuse;
    this.#caller?.made.add(this);
    if (this.deadline !== undefined) deadlines.add(this);
    this.#deadlines = deadlines;
    if (signal === undefined) return;
    const onAbort = (): void => this.abort(() => callCancelled(this.method, signal.reason));
    this.#disarm = () => signal.removeEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  }

  /** Tells the caller, the handler and all the handler called that nobody waits any more. */
  abort(failure: Failure): void {
    if (this.state !== 'running') return;
    this.state = 'aborted';
    this.#quit();
    const reason = failure();
    this.#reason = reason;
    this.#controller?.abort(reason);
    this.carrier?.givenUp(reason);
    for (const call of this.#made ?? []) call.abort(() => callCancelled(call.method, reason));
    this.#refuse?.(reason);
  }

  /** Gives it up at its deadline. */
  expire(): void {
    this.abort(() => callTimedOut(this.method, this.provider?.name, this.stuckOn));
    if (this.#caller !== undefined) this.#caller.stuckOn = this.#reason;
  }

  /** The provider is done with it. What it left running is no longer bound by its deadline. */
  end(): void {
    if (this.state === 'running') this.#quit();
    this.state = 'ended';
    this.within = undefined;
    this.carrier = undefined;
    this.provider = undefined;
  }

  get made(): Set<RunningCall> {
    this.#made ??= new Set();
    return this.#made;
  }

  #quit(): void {
    this.#deadlines?.remove(this);
    this.#disarm?.();
    this.#caller?.made.delete(this);
    this.release?.();
    this.release = undefined;
  }
}

/** The call of a remote contract that `call` is, or is a part of, while it runs. */
export function runningOf(call: Call | undefined): RunningCall | undefined {
  let at = call;
  while (at !== undefined && !(at instanceof RunningCall)) at = at.within;
  return at?.state === 'ended' ? undefined : at;
}

/** Latest moment at which what is done within `call` is of use. Work that an answered call left running is not bound by it any more. */
export function deadlineWithin(call: Call): number | undefined {
  let at: Call | undefined = call;
  while (at !== undefined && !(at instanceof RunningCall)) at = at.within;
  return at?.state === 'ended' ? undefined : call.deadline;
}

/** Whether `test` holds for a call that `call` was made in. */
export function isMadeIn(call: Call | undefined, test: (ancestor: RunningCall) => boolean): boolean {
  for (let at = call; at !== undefined; at = at.within) if (at instanceof RunningCall && test(at)) return true;
  return false;
}

/** The ids of `call` and of the calls it was made in that still run, the nearest first, on this node and on others. */
export function chainOf(call: Call | undefined, most = 32): string[] {
  const ids: string[] = [];
  for (let at = call; at !== undefined && ids.length < most; at = at.within) {
    if (at instanceof RunningCall) ids.push(at.id, ...at.ancestors);
  }
  return ids.slice(0, most);
}

/** Ends calls at their deadlines, with one timer for all of them: most never get there. */
export class Deadlines {
  readonly #calls = new LinkedList<RunningCall>();
  #armedFor = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(private readonly clock: Clock) {}

  add(call: RunningCall): void {
    call.due = this.#calls.add(call);
    if (call.deadline !== undefined && call.deadline < this.#armedFor) this.#arm(call.deadline);
  }

  remove(call: RunningCall): void {
    this.#calls.remove(call.due);
  }

  /** Lets go of the timer once nothing runs that it could end. */
  rest(): void {
    if (this.#calls.size > 0) return;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#armedFor = Number.POSITIVE_INFINITY;
  }

  #arm(at: number): void {
    this.#cancel?.();
    this.#armedFor = at;
    this.#cancel = this.clock.after(Math.max(0, at - this.clock.now()), () => this.#due());
  }

  #due(): void {
    const now = this.clock.now();
    this.#cancel = undefined;
    this.#armedFor = Number.POSITIVE_INFINITY;
    let next = Number.POSITIVE_INFINITY;
    const due: RunningCall[] = [];
    for (const call of this.#calls) {
      const { deadline = next } = call;
      if (deadline <= now) due.push(call);
      else if (deadline < next) next = deadline;
    }
    // The innermost first: it is the one that was not answered, those around it only waited for it.
    for (const call of due.reverse()) call.expire();
    if (next < this.#armedFor) this.#arm(next);
  }
}
