import { type Clock, type ErrorInfo, type Services, withinCall } from '@caruso/service-manager/contract';
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
   * @param request id of the request, which names the call in the journal's surroundings
   */
  async call(caller: Caller, request: string, method: string, input: unknown): Promise<unknown> {
    const { principal } = caller;
    const call = { id: request, principal, deadline: this.clock.now() + PATIENCE };
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
