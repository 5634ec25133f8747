import { type Call, currentCall, withinCall } from './call.js';
import type { RemoteInvoke, Route } from './client.js';
import type { Clock, Ids } from './clock.js';
import type { CallOptions, Method } from './contract-definition.js';
import { callCancelled, callTimedOut, inputInvalid, outputInvalid } from './errors.js';
import { elapsed, type Generation } from './generation.js';

/**
 * From a call in flight to the one it was made in, so that a component's calls to itself can be recognised. Forgotten
 * with the answer: work that a call leaves behind would otherwise grow a chain without end.
 */
const parents = new WeakMap<Call, Call>();

/** Whether `call` is `ancestor`, or was made within it. */
export function isWithin(call: Call, ancestor: Call): boolean {
  for (let at: Call | undefined = call; at !== undefined; at = parents.get(at)) if (at === ancestor) return true;
  return false;
}

/** Makes the function by which remote contracts are called. */
export function remoteInvoke(clock: Clock, ids: Ids): RemoteInvoke {
  return async (route, method, input, options) => {
    const parent = currentCall();
    const call = nextCall(parent, options?.id ?? ids.next(), clock.now(), options);
    const { generation, spec, run } = target(route, method);
    const full = `${route.contract.id}.${method}`;
    const { statistics } = generation;
    statistics.total++;
    const started = elapsed(clock);
    const parsed = spec.input.safeParse(input);
    if (!parsed.success) {
      statistics.failed++;
      throw inputInvalid(full, parsed.error);
    }
    if (call.signal?.aborted === true || (call.deadline !== undefined && call.deadline <= clock.now())) {
      statistics.failed++;
      throw call.signal?.aborted === true
        ? callCancelled(full, call.signal.reason)
        : callTimedOut(full, generation.name);
    }
    parents.set(call, parent);
    const work = async (): Promise<unknown> => {
      try {
        const output = await withinCall(call, () => run(parsed.data, call));
        if (spec.check === 'input') return output;
        const answered = spec.output.safeParse(output);
        if (!answered.success) throw outputInvalid(full, generation.name, answered.error);
        return answered.data;
      } finally {
        parents.delete(call);
      }
    };
    const arm =
      call.deadline === undefined && call.signal === undefined ? undefined : limit(call, full, generation.name, clock);
    return generation.follow(full, call, started, work(), arm);
  };
}

function target(
  route: Route,
  method: string,
): { generation: Generation; spec: Method; run: (input: unknown, call: Call) => unknown } {
  const { generation } = route;
  const provided = generation?.handlers.get(route.contract.id);
  const spec = provided?.contract.kind === 'remote' ? provided.contract.methods[method] : undefined;
  const handlers = provided?.handlers;
  if (generation === undefined || spec === undefined || handlers === undefined) return route.fail(method);
  return { generation, spec, run: (input, call) => handlers[method]?.(input, call) };
}

function nextCall(parent: Call, id: string, now: number, options: CallOptions | undefined): Call {
  const own = options?.timeout === undefined ? undefined : now + options.timeout;
  const deadline =
    own === undefined || parent.deadline === undefined ? (own ?? parent.deadline) : Math.min(own, parent.deadline);
  const signal =
    options?.signal === undefined || parent.signal === undefined
      ? (options?.signal ?? parent.signal)
      : AbortSignal.any([options.signal, parent.signal]);
  const call: Call = {
    id,
    principal: parent.principal,
    ...(deadline === undefined ? {} : { deadline }),
    ...(signal === undefined ? {} : { signal }),
  };
  return call;
}

/** Rejects as soon as nobody waits for the answer any more; gives the way to refrain. */
function limit(call: Call, method: string, provider: string, clock: Clock) {
  return (reject: (reason: unknown) => void): (() => void) => {
    const { deadline, signal } = call;
    const give = (error: Error): void => {
      disarm();
      reject(error);
    };
    const onAbort = (): void => give(callCancelled(method, signal?.reason));
    const cancel =
      deadline === undefined
        ? undefined
        : clock.after(deadline - clock.now(), () => give(callTimedOut(method, provider)));
    const disarm = (): void => {
      cancel?.();
      signal?.removeEventListener('abort', onAbort);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    return disarm;
  };
}
