import { type Clock, type ErrorInfo, type Services, withinCall } from '@caruso/service-manager/contract';
import type { FastifyRequest } from 'fastify';
import type { Caller } from './caller.js';
import { notSignedIn } from './errors.js';

/** Milliseconds that a request waits for a method. */
const PATIENCE = 30_000;

/** Calls methods on behalf of whom a request comes from. */
export class Calls {
  constructor(
    private readonly services: Services,
    private readonly clock: Clock,
  ) {}

  /**
   * Throws ACCESS_DENIED (NOT_SIGNED_IN where the session has ended), and what `Services.call` throws.
   *
   * @param request its id names the call in the journal's surroundings; its trace goes on within
   */
  async call(
    caller: Caller,
    request: Pick<FastifyRequest, 'id' | 'headers'>,
    method: string,
    input: unknown,
  ): Promise<unknown> {
    const { principal } = caller;
    const call = { id: request.id, principal, deadline: this.clock.now() + PATIENCE, trace: traceOf(request) };
    try {
      this.services.authorize(method, principal);
      return await withinCall(call, () => this.services.call(method, input));
    } catch (error) {
      // Who was signed in a moment ago should sign in again, not hear of missing rights.
      if (caller.ended && (error as Partial<ErrorInfo>).code === 'ACCESS_DENIED') throw notSignedIn();
      throw error;
    }
  }
}

/** The W3C trace context that a request continues. What has not its form begins a trace of its own. */
function traceOf({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const { traceparent } = headers;
  return typeof traceparent === 'string' && /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/.test(traceparent)
    ? traceparent
    : undefined;
}
