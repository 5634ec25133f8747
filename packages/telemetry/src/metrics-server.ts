import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { metricsPortTaken } from './errors.js';

/** Milliseconds in which a request has to have arrived. */
const ARRIVAL = 5_000;

/** `GET /metrics` for Prometheus, on an address of its own, so that it need not be shown where customers come in. */
export class MetricsServer {
  readonly #server: Server;
  #url: string | undefined;

  constructor(registry: Registry) {
    this.#server = createServer(
      { requestTimeout: ARRIVAL, headersTimeout: ARRIVAL, keepAliveTimeout: 65_000 },
      (request, response) => {
        const { pathname } = new URL(request.url ?? '/', 'http://metrics');
        const answer = (status: number, type: string, body: string, headers: Record<string, string> = {}) => {
          response.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff', ...headers });
          response.end(request.method === 'HEAD' ? undefined : body);
        };
        if (pathname !== '/metrics') answer(404, 'text/plain', 'The metrics are at /metrics.\n');
        else if (request.method !== 'GET' && request.method !== 'HEAD') {
          answer(405, 'text/plain', 'The metrics can only be read.\n', { allow: 'GET, HEAD' });
        } else {
          registry.metrics().then(
            (text) => answer(200, registry.contentType, text),
            (error: unknown) => answer(500, 'text/plain', `The metrics could not be read: ${String(error)}\n`),
          );
        }
      },
    );
    this.#server.maxConnections = 50;
  }

  get url(): string | undefined {
    return this.#url;
  }

  /** Throws METRICS_PORT_TAKEN. */
  async listen(port: number, host: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) =>
        reject(error.code === 'EADDRINUSE' ? metricsPortTaken(host, port, error) : error),
      );
      this.#server.listen(port, host, resolve);
    });
    const { port: bound } = this.#server.address() as AddressInfo;
    this.#url = `http://${host.includes(':') ? `[${host}]` : host}:${bound}/metrics`;
  }

  async close(): Promise<void> {
    this.#url = undefined;
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}
