import type { LiveMessage } from '@caruso/gateway/contract';

export type LiveState = 'connecting' | 'open' | 'lost';

const longestPause = 10_000;

/**
 * The connection on which the server says that something happened. Reconnects by itself, with growing pauses, at once when the browser
 * is online again.
 */
export class LiveConnection {
  #socket: WebSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pause = 500;
  #state: LiveState = 'connecting';
  #stopped = false;
  readonly #states = new Set<() => void>();

  constructor(
    private readonly url: string,
    private readonly onMessage: (message: LiveMessage) => void,
    private readonly onOpen: (again: boolean) => void,
  ) {
    addEventListener('online', this.#now);
    addEventListener('offline', this.#cut);
    this.#connect(false);
  }

  get state(): LiveState {
    return this.#state;
  }

  onState(listener: () => void): () => void {
    this.#states.add(listener);
    return () => this.#states.delete(listener);
  }

  stop(): void {
    this.#stopped = true;
    removeEventListener('online', this.#now);
    removeEventListener('offline', this.#cut);
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #connect(again: boolean): void {
    const socket = new WebSocket(this.url);
    this.#socket = socket;
    socket.onopen = () => {
      this.#pause = 500;
      this.#become('open');
      this.onOpen(again);
    };
    socket.onmessage = ({ data }) => {
      if (typeof data === 'string') this.onMessage(JSON.parse(data) as LiveMessage);
    };
    socket.onclose = () => {
      if (this.#stopped || this.#socket !== socket) return;
      this.#become('lost');
      this.#timer = setTimeout(() => this.#connect(true), this.#pause);
      this.#pause = Math.min(this.#pause * 2, longestPause);
    };
  }

  readonly #now = (): void => {
    if (this.#state === 'open') return;
    clearTimeout(this.#timer);
    this.#connect(true);
  };

  // A pulled cable does not close a socket for minutes; the browser knows at once.
  readonly #cut = (): void => {
    this.#socket?.close();
    this.#become('lost');
  };

  #become(state: LiveState): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const listener of this.#states) listener();
  }
}
