import { connect, type Socket } from 'node:net';
import { Journal } from '@caruso/storage-manager/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { LiveMessage } from './contract.js';
import { Browser, notes, type Served, serve } from './testing/served.js';

/** A connection, and what came over it. */
class Listener {
  readonly messages: LiveMessage[] = [];
  readonly closed: Promise<number>;
  readonly #waiting: (() => void)[] = [];

  private constructor(readonly socket: WebSocket) {
    this.closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('message', (data) => {
      this.messages.push(LiveMessage.parse(JSON.parse(String(data))));
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  /** The status where the connection is refused. */
  static async open(url: string, headers: Record<string, string>): Promise<Listener | number> {
    const listener = new Listener(new WebSocket(`${url.replace('http', 'ws')}/api/live`, { headers }));
    const { socket } = listener;
    return new Promise((resolve, reject) => {
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.on('error', reject);
      void listener.next(({ kind }) => kind === 'hello').then(() => resolve(listener));
    });
  }

  async next(which: (message: LiveMessage) => boolean): Promise<LiveMessage> {
    for (;;) {
      const found = this.messages.find(which);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

async function listen(url: string, cookie: string, headers: Record<string, string> = {}): Promise<Listener> {
  const listener = await Listener.open(url, { cookie, ...headers });
  if (typeof listener === 'number') throw new Error(`refused with ${listener}`);
  return listener;
}

const event = (type: string) => (message: LiveMessage) => message.kind === 'event' && message.type === type;

describe('live pushes', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve();
  });
  afterAll(() => served.stop());

  test('tell staff of everything, visitors of what is theirs, and nobody what it was', async () => {
    const journal = served.manager.use(Journal, '^1.0');
    const anna = await Browser.signedIn(served.url, 'anna');
    const vera = new Browser(served.url);
    const { id } = (await (await vera.post('/api/call/notes/whoAmI', {})).json()) as { id: string };
    const [staff, visitor] = [await listen(served.url, anna.cookie), await listen(served.url, vera.cookie)];
    const change = { object: 'Case', key: 'c1', before: null, after: { secret: 'S3CRET' } };
    await journal.append({ type: 'Case.created', subject: { object: 'Case', key: 'c1' }, changes: [change, change] });
    await journal.append({ type: 'Message.sent', data: { text: 'S3CRET' }, audience: [`visitor:${id}`] });
    await journal.append({ type: 'Message.last', audience: ['visitor:other'] });
    await staff.next(event('Message.last'));
    expect(staff.messages.filter(({ kind }) => kind === 'event')).toMatchObject([
      { type: 'Case.created', subject: { object: 'Case', key: 'c1' }, changed: ['Case'] },
      { type: 'Message.sent' },
      { type: 'Message.last' },
    ]);
    await visitor.next(event('Message.sent'));
    expect(visitor.messages.map((message) => ('type' in message ? message.type : message.kind))).toEqual([
      'hello',
      'Message.sent',
    ]);
    expect(JSON.stringify([...staff.messages, ...visitor.messages])).not.toContain('S3CRET');
    staff.socket.close();
    visitor.socket.close();
  });

  test('tell administrators alone that a component changed its state', async () => {
    const ada = await listen(served.url, (await Browser.signedIn(served.url, 'ada')).cookie);
    const anna = await listen(served.url, (await Browser.signedIn(served.url, 'anna')).cookie);
    served.manager.install('more-notes', notes);
    await ada.next(({ kind }) => kind === 'services');
    expect(anna.messages.some(({ kind }) => kind === 'services')).toBe(false);
    ada.socket.close();
    anna.socket.close();
  });

  test('end with the session', async () => {
    const anna = await Browser.signedIn(served.url, 'anna');
    const listener = await listen(served.url, anna.cookie);
    await anna.fetch('/api/sign-out', { method: 'POST' });
    expect(await listener.closed).toBe(4401);
  });

  test('are refused to pages of other sites', async () => {
    const { cookie } = await Browser.signedIn(served.url, 'anna');
    expect(await Listener.open(served.url, { cookie, origin: 'https://evil.example' })).toBe(403);
    const own = await listen(served.url, cookie, { origin: served.url });
    own.socket.close();
    expect((await fetch(`${served.url}/api/live`)).status).toBe(426);
  });

  test('drop who floods them, and serve on', async () => {
    const { cookie } = await Browser.signedIn(served.url, 'anna');
    const talker = await listen(served.url, cookie);
    for (let at = 0; at < 200; at += 1) talker.socket.send('x');
    expect(await talker.closed).toBe(1008);
    const pinger = await listen(served.url, cookie);
    for (let at = 0; at < 200; at += 1) pinger.socket.ping();
    expect(await pinger.closed).toBe(1008);
    const large = await listen(served.url, cookie);
    large.socket.send('x'.repeat(100_000));
    expect(await large.closed).toBe(1009);
    (await listen(served.url, cookie)).socket.close();
  });

  test('drop who does not read, before their messages fill the memory', async () => {
    const journal = served.manager.use(Journal, '^1.0');
    const { cookie } = await Browser.signedIn(served.url, 'anna');
    const { hostname, port } = new URL(served.url);
    const socket = await new Promise<Socket>((resolve, reject) => {
      const opened = connect(Number(port), hostname, () => {
        opened.write(
          `GET /api/live HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncookie: ${cookie}\r\nconnection: upgrade\r\n` +
            'upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
        );
        opened.once('data', () => resolve(opened.pause()));
      });
      opened.on('error', reject);
    });
    const connections = () => {
      const node = served.manager.inspect().services.find(({ name }) => name === 'gateway');
      return z.object({ live: z.object({ connections: z.number() }) }).parse(node?.details).live.connections;
    };
    const before = connections();
    // Each tells of many objects, so that the socket's own buffers fill soon.
    const changes = Array.from({ length: 2000 }, (_, at) => ({
      object: `${'ObjectOfALongName'.repeat(4)}${at}`,
      key: 'k',
      before: null,
      after: {},
    }));
    for (let at = 0; at < 400 && connections() === before; at += 1)
      await journal.append({ type: 'Case.changed', changes });
    expect(connections()).toBe(before - 1);
    socket.destroy();
  });

  test('are limited for one person and for all', async () => {
    const small = await serve({ liveConnections: 3 });
    try {
      const { cookie } = await Browser.signedIn(small.url, 'anna');
      for (let at = 0; at < 3; at += 1) await listen(small.url, cookie);
      expect(await Listener.open(small.url, { cookie })).toBe(429);
    } finally {
      await small.stop();
    }
  });
});
