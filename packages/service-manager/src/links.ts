import type { Call } from './call.js';
import type { ServiceState } from './services.js';

/** What a node tells others about one of its registrations: plain data, those with remote contracts only. */
export interface OfferedProvider {
  /** Of the registration. */
  name: string;
  /** Of the component. */
  version: string;
  generation: number;
  state: ServiceState;
  /** Why it is degraded. */
  reason?: string | undefined;
  /** When it entered this state, milliseconds UTC. */
  since: number;
  /** The higher, the rather it is chosen. */
  ranking: number;
  /** Rises with each installation on its node. */
  order: number;
  offers: readonly { contract: string; version: string }[];
  /** Calls answered there so far, and those that failed. */
  calls: { total: number; failed: number; inFlight: number; p50: number | null; p95: number | null };
}

/** A call on its way to another node. The input is what the caller gave, already found good; the far end parses it. */
export interface OutgoingCall {
  provider: string;
  contract: string;
  method: string;
  input: unknown;
  /** Its signal tells when nobody waits any more; `deadline` is in this machine's time. */
  call: Call;
  /** Calls that this one was made in and that still wait, the nearest first: ids, for the far end's {@link IncomingCall.ancestors}. */
  ancestors: readonly string[];
}

/** Told once what came of a call; at less cost than a promise. */
export interface Outcome {
  answered(output: unknown): void;
  failed(error: unknown): void;
}

/** A provider on another node as this node sees it. */
export interface RemoteProvider extends OfferedProvider {
  /**
   * Sends a call; its outcome is the handler's answer unparsed, or what the provider threw, or NODE_UNREACHABLE (surely not delivered:
   * `details.delivered` is false), NODE_LOST (may have run). Throws what is known before it leaves: NODE_UNREACHABLE, CALL_TOO_LARGE.
   */
  send(request: OutgoingCall, outcome: Outcome): void;
}

/** A call that came from another node, or from a program that speaks to this one directly. */
export interface IncomingCall {
  /** The registration meant; any that provides the contract where absent. */
  provider?: string | undefined;
  contract: string;
  method: string;
  /** Not parsed yet. */
  input: unknown;
  id: string;
  principal: Call['principal'];
  /** Milliseconds left. */
  timeout?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Given the way to give the call up, as soon as it has begun; costs less than a signal. */
  begun?: ((giveUp: (reason: unknown) => void) => void) | undefined;
  trace?: string | undefined;
  ancestors?: readonly string[] | undefined;
}

/** Where a transport between nodes is plugged in. Installed by the composition root, never needed by one process alone. */
export interface Links {
  /** What this node offers to others now. */
  offered(): OfferedProvider[];
  /** Told when a provider came, went or changed state; returns the way to stop listening. */
  onChange(listener: () => void): () => void;
  /** Puts what another node offers in the place of what it offered before; a newcomer is added. */
  join(node: string, providers: readonly RemoteProvider[]): void;
  /** Another node is gone; the transport rejects what it had sent there itself. */
  leave(node: string): void;
  /** Answers a call that came in, by a provider of this node; gives the handler's answer as it is. */
  answer(incoming: IncomingCall): Promise<unknown>;
}
