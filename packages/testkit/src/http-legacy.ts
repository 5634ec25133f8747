import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { falsify } from './falsify.js';
import type { Disorder, LegacySystem } from './legacy-system.js';

const DISORDERS = ['down', 'hangs', 'fails', 'page', 'lies', 'truncates', 'cuts', 'floods', 'drips'] as const;
/** How much of a true answer is read in order to falsify it, in bytes. */
const LARGEST = 4 * 1024 * 1024;
const PAGE = '<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Please sign in</h1></body></html>';

/** A legacy system that a test has started. */
export interface StartedSystem {
  url: string;
  close(): Promise<void>;
}

/**
 * Stands between a wrapper and a legacy system that speaks HTTP, as a server of its own: passes everything on until it is told to be
 * out of order. So any server can be tested with, the company's own test system too.
 *
 * @param upstream the address of the true system; one that was started for the test, and is closed with this; or a request listener
 *
 * @example
 * const erp = await httpLegacy('http://127.0.0.1:4100');
 * await erp.disturb('hangs');
 */
export async function httpLegacy(upstream: string | StartedSystem | RequestListener): Promise<LegacySystem> {
  const started = typeof upstream === 'function' ? await serve(upstream) : upstream;
  const target = new URL(typeof started === 'string' ? started : started.url);
  const proxy = new DisorderlyProxy(target.origin);
  const origin = await proxy.listen();
  return {
    address: `${origin}${target.pathname === '/' ? '' : target.pathname}`,
    disorders: DISORDERS,
    disturb: (disorder) => proxy.disturb(disorder),
    restore: () => proxy.restore(),
    traffic: () => ({ arrived: proxy.arrived, open: proxy.waiting(), sent: proxy.sent }),
    close: async () => {
      await proxy.close();
      if (typeof started !== 'string') await started.close();
    },
  };
}

class DisorderlyProxy {
  arrived = 0;
  sent = 0;
  readonly #open = new Map<ServerResponse, { asked: string; since: number }>();
  readonly #sockets = new Set<Socket>();
  #disorder: Disorder | undefined;
  #port = 0;
  #server: Server | undefined;

  constructor(private readonly upstream: string) {}

  async listen(): Promise<string> {
    const server = createServer((incoming, outgoing) => this.#serve(incoming, outgoing));
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    const origin = await listen(server, this.#port);
    this.#server = server;
    this.#port = Number(new URL(origin).port);
    return origin;
  }

  waiting(): string[] {
    return [...this.#open.values()].map(({ asked, since }) => `${asked} (${Math.round(performance.now() - since)} ms)`);
  }

  async disturb(disorder: Disorder): Promise<void> {
    this.#disorder = disorder;
    this.sent = 0;
    if (disorder === 'down') await this.close();
  }

  async restore(): Promise<void> {
    this.#disorder = undefined;
    // Who was kept waiting by a disorder waits for nothing.
    for (const outgoing of this.#open.keys()) outgoing.destroy();
    if (this.#server === undefined) await this.listen();
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    if (server !== undefined) await end(server);
  }

  #serve(incoming: IncomingMessage, outgoing: ServerResponse): void {
    this.arrived++;
    this.#open.set(outgoing, { asked: `${incoming.method} ${incoming.url}`, since: performance.now() });
    outgoing.once('close', () => this.#open.delete(outgoing));
    outgoing.on('error', () => {});
    const disorder = this.#disorder;
    switch (disorder) {
      case 'hangs':
        incoming.resume();
        return;
      case 'fails':
        return this.#answer(incoming, outgoing, 500, 'text/plain', 'ORA-00600: internal error code');
      case 'page':
        return this.#answer(incoming, outgoing, 200, 'text/html', PAGE);
      case 'drips':
        incoming.resume();
        return this.#drip(outgoing);
      default:
        return this.#forward(incoming, outgoing, disorder);
    }
  }

  #answer(incoming: IncomingMessage, outgoing: ServerResponse, status: number, type: string, text: string): void {
    incoming.resume();
    this.sent += text.length;
    outgoing.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) }).end(text);
  }

  #forward(incoming: IncomingMessage, outgoing: ServerResponse, disorder: Disorder | undefined): void {
    const { host: _, ...headers } = incoming.headers;
    const onward = request(`${this.upstream}${incoming.url ?? '/'}`, {
      method: incoming.method,
      headers,
      agent: false,
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.once('close', () => onward.destroy());
    onward.on('response', (answer) => {
      if (disorder === undefined) {
        answer.on('data', (chunk: Buffer) => (this.sent += chunk.length));
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      } else void this.#spoil(answer, outgoing, disorder);
    });
    incoming.pipe(onward);
  }

  /** Makes of a true answer one that is out of order. */
  async #spoil(answer: IncomingMessage, outgoing: ServerResponse, disorder: Disorder): Promise<void> {
    const whole = await read(answer).catch(() => Buffer.alloc(0));
    const type = answer.headers['content-type'] ?? 'application/octet-stream';
    const head = (length: number | undefined): ServerResponse =>
      outgoing.writeHead(answer.statusCode ?? 200, {
        'content-type': type,
        ...(length === undefined ? {} : { 'content-length': length }),
      });
    const half = whole.subarray(0, Math.floor(whole.length / 2));
    if (disorder === 'truncates') head(half.length).end(half);
    else if (disorder === 'cuts') head(whole.length).write(half, () => outgoing.destroy());
    else if (disorder === 'floods') this.#flood(head(undefined), whole);
    else {
      const false_ = Buffer.from(falsify(whole.toString('utf8')));
      head(false_.length).end(false_);
    }
  }

  /** The beginning of the true answer over and over, as fast as it is read. */
  #flood(outgoing: ServerResponse, whole: Buffer): void {
    const piece = Buffer.concat(Array.from({ length: 64 }, () => (whole.length === 0 ? Buffer.from('[') : whole)));
    const pour = (): void => {
      while (!outgoing.destroyed) {
        this.sent += piece.length;
        if (!outgoing.write(piece)) {
          outgoing.once('drain', pour);
          return;
        }
      }
    };
    pour();
  }

  #drip(outgoing: ServerResponse): void {
    outgoing.writeHead(200, { 'content-type': 'application/json' });
    const drop = (): void => {
      if (outgoing.destroyed) return;
      this.sent++;
      outgoing.write(' ');
      setTimeout(drop, 20);
    };
    drop();
  }
}

async function serve(listener: RequestListener): Promise<StartedSystem> {
  const server = createServer(listener);
  return { url: await listen(server, 0), close: () => end(server) };
}

async function read(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    chunks.push(chunk);
    if (size > LARGEST) break;
  }
  return Buffer.concat(chunks);
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
}

function end(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
