import { createServer } from 'node:net';
import { systemIds, VirtualClock } from '@caruso/service-manager/contract';
import { createStorage, type OpenStorage } from '@caruso/storage-manager';
import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Listener } from './listener.js';
import { MailStore } from './mail-store.js';
import { MailSettings } from './settings.js';

const told: string[] = [];
const log = { debug() {}, info() {}, warn: (_: object, message: string) => void told.push(message), error() {} };
const clock = new VirtualClock();

let open: OpenStorage;
let store: MailStore;
let listener: Listener | undefined;

beforeEach(async () => {
  told.length = 0;
  open = await createStorage({ databases: { main: 'sqlite::memory:' }, clock, ids: systemIds });
  store = new MailStore(open.storage, 'mail');
  await store.prepare();
});

afterEach(async () => {
  await listener?.close();
  await open.close();
});

async function listen(
  changes: object = {},
  keep = (mail: Parameters<MailStore['received']>[0]) => store.received(mail, '2026-01-05T08:00:00.000Z'),
) {
  const settings = MailSettings.parse({ listen: 0, from: 'service@lumen.example', ...changes });
  listener = new Listener({ settings, clock, ids: systemIds, log, store: keep });
  await listener.listen();
  const { host, port } = listener.address ?? { host: '', port: 0 };
  return createTransport({ host, port, secure: false, ignoreTLS: true });
}

const mail = { from: 'vera@example.org', to: 'service@lumen.example', subject: 'Hello', text: 'the text' };

describe('the SMTP listener', () => {
  it('stores the mail, byte for byte, before it says that it has taken it', async () => {
    const client = await listen();
    const answer = await client.sendMail(mail);
    expect(answer.response).toMatch(/^250 .*kept as/);
    const [id] = await store.waiting();
    const stored = await store.read(id ?? '');
    expect(stored).toMatchObject({ sender: 'vera@example.org', recipients: ['service@lumen.example'] });
    expect(stored?.raw.toString()).toContain('the text');
    client.close();
  });

  it('relays nothing', async () => {
    const client = await listen();
    await expect(client.sendMail({ ...mail, to: 'somebody@elsewhere.example' })).rejects.toMatchObject({
      responseCode: 550,
    });
    expect(await store.waiting()).toEqual([]);
    client.close();
  });

  it('refuses a mail that is too large, announced or not', async () => {
    const client = await listen({ maxBytes: 5000 });
    await expect(client.sendMail({ ...mail, text: 'x'.repeat(9000) })).rejects.toMatchObject({ responseCode: 552 });
    expect(await store.waiting()).toEqual([]);
    client.close();
  });

  it('asks the sender to come back when the mail cannot be stored', async () => {
    const client = await listen({}, () => Promise.reject(new Error('disk full')));
    await expect(client.sendMail(mail)).rejects.toMatchObject({ responseCode: 451 });
    client.close();
  });

  it('waits for a port that is taken and then listens', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => {
        const address = other.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    await listen({ listen: port });
    expect(listener?.address).toBeNull();
    expect(listener?.trouble).toContain(`127.0.0.1:${port}`);
    const warnings: unknown[] = [];
    const onWarning = (warning: unknown): unknown => warnings.push(warning);
    process.on('warning', onWarning);
    for (let tries = 0; tries < 15; tries++) {
      await clock.advance(500);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
    expect(told).toHaveLength(1);
    await new Promise((resolve) => other.close(resolve));
    await clock.advance(500);
    await vi.waitFor(() => expect(listener?.address).not.toBeNull());
    expect(listener?.address?.port).toBe(port);
    expect(listener?.trouble).toBeNull();
  });
});
