import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import objects from '@caruso/business-objects';
import communication from '@caruso/communication-server';
import { Communication, type Interaction } from '@caruso/communication-server/contract';
import { createDeclarations, folderOf } from '@caruso/declarations';
import { createServiceManager, type ServiceManager } from '@caruso/service-manager';
import { actingAs, type Log, systemIds, VirtualClock } from '@caruso/service-manager/contract';
import storage, { createStorage } from '@caruso/storage-manager';
import { type ParsedMail, simpleParser } from 'mailparser';
import { createTransport, type Transporter } from 'nodemailer';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import mail from './component.js';
import { MailStore } from './mail-store.js';

const model = path.resolve(import.meta.dirname, '../../communication-server/declarations/model');
const log: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** The customer's mail server: a real one. */
class Peer {
  readonly mails: ParsedMail[] = [];
  refuse = false;
  readonly #server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onData: (stream, _session, callback) => void this.#take(stream, callback),
  });

  async #take(stream: SMTPServerDataStream, callback: (error?: Error) => void): Promise<void> {
    const read = await simpleParser(stream);
    if (!this.refuse) this.mails.push(read);
    callback(this.refuse ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : undefined);
  }

  listen(): Promise<string> {
    return new Promise((resolve) => {
      const server = this.#server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(`smtp://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`);
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

let peer: Peer;
let manager: ServiceManager;
let customer: Transporter;
let folder: string;
let clock: VirtualClock;
let url: string;

async function start(config: object = {}): Promise<void> {
  const files = Object.fromEntries(
    readdirSync(model).map((name) => [`model/${name}`, readFileSync(path.join(model, name), 'utf8')]),
  );
  const queues = 'queues: { general: {} }\nchannels: { mail: { queue: general } }';
  const databases = { main: { url: `sqlite:${path.join(folder, 'main.db')}`, managed: true } };
  clock = new VirtualClock();
  manager = createServiceManager({ clock, log });
  manager.install(
    'declarations',
    createDeclarations(folderOf({ ...files, 'queues.yaml': queues }, { databases })).component,
  );
  manager.install('storage', storage, { folder: '/' });
  manager.install('objects', objects);
  manager.install('communication', communication);
  manager.install('mail', mail, { listen: 0, smtp: url, from: 'service@lumen.example', name: 'Lumen', ...config });
  await manager.start();
  await manager.settled();
  const { host, port } = await vi.waitFor(() => {
    const details = manager.services.tree().find((node) => node.name === 'mail')?.details as {
      listening: { host: string; port: number } | null;
    };
    if (details.listening === null) throw new Error('not listening yet');
    return details.listening;
  }, 5000);
  customer = createTransport({ host, port, secure: false, ignoreTLS: true });
}

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'caruso-mail-'));
  peer = new Peer();
  url = await peer.listen();
});
afterEach(async () => {
  customer.close();
  await manager.stop();
  await peer.close();
  rmSync(folder, { recursive: true, force: true });
});

const server = () => manager.services.use(Communication, '^1.0');
const arrived = (count: number): Promise<Interaction[]> =>
  vi.waitFor(async () => {
    const { interactions } = await server().snapshot({});
    expect(interactions).toHaveLength(count);
    return interactions;
  }, 10_000);
const texts = async (interaction: string) =>
  (await server().conversation({ interaction })).messages.map((message) => message.text);
const asAnna = <T>(work: () => Promise<T>): Promise<T> =>
  actingAs({ kind: 'user', id: 'anna', name: 'anna', roles: ['agent'] }, work);
const letter = {
  from: '"Vera" <vera@example.org>',
  to: 'service@lumen.example',
  subject: 'My invoice',
  text: 'It is too high.',
};

async function answered(): Promise<Interaction> {
  const [first] = await arrived(1);
  await server().defineAgent({ agent: 'anna', name: 'Anna', queues: ['general'] });
  const taken = await asAnna(() => server().pull({ queue: 'general' }));
  expect(taken?.id).toBe(first?.id);
  await asAnna(() => server().send({ interaction: taken?.id ?? '', text: 'We shall look.\nRegards' }));
  await vi.waitFor(() => expect(peer.mails).toHaveLength(1), 10_000);
  return taken as Interaction;
}

/** Anna answers the only mail there is; the message as it stands once it was not delivered. */
async function undelivered(): Promise<unknown> {
  const [found] = await arrived(1);
  await server().defineAgent({ agent: 'anna', name: 'Anna', queues: ['general'] });
  await asAnna(async () => {
    await server().pull({ interaction: found?.id ?? '' });
    await server().send({ interaction: found?.id ?? '', text: 'Hello' });
  });
  return vi.waitFor(async () => {
    const { messages } = await server().conversation({ interaction: found?.id ?? '' });
    expect(messages[1]?.delivery).toBe('failed');
    return messages[1];
  }, 10_000);
}

describe('mail', () => {
  it('comes in over SMTP, is answered, and the answer arrives in the thread', async () => {
    await start();
    await customer.sendMail({ ...letter, messageId: '<q1@example.org>' });
    const interaction = await answered();
    expect(interaction).toMatchObject({
      contact: { address: 'vera@example.org', name: 'Vera' },
      subject: 'My invoice',
      queue: 'general',
    });
    const [answer] = peer.mails;
    expect(answer).toMatchObject({
      subject: 'Re: My invoice',
      inReplyTo: '<q1@example.org>',
      references: '<q1@example.org>',
    });
    expect(answer?.from?.value).toEqual([{ address: 'service@lumen.example', name: 'Lumen' }]);
    expect(answer?.text?.trim()).toBe('We shall look.\nRegards');
    const { messages } = await vi.waitFor(async () => {
      const read = await server().conversation({ interaction: interaction.id });
      expect(read.messages[1]?.delivery).toBe('sent');
      return read;
    }, 10_000);
    expect(messages[1]?.details).toMatchObject({ messageId: answer?.messageId });
  });

  it('that replies goes on with the conversation; once that is over, with a new one that knows the old', async () => {
    await start();
    await customer.sendMail({ ...letter, messageId: '<q1@example.org>' });
    const { id } = await answered();
    const reply = { ...letter, subject: 'Re: My invoice', inReplyTo: peer.mails[0]?.messageId ?? '' };
    await customer.sendMail({ ...reply, text: 'Thank you', from: 'vera@work.example' });
    await vi.waitFor(
      async () => expect(await texts(id)).toEqual(['It is too high.', 'We shall look.\nRegards', 'Thank you']),
      10_000,
    );
    await asAnna(async () => {
      await server().finish({ interaction: id });
      await server().wrapUp({ interaction: id, disposition: 'Solved' });
    });
    await customer.sendMail({ ...reply, text: 'One more thing' });
    const [later] = await arrived(1);
    expect(later?.id).not.toBe(id);
    expect(await texts(later?.id ?? '')).toEqual(['One more thing']);
  });

  it('delivered twice is one message', async () => {
    await start();
    await customer.sendMail({ ...letter, messageId: '<same@example.org>' });
    await customer.sendMail({ ...letter, messageId: '<same@example.org>' });
    await customer.sendMail({ ...letter, messageId: '<other@example.org>', text: 'another' });
    const all = await arrived(2);
    expect(await Promise.all(all.map((each) => texts(each.id)))).toEqual([['It is too high.'], ['another']]);
  });

  it('with a broken part is kept whole, and what can be read is routed', async () => {
    await start();
    const raw = [
      'From: vera@example.org',
      'Subject: Photo',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '',
      'the readable part',
      '--b',
      'Content-Type: image/png; name="meter.png"',
      'Content-Transfer-Encoding: base64',
      '',
      'ÿ%%%',
    ].join('\r\n');
    await customer.sendMail({ envelope: { from: 'vera@example.org', to: 'service@lumen.example' }, raw });
    const [found] = await arrived(1);
    expect((await texts(found?.id ?? ''))[0]).toContain('the readable part');
    const { items } = await server().kept({});
    expect(items).toMatchObject([{ channel: 'mail', from: 'vera@example.org' }]);
    expect(items[0]?.error).toContain("the closing boundary '--b--' is missing");
    expect(items[0]?.raw).toContain('ÿ%%%');
  });

  it('from nobody is kept, and the process goes on', async () => {
    await start();
    await customer.sendMail({ envelope: { from: '', to: 'service@lumen.example' }, raw: 'rubbish \0 without headers' });
    await vi.waitFor(async () => expect((await server().kept({})).items).toHaveLength(1), 10_000);
    await customer.sendMail(letter);
    await arrived(1);
  });

  it('that the customer’s server refuses is shown as failed', async () => {
    await start();
    peer.refuse = true;
    await customer.sendMail(letter);
    expect(await undelivered()).toMatchObject({ details: { error: expect.stringContaining('no such mailbox') } });
  });

  it('stored but not yet processed when the process ended is processed after the restart', async () => {
    const open = await createStorage({
      databases: { main: `sqlite:${path.join(folder, 'main.db')}` },
      clock: new VirtualClock(),
      ids: systemIds,
    });
    const store = new MailStore(open.storage, 'mail');
    await store.prepare();
    const raw = Buffer.from('From: vera@example.org\r\nSubject: Hello\r\n\r\nstill there?');
    await store.received(
      { id: 'm1', sender: 'vera@example.org', recipients: ['service@lumen.example'], raw },
      '2026-01-05T08:00:00.000Z',
    );
    await open.close();
    await start();
    const [found] = await arrived(1);
    expect(await texts(found?.id ?? '')).toEqual(['still there?']);
    await manager.stop();
    await start();
    expect((await arrived(1))[0]?.id).toBe(found?.id);
    expect(await texts(found?.id ?? '')).toHaveLength(1);
  });

  it('out without an SMTP server fails with a remedy, and mail still comes in', async () => {
    await start({ smtp: '' });
    await customer.sendMail(letter);
    expect(await undelivered()).toMatchObject({ details: { error: expect.stringContaining('no SMTP server') } });
  });
});
