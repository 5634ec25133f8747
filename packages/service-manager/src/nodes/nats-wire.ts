import { readFileSync } from 'node:fs';
import {
  type ConnectionOptions,
  connect,
  createInbox,
  credsAuthenticator,
  type Msg,
  type NatsConnection,
} from '@nats-io/transport-node';
import type { Clock } from '../clock.js';
import type { ClusterSettings } from '../cluster-settings.js';
import { messageOf } from '../errors.js';
import type { Wire } from './wire.js';

/** How long to wait before a server is tried again, in milliseconds. */
const RETRY_EVERY = 500;
/** How long one attempt to connect may take, in milliseconds. */
const CONNECT_WITHIN = 2_000;
/** How often the server is asked whether it is there, in milliseconds; the second question without an answer ends the connection. */
const PING_EVERY = 2_000;

interface Message {
  subject: string;
  payload: Uint8Array;
  reply: string | undefined;
}

export interface WireEvents {
  /** Connected for the first time, or anew after the connection had been closed for good: subscribe. */
  opened(connection: NatsConnection): void;
  /** The same connection is there again; its subscriptions still hold. */
  restored(): void;
  lost(): void;
}

/** The connection to NATS: tried for ever, told when it comes and goes. */
export class NatsWire implements Wire {
  readonly inbox = createInbox();
  #connection: NatsConnection | undefined;
  #outbox: Message[] = [];
  #gatherers: (() => void)[] = [];
  #leaving = false;
  #connected = false;
  #closed = false;
  #trouble: string | undefined = 'not connected yet';
  #cancelRetry = (): void => {};

  constructor(
    private readonly settings: ClusterSettings,
    private readonly name: string,
    private readonly clock: Clock,
    private readonly events: WireEvents,
  ) {}

  get connected(): boolean {
    return this.#connected;
  }

  get limit(): number {
    return this.#connection?.info?.max_payload ?? Number.POSITIVE_INFINITY;
  }

  get connection(): NatsConnection | undefined {
    return this.#connection;
  }

  /** Why messages do not leave; undefined when they do. */
  get trouble(): string | undefined {
    return this.#trouble === undefined
      ? undefined
      : `NATS (${this.settings.servers.join(', ')}) is not reached: ${this.#trouble}`;
  }

  /** Leaves with all else that is published in this turn of the event loop: a write to the socket for each would cost more than the call. */
  publish(subject: string, payload: Uint8Array, reply?: string): void {
    this.#outbox.push({ subject, payload, reply });
    this.#leave();
  }

  beforeLeaving(gather: () => void): void {
    this.#gatherers.push(gather);
    this.#leave();
  }

  #leave(): void {
    if (this.#leaving) return;
    this.#leaving = true;
    setImmediate(this.#send);
  }

  readonly #send = (): void => {
    for (const gather of this.#gatherers.splice(0)) gather();
    this.#leaving = false;
    const outbox = this.#outbox;
    this.#outbox = [];
    // Without a connection whoever waits for an answer has been told; late messages would only surprise.
    if (!this.#connected) return;
    for (const { subject, payload, reply } of outbox) {
      this.#connection?.publish(subject, payload, reply === undefined ? undefined : { reply });
    }
  };

  /** Resolves after the first attempt, whatever came of it. */
  async open(): Promise<void> {
    if (this.#closed) return;
    let connection: NatsConnection;
    try {
      connection = await connect(this.#options());
    } catch (error) {
      this.#trouble = messageOf(error);
      if (!this.#closed) this.#cancelRetry = this.clock.after(RETRY_EVERY, () => void this.open());
      return;
    }
    if (this.#closed) return connection.close();
    this.#connection = connection;
    this.#up();
    void this.#follow(connection);
    this.events.opened(connection);
  }

  /** Sends what was published and closes. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelRetry();
    this.#send();
    if (this.#connected) await this.#connection?.flush().catch(() => undefined);
    await this.#connection?.close();
  }

  #up(): void {
    this.#connected = true;
    this.#trouble = undefined;
  }

  #down(why: string): void {
    this.#trouble = why;
    if (!this.#connected) return;
    this.#connected = false;
    this.events.lost();
  }

  async #follow(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect' || status.type === 'staleConnection') this.#down('the connection was lost');
      if (status.type === 'reconnect') {
        this.#up();
        this.events.restored();
      }
    }
    if (this.#closed) return;
    // The client has given up (a server that no longer takes our credentials): begin anew.
    this.#down(messageOf((await connection.closed()) ?? 'the connection was closed'));
    this.#connection = undefined;
    this.#cancelRetry = this.clock.after(RETRY_EVERY, () => void this.open());
  }

  #options(): ConnectionOptions {
    const { servers, user, password, token, credentials, tls } = this.settings;
    const files = {
      ...(tls?.ca === undefined ? {} : { caFile: tls.ca }),
      ...(tls?.cert === undefined ? {} : { certFile: tls.cert }),
      ...(tls?.key === undefined ? {} : { keyFile: tls.key }),
    };
    return {
      servers,
      name: this.name,
      timeout: CONNECT_WITHIN,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RETRY_EVERY,
      reconnectJitter: 100,
      reconnectJitterTLS: 100,
      pingInterval: PING_EVERY,
      maxPingOut: 2,
      ignoreAuthErrorAbort: true,
      ...(user === undefined ? {} : { user }),
      ...(password === undefined ? {} : { pass: password }),
      ...(token === undefined ? {} : { token }),
      ...(credentials === undefined ? {} : { authenticator: credsAuthenticator(readFileSync(credentials)) }),
      ...(tls === undefined ? {} : { tls: files }),
    };
  }
}

/** The server says that nobody listens where the message was sent. */
export function isUnheard(message: Msg): boolean {
  return message.data.length === 0 && message.headers?.code === 503;
}
