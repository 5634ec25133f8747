import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a real server that a test can close and open again, as if the server were down. */
export class TcpGate {
  readonly #to: { host: string; port: number };
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  port = 0;

  constructor(url: string) {
    const { protocol, hostname, port } = new URL(url);
    const usual = protocol === 'mariadb:' ? 3306 : 5432;
    this.#to = { host: hostname, port: port === '' ? usual : Number(port) };
  }

  /** Listens, on the same port as before where it was open already. */
  open(): Promise<void> {
    const server = createServer((incoming) => {
      const outgoing = connect(this.#to);
      for (const [socket, other] of [
        [incoming, outgoing],
        [outgoing, incoming],
      ] as const) {
        this.#sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    });
    this.#server = server;
    return new Promise((resolve) => {
      server.listen(this.port, '127.0.0.1', () => {
        const address = server.address();
        if (typeof address === 'object' && address !== null) this.port = address.port;
        resolve();
      });
    });
  }

  /** Cuts what runs through it and refuses what comes. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    if (server !== undefined) await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}
