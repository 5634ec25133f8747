import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Served, serve } from './testing/served.js';

describe('the web application', () => {
  const folder = mkdtempSync(join(tmpdir(), 'caruso-web-'));
  const web = join(folder, 'dist');
  let served: Served;
  beforeAll(async () => {
    mkdirSync(join(web, 'assets'), { recursive: true });
    writeFileSync(join(web, 'index.html'), '<!doctype html><title>front office</title>');
    writeFileSync(join(web, 'icon.svg'), '<svg/>');
    writeFileSync(join(web, '.env'), 'SECRET=1');
    writeFileSync(join(web, 'assets', 'main-abc123.js'), 'export {}');
    writeFileSync(join(folder, 'secret.txt'), 'SECRET=1');
    served = await serve({ web });
  });
  afterAll(async () => {
    await served.stop();
    rmSync(folder, { recursive: true });
  });

  test.each(['/', '/self-service', '/screens/customers/C1', '/screens/list:Order%20Details'])(
    'every address of the application is its first page (%s)',
    async (path) => {
      const answer = await fetch(served.url + path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
      expect(answer.headers.get('cache-control')).toBe('no-cache');
      expect(await answer.text()).toContain('front office');
    },
  );

  test('whoever opens a page is one visitor for everything the page asks for at once', async () => {
    const page = await fetch(`${served.url}/self-service`);
    const [cookie = ''] = page.headers.getSetCookie();
    expect(cookie).toMatch(/^caruso_visitor=.+HttpOnly/);
    const headers = { cookie: cookie.split(';')[0] ?? '' };
    // Known by now: neither the page nor a call makes another visitor of it.
    const again = await Promise.all([
      fetch(`${served.url}/`, { headers }),
      fetch(`${served.url}/api/openapi.json`, { headers }),
    ]);
    expect(again.flatMap((answer) => answer.headers.getSetCookie())).toEqual([]);
  });

  test('names with a hash are kept by browsers, others are asked for', async () => {
    const asset = await fetch(`${served.url}/assets/main-abc123.js`);
    expect(asset.headers.get('cache-control')).toContain('immutable');
    expect(asset.headers.get('content-type')).toMatch(/javascript/);
    expect((await fetch(`${served.url}/icon.svg`)).headers.get('cache-control')).toBe('no-cache');
  });

  test('a record whose key holds a point has an address like any other', async () => {
    const answer = await fetch(`${served.url}/screens/customer/anna@example.org`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
  });

  test('a file that is not there is no page, nor is an unknown address of the API', async () => {
    for (const path of ['/assets/gone-123.js', '/api/nothing', '/api', '/.env']) {
      const answer = await fetch(served.url + path);
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    }
  });

  test.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//secret.txt',
    '/assets/%00/../../../secret.txt',
    `/${encodeURIComponent(folder)}/secret.txt`,
  ])('nothing outside the folder is reached (%s)', async (path) => {
    const { hostname, port } = new URL(served.url);
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(Number(port), hostname, () => {
        socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\nconnection: close\r\n\r\n`);
      });
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 (400|403|404)/);
    expect(answer).not.toContain('SECRET');
  });

  test('in a frame of another site a visitor is one of that site alone, over TLS', async () => {
    const embedding = await serve({ web, secureCookies: true, embeddedIn: ['https://www.example'] });
    try {
      const open = async (path: string, site: string): Promise<string> => {
        const headers = { 'sec-fetch-dest': 'iframe', 'sec-fetch-site': site };
        return (await fetch(embedding.url + path, { headers })).headers.getSetCookie().join();
      };
      expect(await open('/self-service?embedded=true', 'cross-site')).toMatch(
        /SameSite=None.*Partitioned|Partitioned.*SameSite=None/,
      );
      expect(await open('/self-service?embedded=true', 'same-site')).toMatch(/SameSite=Lax$/);
      expect(await open('/self-services', 'cross-site')).toMatch(/SameSite=Lax$/);
    } finally {
      await embedding.stop();
    }
    await expect(serve({ web, embeddedIn: ['https://a.example; script-src *'] })).rejects.toThrow(/embeddedIn/);
  });

  test('without one the API serves, and says what is missing', async () => {
    const bare = await serve();
    try {
      const answer = await fetch(`${bare.url}/`);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ error: { code: 'WEB_APPLICATION_MISSING' } });
      expect((await fetch(`${bare.url}/api/health`)).status).toBe(200);
    } finally {
      await bare.stop();
    }
  });
});
