import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ApiClient } from '../support/api.js';
import { FrontOffice, removeFolder, runCaruso } from '../support/front-office.js';

const password = 'webhooks-1';

const files = (address: string) => ({
  'caruso.yaml': `caruso: 1
name: Hooks
seed: true
databases:
  main: sqlite:./data/main.db
components:
  webhooks:
    config:
      private: [127.0.0.1]
      timeout: 1
      attempts: 1
      hooks:
        erp: { url: "${address}/erp", secret: "\${ERP_HOOK_SECRET}", on: Order.*, role: partner, user: { region: north } }
`,
  'model/order.yaml': `object: Order
attributes:
  no: { type: text, key: true }
  region: { type: text }
  margin: { type: decimal, scale: 2 }
rights:
  agent: all
  partner: { read: "region = user.region", hide: [margin] }
  administrator: all
`,
  'seed/10-users.yaml': `- call: users.define
  with: { user: anna, name: Anna, roles: [agent], password: ${password} }
- call: users.define
  with: { user: ada, name: Ada, roles: [administrator], password: ${password} }
`,
});

describe('a webhook', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'caruso-hooks-'));
  const got: { id: string; body: string }[] = [];
  let answer: (response: ServerResponse) => void = () => {};
  const receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      got.push({ id: String(request.headers['webhook-id']), body });
      answer(response);
    });
  });
  afterAll(() => {
    receiver.closeAllConnections();
    receiver.close();
    removeFolder(folder);
  });

  test('is told again after kill -9 under the same key; what it never takes is kept for the administrator', async () => {
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    for (const [name, text] of Object.entries(files(address))) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    const env = { ERP_HOOK_SECRET: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD' };
    const checked = await runCaruso(['check', folder], { env });
    expect(checked.stdout + checked.stderr).not.toMatch(/ error /);

    const first = await FrontOffice.start(folder, { env });
    const anna = await ApiClient.signedIn(first.url, 'anna', password);
    const order = (no: string, region: string) => ({ values: { no, region, margin: '0.31' } });
    await anna.json('POST', '/api/objects/Order', order('1', 'north'));
    await anna.json('POST', '/api/objects/Order', order('2', 'south'));
    // The receiver has it, and does not get to answer.
    await first.until('the first attempt', () => got[0]);
    await first.stop('SIGKILL');

    answer = (response) => response.end();
    const second = await FrontOffice.start(folder, { env, port: Number(new URL(first.url).port) });
    try {
      await second.until('the second attempt', () => got[1]);
      const [before, after] = got;
      expect(after).toEqual(before);
      expect(JSON.parse(before?.body ?? '')).toMatchObject({
        type: 'Order.created',
        subject: { object: 'Order', key: '1' },
        record: { values: { no: '1', region: 'north' } },
      });
      expect(before?.body).not.toContain('0.31');

      answer = (response) => response.writeHead(500).end('no room');
      await anna.json('POST', '/api/objects/Order', order('3', 'north'));
      const ada = await ApiClient.signedIn(second.url, 'ada', password);
      interface Listed {
        records: { key: string; values: { record: string; problem: string; state: string } }[];
      }
      const where = encodeURIComponent("record = '3'");
      const list = () => ada.json<Listed>('GET', `/api/objects/WebhookDelivery?where=${where}`);
      const dead = await second.until(
        'giving up',
        async () => (await list()).records.find(({ values }) => values.state === 'dead'),
        30_000,
      );
      expect(dead.values).toMatchObject({ problem: 'it answered 500: no room' });
      expect((await anna.fetch('GET', '/api/objects/WebhookDelivery')).status).toBe(403);
      expect((await anna.fetch('POST', '/api/call/webhooks/retry', { delivery: dead.key })).status).toBe(403);
      answer = (response) => response.end();
      await ada.call('webhooks.retry', { delivery: dead.values.state === 'dead' ? decodeURIComponent(dead.key) : '' });
      await second.until('the delivery', async () =>
        (await list()).records.find(({ values }) => values.state === 'delivered'),
      );
      expect(got.map(({ body }) => (JSON.parse(body) as { subject: { key: string } }).subject.key)).not.toContain('2');
    } finally {
      await second.stop();
    }
  });
});
