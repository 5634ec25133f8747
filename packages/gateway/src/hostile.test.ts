import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ErrorBody } from './contract.js';
import { Browser, type Served, serve } from './testing/served.js';

/** Sends bytes as they are; fetch would tidy them up. */
function raw(url: string, request: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(request));
    socket.on('data', (chunk) => {
      answer += chunk.toString();
    });
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
}

async function errorOf(answer: Response) {
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  const body = ErrorBody.parse(await answer.json());
  expect(body.error.request).toBe(answer.headers.get('x-request-id'));
  return { status: answer.status, ...body.error };
}

describe('what comes from outside', () => {
  let served: Served;
  let anna: Browser;
  beforeAll(async () => {
    served = await serve();
    anna = await Browser.signedIn(served.url, 'anna');
  });
  afterAll(() => served.stop());

  test('a call acts as the user, whose rights are checked', async () => {
    const answer = await anna.post('/api/call/notes/add', { text: 'hello' });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ text: 'hello', by: 'anna', kind: 'user' });
    const ada = await Browser.signedIn(served.url, 'ada');
    const refused = await errorOf(await ada.post('/api/call/notes/add', { text: 'hello' }));
    expect(refused).toMatchObject({ status: 403, code: 'ACCESS_DENIED' });
    expect(refused.message).toContain('agent, supervisor');
  });

  test('a visitor is known again by a cookie that staff cannot forge from the id', async () => {
    const visitor = new Browser(served.url);
    const first = (await (await visitor.post('/api/call/notes/whoAmI', {})).json()) as { kind: string; id: string };
    const second = await (await visitor.post('/api/call/notes/whoAmI', {})).json();
    expect(first.kind).toBe('visitor');
    expect(second).toEqual(first);
    expect(visitor.cookies.get('caruso_visitor')).not.toContain(first.id);
    const refused = await errorOf(await visitor.post('/api/call/notes/add', { text: 'x' }));
    expect(refused).toMatchObject({ status: 403, code: 'ACCESS_DENIED' });
  });

  test('whose session has ended is told to sign in, not of missing rights', async () => {
    const late = new Browser(served.url);
    late.cookies.set('caruso_session', 'A'.repeat(43));
    expect(await errorOf(await late.post('/api/call/notes/add', { text: 'x' }))).toMatchObject({
      status: 401,
      code: 'NOT_SIGNED_IN',
    });
  });

  test('no answer is an answer', async () => {
    const answer = await anna.post('/api/call/notes/nothing', {});
    expect(answer.status).toBe(200);
    expect(await answer.json()).toBeNull();
  });

  test('methods for components only are closed, unknown ones suggest the nearest', async () => {
    expect(await errorOf(await anna.post('/api/call/notes/inside', {}))).toMatchObject({ status: 403 });
    const unknown = await errorOf(await anna.post('/api/call/notes/ad', {}));
    expect(unknown).toMatchObject({ status: 404, code: 'METHOD_UNKNOWN', details: { nearest: 'notes.add' } });
    expect(await errorOf(await anna.post('/api/call/note/add', {}))).toMatchObject({ status: 404 });
    expect(await errorOf(await anna.post('/api/call/__proto__/constructor', {}))).toMatchObject({ status: 404 });
    expect(await errorOf(await anna.post('/api/kall/x', {}))).toMatchObject({ status: 404, code: 'ROUTE_UNKNOWN' });
  });

  test('wrong types name the field', async () => {
    const wrong = await errorOf(await anna.post('/api/call/notes/add', { text: 1, lines: [{ count: 'x' }] }));
    expect(wrong).toMatchObject({ status: 400, code: 'INPUT_INVALID' });
    expect(wrong.message).toContain('text:');
    expect(wrong.message).toContain('lines.0.count:');
    const signIn = await errorOf(await anna.post('/api/sign-in', { user: ['anna'], password: 1, more: 1 }));
    expect(signIn).toMatchObject({ status: 400, code: 'INPUT_INVALID' });
    expect(signIn.message).toMatch(/user:.*password:/);
    expect(await errorOf(await anna.post('/api/call/notes/add', '[1]'))).toMatchObject({ code: 'INPUT_INVALID' });
  });

  test.each([
    ['{"text": "a",\n  "lines": [1,, 2]}', 2, 15],
    ['{"text": "a"', 1, 13],
    ['{text: "a"}', 1, 2],
    ['{"text": "a\n"}', 1, 10],
    ['{"text": 01}', 1, 10],
    ['{"text": "a"} x', 1, 15],
    [`{"text": "${'a'.repeat(100_000)}", "lines": }`, 1, 100_023],
  ])('broken JSON is refused with its place (%#)', async (body, line, column) => {
    const broken = await errorOf(await anna.post('/api/call/notes/add', body));
    expect(broken).toMatchObject({ status: 400, code: 'BODY_NOT_JSON', details: { line, column } });
    expect(broken.message).toContain(`line ${line}, column ${column}`);
  });

  test('a body that is not UTF-8 is refused', async () => {
    const body = Buffer.from([0x22, 0xff, 0x22]);
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    expect(await errorOf(await anna.fetch('/api/call/notes/add', init))).toMatchObject({ code: 'BODY_NOT_JSON' });
  });

  test('deep nesting is refused before it is parsed', async () => {
    const deep = await errorOf(await anna.post('/api/call/notes/add', `${'['.repeat(120_000)}`));
    expect(deep).toMatchObject({ status: 400, code: 'BODY_TOO_DEEP', details: { line: 1, column: 33 } });
    const brackets = JSON.stringify({ text: '['.repeat(1000) });
    expect((await anna.post('/api/call/notes/add', brackets)).status).toBe(200);
  });

  test.each([
    ['POST', '/api/call/notes/add'],
    ['POST', '/api/objects/Customer'],
    ['POST', '/api/objects/Customer/bulk'],
    ['PATCH', '/api/objects/Customer/C1'],
    ['POST', '/api/sign-in'],
  ])('2 GB announced to %s %s are refused before a byte of them arrives', async (method, path) => {
    const head = ['host: x', 'content-type: application/json', `content-length: ${2 * 1024 ** 3}`, 'if-match: *'];
    const answer = await raw(served.url, `${method} ${path} HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toMatch(/connection: close/i);
    expect(answer).toContain('"code":"BODY_TOO_LARGE"');
  });

  test('1 MB of nested JSON gets an answer, and so does what follows', async () => {
    const body = '{"a":'.repeat(200_000) + '1' + '}'.repeat(200_000);
    expect(body.length).toBeGreaterThan(1024 * 1024);
    expect(await errorOf(await anna.post('/api/call/notes/add', body))).toMatchObject({
      status: 413,
      code: 'BODY_TOO_LARGE',
    });
    const chunked = new ReadableStream({
      start(controller) {
        for (let at = 0; at < 20; at += 1) controller.enqueue(new TextEncoder().encode('['.repeat(60_000)));
        controller.close();
      },
    });
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: chunked, duplex: 'half' };
    expect(await errorOf(await anna.fetch('/api/call/notes/add', init as RequestInit))).toMatchObject({ status: 413 });
    expect((await anna.post('/api/call/notes/nothing', {})).status).toBe(200);
  });

  test('a key that pollutes prototypes is refused, however it is spelt', async () => {
    for (const key of ['__proto__', '\\u005f_proto__']) {
      const body = `{"text": "a", "${key}": {"isAdmin": true}}`;
      expect(await errorOf(await anna.post('/api/call/notes/add', body))).toMatchObject({ code: 'REQUEST_BROKEN' });
    }
    expect((await anna.post('/api/call/notes/add', { text: '__proto__' })).status).toBe(200);
  });

  test('other media types are refused', async () => {
    const form = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"text":"a"}' };
    expect(await errorOf(await anna.fetch('/api/call/notes/add', form))).toMatchObject({
      status: 415,
      code: 'MEDIA_TYPE_REFUSED',
    });
  });

  test.each([
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site', origin: 'http://other.127.0.0.1' }],
  ])('a page of another site may not send (%j)', async (headers) => {
    expect(await errorOf(await anna.post('/api/call/notes/nothing', {}, headers))).toMatchObject({
      status: 403,
      code: 'CROSS_SITE_REFUSED',
    });
  });

  test('our own pages may', async () => {
    const headers = { origin: served.url, 'sec-fetch-site': 'same-origin' };
    expect((await anna.post('/api/call/notes/nothing', {}, headers)).status).toBe(200);
  });

  test('what goes wrong inside is logged and told to nobody', async () => {
    const before = served.errors.length;
    const bug = await anna.post('/api/call/notes/fail', { how: 'bug' });
    const error = await errorOf(bug);
    expect(error).toMatchObject({ status: 500, code: 'INTERNAL' });
    expect(JSON.stringify(error)).not.toMatch(/hunter2|secret/);
    expect(served.errors.slice(before)).toMatchObject([{ request: error.request }]);
    const refusal = await errorOf(await anna.post('/api/call/notes/fail', { how: 'refusal' }));
    expect(refusal).toMatchObject({ status: 409, code: 'NOTE_REFUSED', remedy: 'ask again', details: [1] });
  });

  test('faults of the inside are told to staff, to visitors only that there is one', async () => {
    const staff = await errorOf(await anna.post('/api/call/notes/fail', { how: 'inside' }));
    expect(staff).toMatchObject({
      status: 503,
      code: 'BILLING_DOWN',
      message: 'billing.internal:5432 does not answer',
    });
    const visitor = await errorOf(await new Browser(served.url).post('/api/call/notes/fail', { how: 'inside' }));
    expect(visitor).toMatchObject({ status: 503, code: 'BILLING_DOWN' });
    expect(visitor.message).not.toContain('billing.internal');
  });

  test('requests that are no HTTP, or addresses that are none, do no harm', async () => {
    expect(await raw(served.url, 'HELLO\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/);
    const bad = await raw(served.url, 'GET /api/%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    expect(bad).toMatch(/^HTTP\/1\.1 400/);
    expect(bad).toContain('REQUEST_BROKEN');
    const long = await raw(served.url, `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`);
    expect(long).toMatch(/^HTTP\/1\.1 431/);
    expect((await anna.fetch('/api/health')).status).toBe(200);
  });

  test('every answer has the headers that browsers guard pages by', async () => {
    for (const path of ['/', '/api/me', '/api/health']) {
      const { headers } = await anna.fetch(path);
      expect(headers.get('content-security-policy')).toMatch(/script-src 'self' 'wasm-unsafe-eval';/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
    expect((await anna.fetch('/api/me')).headers.get('cache-control')).toBe('no-store');
  });

  test('visitors of one address are held to a rate, staff are not', async () => {
    const small = await serve({ visitorRequests: 5 });
    try {
      const visitor = new Browser(small.url);
      const statuses: number[] = [];
      for (let at = 0; at < 8; at += 1) statuses.push((await visitor.post('/api/call/notes/nothing', {})).status);
      expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
      const staff = await Browser.signedIn(small.url, 'anna');
      for (let at = 0; at < 8; at += 1) expect((await staff.post('/api/call/notes/nothing', {})).status).toBe(200);
    } finally {
      await small.stop();
    }
  });
});
