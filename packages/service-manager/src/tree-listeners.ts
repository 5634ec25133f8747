import { EventEmitter } from 'eventemitter3';
import type { Log } from './component-definition.js';
import { messageOf } from './errors.js';
import type { ServiceNode } from './services.js';

/** Who wants to know of every change in the service tree. */
export class TreeListeners {
  readonly #events = new EventEmitter<{ change: [ServiceNode] }>();

  constructor(private readonly log: Log) {}

  /** Gives the way to stop listening. */
  add(listener: (node: ServiceNode) => void): () => void {
    this.#events.on('change', listener);
    return () => this.#events.off('change', listener);
  }

  /** What one of them throws is logged, and keeps it from none of the others. */
  tell(describe: () => ServiceNode): void {
    const listeners = this.#events.listeners('change');
    if (listeners.length === 0) return;
    const node = describe();
    for (const listener of listeners) {
      try {
        listener(node);
      } catch (error) {
        this.log.warn({ err: error }, `a listener to the service tree failed: ${messageOf(error)}`);
      }
    }
  }
}
