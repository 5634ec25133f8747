/** What nodes need of a message system, so that all but the connection itself can be tested without one. */
export interface Wire {
  /** Messages leave now; otherwise they would be lost. */
  readonly connected: boolean;
  /** What one message may hold, in bytes. */
  readonly limit: number;
  /** What is published without a connection is dropped. */
  publish(subject: string, payload: Uint8Array, reply?: string): void;
  /** Runs `gather` once, just before what was published in this turn of the event loop leaves; what it publishes leaves with it. */
  beforeLeaving(gather: () => void): void;
}
