import type { Clock, Services } from '@caruso/service-manager/contract';
import type { JournalApi, JournalEvent } from '@caruso/storage-manager/contract';
import type { WebSocket } from 'ws';
import type { Caller } from './caller.js';
import type { LiveMessage } from './contract.js';
import { connectionsLimited } from './errors.js';
import type { Session } from './sessions.js';

/** Bytes of a message from a browser, which has nothing to say here. */
export const LIVE_PAYLOAD = 4096;
/** Bytes that may wait for a slow browser before it is dropped; it connects again and reads everything anew. */
const BUFFER = 512 * 1024;
/** Frames from a browser within one heartbeat. */
const FRAMES = 30;
const HEARTBEAT = 30_000;
/** Changes of the service tree come in bursts. */
const GATHER = 200;
const CONNECTIONS_OF_ONE = 30;

interface Connection {
  socket: WebSocket;
  caller: Caller;
  address: string;
  /** Who of an event's audience this is. */
  member: string;
  frames: number;
  answered: boolean;
}

export interface LiveOptions {
  journal: JournalApi;
  services: Services;
  clock: Clock;
  /** Connections at once. */
  limit: number;
  /** Whether the caller of a connection may still have it. */
  stillValid: (session: Session) => Promise<boolean>;
}

/** Tells browsers that something happened, never what. */
export class Live {
  readonly #connections = new Set<Connection>();
  #seq = 0;
  #cancelServices: (() => void) | undefined;

  constructor(private readonly options: LiveOptions) {}

  /** Follows journal and service tree; gives the way to stop, which drops every connection. */
  async start(): Promise<() => void> {
    const { journal, services, clock } = this.options;
    const unfollow = journal.follow((event) => this.#tell(event));
    const [last] = await journal.read({ descending: true, limit: 1 });
    this.#seq = Math.max(this.#seq, last?.seq ?? 0);
    const unlisten = services.onChange(() => {
      this.#cancelServices ??= clock.after(GATHER, () => this.#tellServices());
    });
    const stopBeat = clock.every(HEARTBEAT, () => void this.#beat());
    return () => {
      unfollow();
      unlisten();
      stopBeat();
      this.#cancelServices?.();
      for (const { socket } of this.#connections) socket.close(1012, 'the front office restarts');
      this.#connections.clear();
    };
  }

  /** Throws CONNECTIONS_LIMITED. Asked before a request becomes a WebSocket. */
  admit(caller: Caller, address: string): void {
    const { limit } = this.options;
    if (this.#connections.size >= limit) throw connectionsLimited(limit);
    let own = 0;
    for (const connection of this.#connections) {
      const same =
        caller.session === undefined
          ? connection.caller.session === undefined && connection.address === address
          : connection.caller.principal.id === caller.principal.id;
      if (same) own += 1;
    }
    // Several visitors may share an address, hence the larger share.
    const share = caller.session === undefined ? CONNECTIONS_OF_ONE * 4 : CONNECTIONS_OF_ONE;
    if (own >= share) throw connectionsLimited(share);
  }

  add(socket: WebSocket, caller: Caller, address: string): void {
    const { principal } = caller;
    const member = `${principal.kind}:${principal.id}`;
    const connection: Connection = { socket, caller, address, member, frames: 0, answered: true };
    this.#connections.add(connection);
    const count = (): void => {
      connection.frames += 1;
      if (connection.frames > FRAMES) socket.close(1008, 'too many messages');
    };
    socket.on('message', count);
    socket.on('ping', count);
    socket.on('pong', () => {
      connection.answered = true;
    });
    socket.on('close', () => this.#connections.delete(connection));
    socket.on('error', () => socket.terminate());
    this.#send(connection, JSON.stringify({ kind: 'hello', seq: this.#seq } satisfies LiveMessage));
  }

  /** The sessions ended: their connections do too. */
  end(ended: (session: Session) => boolean): void {
    for (const { socket, caller } of this.#connections) {
      if (caller.session !== undefined && ended(caller.session)) socket.close(4401, 'the session has ended');
    }
  }

  inspect(): { connections: number; seq: number } {
    return { connections: this.#connections.size, seq: this.#seq };
  }

  #tell(event: JournalEvent): void {
    this.#seq = Math.max(this.#seq, event.seq);
    if (this.#connections.size === 0) return;
    const message = JSON.stringify(messageOf(event));
    for (const connection of this.#connections) {
      const staff = connection.caller.session !== undefined;
      if (staff || event.audience.includes(connection.member)) this.#send(connection, message);
    }
  }

  #tellServices(): void {
    this.#cancelServices = undefined;
    const message = JSON.stringify({ kind: 'services' } satisfies LiveMessage);
    for (const connection of this.#connections) {
      if (connection.caller.session?.user.roles.includes('administrator') === true) this.#send(connection, message);
    }
  }

  #send(connection: Connection, message: string): void {
    const { socket } = connection;
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount <= BUFFER) socket.send(message);
    else {
      this.#connections.delete(connection);
      socket.terminate();
    }
  }

  /** Drops who does not answer, and whose session has ended by itself or in another process. */
  async #beat(): Promise<void> {
    for (const connection of this.#connections) {
      const { socket, caller } = connection;
      if (!connection.answered) socket.terminate();
      else {
        connection.answered = false;
        connection.frames = 0;
        socket.ping();
        const { session } = caller;
        if (session !== undefined && !(await this.options.stillValid(session))) {
          socket.close(4401, 'the session has ended');
        }
      }
    }
  }
}

/** What a browser is told of an event. */
function messageOf({ seq, type, subject, changes }: JournalEvent): LiveMessage {
  const changed = changes.map(({ object }) => object);
  // What a record is linked to is a part of it, although no value of it changed.
  if (subject !== null && (type.endsWith('.linked') || type.endsWith('.unlinked'))) changed.push(subject.object);
  return { kind: 'event', seq, type, subject, changed: [...new Set(changed)] };
}
