import { AsyncLocalStorage } from 'node:async_hooks';

/** Who acts. Rights are decided by `roles`; the journal records `kind` and `id`. */
export interface Principal {
  kind: 'system' | 'user' | 'visitor' | 'script' | 'policy';
  id: string;
  name: string;
  roles: readonly string[];
  /** Facts that row rights may name as `user.<attribute>`. */
  attributes?: Readonly<Record<string, unknown>>;
}

/** What accompanies every call of a method, across components and machines. */
export interface Call {
  id: string;
  principal: Principal;
  /** Latest moment (ms UTC) at which an answer is still of use. */
  deadline?: number | undefined;
  /** Aborted when nobody waits for the answer any more: withdrawn by its caller, too late, or given up. */
  signal?: AbortSignal | undefined;
  /** W3C trace context (`traceparent`), where traces are taken. */
  trace?: string | undefined;
  /** The call this one is made in, for as long as it runs. */
  within?: Call | undefined;
}

/** A call as its handler sees it. */
export interface HandledCall extends Call {
  signal: AbortSignal;
}

/** Components at work on their own account. Never given to a request from outside. */
export const systemPrincipal: Principal = { kind: 'system', id: 'caruso', name: 'Caruso', roles: ['system'] };

/**
 * One for the process: a component that was loaded with another copy of this module (a front office with packages of its
 * own) must see the same call, or it would act as the system.
 */
const key = Symbol.for('caruso.call');
const shared = globalThis as { [key]?: AsyncLocalStorage<Call> };
shared[key] ??= new AsyncLocalStorage<Call>();
const running = shared[key];

/** The call this code runs in; outside of any, the system's own. */
export function currentCall(): Call {
  return running.getStore() ?? { id: 'system', principal: systemPrincipal };
}

/** Runs `work` as a part of `call`. */
export function withinCall<T>(call: Call, work: () => T): T {
  return running.run(call, work);
}

/** Runs `work` as `principal`, keeping call id, deadline, signal and trace. */
export function actingAs<T>(principal: Principal, work: () => T): T {
  const call = currentCall();
  const acting: Call = {
    id: call.id,
    principal,
    within: call,
    get deadline() {
      return call.deadline;
    },
    // Made only where somebody asks for it.
    get signal() {
      return call.signal;
    },
    get trace() {
      return call.trace;
    },
  };
  return running.run(acting, work);
}
