import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { gatewayComponent } from './component.js';
import { Gateway } from './contract.js';
import { Browser, type Served, serve } from './testing/served.js';

describe('the gateway', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve();
  });
  afterAll(() => served.stop());

  test('is replaced while it serves: sessions stay, live connections are told to come back', async () => {
    const anna = await Browser.signedIn(served.url, 'anna');
    const socket = new WebSocket(`${served.url.replace('http', 'ws')}/api/live`, { headers: { cookie: anna.cookie } });
    const closed = new Promise((resolve) => socket.on('close', resolve));
    await new Promise((resolve) => socket.on('message', resolve));
    const { port } = new URL(served.url);
    await served.manager.replace('gateway', gatewayComponent, { port: Number(port) });
    expect(await closed).toBe(1012);
    const { url } = await served.manager.use(Gateway, '^1.0').address({});
    expect(url).toBe(served.url);
    expect((await anna.fetch('/api/me')).status).toBe(200);
  });

  test('says which port another program has', async () => {
    const { port } = new URL(served.url);
    served.manager.install('second', gatewayComponent, { port: Number(port) });
    await served.manager.settled();
    const node = served.manager.inspect().services.find(({ name }) => name === 'second');
    expect(node).toMatchObject({ state: 'failed' });
    expect(node?.reason).toContain(`127.0.0.1:${port}`);
    await served.manager.uninstall('second');
    expect((await fetch(`${served.url}/api/health`)).status).toBe(200);
  });

  test('gives the port back when it stops', async () => {
    await served.manager.uninstall('gateway');
    await expect(fetch(`${served.url}/api/health`)).rejects.toThrow('fetch failed');
  });
});
