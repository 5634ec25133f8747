import { AsyncResource } from 'node:async_hooks';
import type { Communication, Interaction } from '@caruso/communication-server/contract';
import type { Client, Clock, Log } from '@caruso/service-manager/contract';
import type { MailStore, StoredMail } from './mail-store.js';
import { hostOf, interactionsIn } from './message-id.js';
import { type ReadMail, readMail } from './read-mail.js';
import type { MailSettings } from './settings.js';

/** How soon processing is tried again after a failure, ms. */
const retryMs = 5_000;

export interface InboundOptions {
  channel: string;
  settings: MailSettings;
  store: MailStore;
  communication: Client<typeof Communication>;
  clock: Clock;
  log: Log;
}

/** Makes contacts out of stored mails, one after the other in the order in which they came. What fails stays stored and is tried again. */
export class Inbound {
  readonly #options: InboundOptions;
  readonly #outside = new AsyncResource('caruso.mail');
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = false;
  #cancel: () => void = () => {};

  constructor(options: InboundOptions) {
    this.#options = options;
  }

  /** There may be mail to process. */
  wake(): void {
    this.#again = true;
    if (this.#running !== undefined || this.#stopped) return;
    this.#running = this.#outside
      .runInAsyncScope(() => this.#run())
      .finally(() => {
        this.#running = undefined;
      });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { store, log, clock } = this.#options;
    try {
      while (this.#again && !this.#stopped) {
        this.#again = false;
        for (let ids = await store.waiting(); ids.length > 0 && !this.#stopped; ids = await store.waiting()) {
          for (const id of ids) await this.#process(id);
        }
      }
    } catch (error) {
      log.error({ error }, 'a mail could not be made a contact; it is stored and tried again');
      this.#cancel();
      this.#cancel = clock.after(retryMs, () => this.wake());
    }
  }

  async #process(id: string): Promise<void> {
    const { store } = this.#options;
    const stored = await store.read(id);
    if (stored === null) return;
    let mail: ReadMail;
    try {
      mail = await readMail(stored.raw);
    } catch (error) {
      await this.#keep(stored, `the mail cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      return store.settle(id, 'kept', null, null);
    }
    const from = mail.from ?? senderOf(stored);
    if (from === null) {
      await this.#keep(
        stored,
        ['nobody to answer: no usable address in From, Reply-To or the envelope', ...mail.faults].join('; '),
      );
      return store.settle(id, 'kept', null, mail.messageId);
    }
    // What can be read of a broken mail is routed; the whole is kept beside it.
    if (mail.faults.length > 0) await this.#keep(stored, mail.faults.join('; '));
    const interaction = await this.#receive(stored, mail, from);
    await store.settle(id, mail.faults.length > 0 ? 'kept' : 'processed', interaction.id, mail.messageId);
  }

  async #receive(
    stored: StoredMail,
    mail: ReadMail,
    from: { address: string; name: string | null },
  ): Promise<Interaction> {
    const { channel, communication } = this.#options;
    const continued = await this.#continued(mail);
    return communication.receive({
      channel,
      messageId: mail.identity,
      contact: from,
      ...optional('to', stored.recipients[0] ?? mail.to[0]),
      subject: mail.subject,
      text: mail.text === '' ? '(no readable text)' : mail.text,
      ...optional('interaction', continued?.id),
      details: {
        mail: stored.id,
        subject: mail.subject,
        attachments: mail.attachments,
        // A bounce has no sender to answer.
        automatic: mail.automatic || stored.sender === null,
        ...optional('messageId', mail.messageId ?? undefined),
        ...(mail.faults.length === 0 ? {} : { faults: mail.faults }),
      },
    });
  }

  /** The interaction that the mail answers. */
  async #continued(mail: ReadMail): Promise<Interaction | null> {
    const { channel, communication, settings } = this.#options;
    for (const id of interactionsIn(mail.references, hostOf(settings.from)).slice(0, 5)) {
      const found = await communication.get({ interaction: id });
      if (found?.channel === channel) return found;
    }
    return null;
  }

  async #keep(stored: StoredMail, error: string): Promise<void> {
    const { channel, communication } = this.#options;
    await communication.keep({ channel, from: stored.sender, error, raw: shown(stored.raw) });
  }
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}

function senderOf(stored: StoredMail): { address: string; name: null } | null {
  const address = stored.sender?.trim().toLowerCase() ?? '';
  return /^[^\s@<>]+@[^\s@<>]+$/.test(address) ? { address, name: null } : null;
}

/** The mail as text: UTF-8 where it is, else a character a byte. No database text holds a NUL; the exact bytes are in the mail store. */
function shown(raw: Buffer): string {
  const text = raw.toString('utf8');
  return (text.includes('\uFFFD') ? raw.toString('latin1') : text).replaceAll('\0', '\u2400');
}
