import { once } from 'node:events';
import { connect } from 'node:net';
import objects from '@caruso/business-objects';
import { createDeclarations, folderOf } from '@caruso/declarations';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Browser, type Served, serve } from './testing/served.js';

const model = {
  'model/case.yaml': `object: Case
attachments: { largest: 1 MB }
attributes: { no: { type: integer, key: true } }
rights: { agent: { read: all, write: all }, supervisor: read }
`,
};

let served: Served;
let anna: Browser;
beforeAll(async () => {
  served = await serve({}, { declarations: createDeclarations(folderOf(model)).component, objects });
  anna = await Browser.signedIn(served.url, 'anna');
  await anna.post('/api/objects/Case', { values: { no: 1 } });
});
afterAll(() => served.stop());

const send = (browser: Browser, name: string, type: string, body: Uint8Array<ArrayBuffer>) =>
  browser.fetch(`/api/attachments/Case/1?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body,
  });

test('a file is attached, read back byte for byte as a download, and removed', async () => {
  const content = new Uint8Array(600_000).map((_, index) => index % 251);
  const answer = await send(anna, 'Ääk <b>.html', 'text/html; charset=utf-8', content);
  expect(answer.status).toBe(201);
  const attached = (await answer.json()) as { id: string };
  expect(attached).toMatchObject({ name: 'Ääk <b>.html', type: 'text/html', size: 600_000 });
  const sam = await Browser.signedIn(served.url, 'sam');
  const read = await sam.fetch(answer.headers.get('location') ?? '');
  expect(new Uint8Array(await read.arrayBuffer())).toEqual(content);
  expect(read.headers.get('content-disposition')).toMatch(/^attachment; .*filename\*=UTF-8''%C3%84/);
  expect(read.headers.get('content-security-policy')).toContain('sandbox');
  expect(read.headers.get('x-content-type-options')).toBe('nosniff');
  expect((await send(sam, 'x', 'text/plain', content)).status).toBe(403);
  const visitor = new Browser(served.url);
  expect((await visitor.fetch(answer.headers.get('location') ?? '')).status).toBe(403);
  const detached = await anna.post('/api/call/objects/detach', { object: 'Case', key: '1', attachment: attached.id });
  expect(detached.status).toBe(200);
  expect((await anna.fetch(answer.headers.get('location') ?? '')).status).toBe(404);
});

test('2 GB that are announced are refused before they are sent', async () => {
  const { hostname, port } = new URL(served.url);
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST /api/attachments/Case/1?name=big HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncookie: ${anna.cookie}\r\ncontent-type: image/png\r\ncontent-length: 2147483648\r\n\r\nx`,
  );
  const [data] = (await once(socket, 'data')) as [Buffer];
  expect(data.toString()).toMatch(/^HTTP\/1\.1 413 /);
  expect(data.toString()).toContain('ATTACHMENT_TOO_LARGE');
  socket.destroy();
});
