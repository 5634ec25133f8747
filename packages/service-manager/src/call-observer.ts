import type { Call } from './call.js';

/** A call of a remote contract as it begins. */
export interface CallBeginning {
  /** May be given a `trace` of its own; it has that of the call it is made in until then. */
  call: Call;
  contract: string;
  method: string;
  /** The registration that answers, and the number of its generation (of a provider on another node as last announced). */
  provider: string;
  generation: number;
  /** Where the provider runs, if not in this process. */
  node?: string | undefined;
  /** It came from another node. */
  incoming: boolean;
}

/** Told how it ended: undefined when it was answered. */
export type CallEnded = (error: unknown) => void;

/**
 * Sees every call of a remote contract, for traces and metrics. Runs in the path of the call: it has to be quick, and what it
 * throws is logged and forgotten.
 *
 * @example
 * const stop = services.observe(({ contract, method }) => (error) => count(`${contract}.${method}`, error));
 */
export type CallObserver = (beginning: CallBeginning) => CallEnded | undefined;
