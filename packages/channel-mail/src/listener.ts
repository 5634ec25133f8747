import type { AddressInfo } from 'node:net';
import type { Clock, Ids, Log } from '@caruso/service-manager/contract';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { StoredMail } from './mail-store.js';
import { isOurs, type MailSettings } from './settings.js';

/** A mail has few recipients of ours. */
const mostRecipients = 50;
/** How soon a port that is taken is tried again, ms: at a replacement the old generation still has it. */
const retryMs = 500;

export interface ListenerOptions {
  settings: MailSettings;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** Resolves once the mail is safe; only then is the sender told so. */
  store: (mail: StoredMail) => Promise<void>;
}

/** The SMTP listener: takes mail for our own addresses, relays nothing. */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #server: SMTPServer;
  #cancel: () => void = () => {};
  #closed = false;
  /** Where it listens, or why it does not. */
  address: { host: string; port: number } | null = null;
  trouble: string | null = null;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#server = new SMTPServer({
      banner: 'Caruso',
      size: options.settings.maxBytes,
      disabledCommands: ['AUTH', 'STARTTLS'],
      authOptional: true,
      disableReverseLookup: true,
      logger: false,
      maxClients: 100,
      socketTimeout: 60_000,
      closeTimeout: 2_000,
      onRcptTo: ({ address }, session, callback) => callback(this.#refusal(address, session)),
      onData: (stream, session, callback) => void this.#answer(stream, session, callback),
    });
    // A client that breaks off is no fault of ours.
    this.#server.on('error', (error) => {
      if (this.address !== null) options.log.debug({ error }, 'an SMTP connection broke off');
    });
  }

  /** Listens, or tries again while the port is taken. */
  listen(): Promise<void> {
    const { settings, clock, log } = this.#options;
    return new Promise((resolve) => {
      const { server } = this.#server;
      const listening = (): void => {
        server.off('error', failed);
        this.address = addressOf(server.address());
        this.trouble = null;
        resolve();
      };
      const failed = (error: Error): void => {
        server.off('listening', listening);
        const trouble = `cannot listen on ${settings.host}:${settings.listen}: ${error.message}`;
        // Told once, however often it is tried.
        if (trouble !== this.trouble) log.warn({ error }, trouble);
        this.trouble = trouble;
        if (!this.#closed) this.#cancel = clock.after(retryMs, () => void this.listen());
        resolve();
      };
      server.once('error', failed);
      server.once('listening', listening);
      server.listen(settings.listen ?? 0, settings.host);
    });
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#cancel();
    if (this.address === null) return Promise.resolve();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #refusal(address: string, session: SMTPServerSession): Error | null {
    if (!isOurs(this.#options.settings, address))
      return smtpError(550, `no mailbox ${address} here, and nothing is relayed`);
    if (session.envelope.rcptTo.length >= mostRecipients) return smtpError(452, 'too many recipients');
    return null;
  }

  async #answer(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    callback: (error?: Error | null, message?: string) => void,
  ): Promise<void> {
    let answer: { error: Error | null; message?: string };
    try {
      answer = { error: null, message: `kept as ${await this.#take(stream, session)}` };
    } catch (error) {
      answer = { error: answerable(error) };
    }
    callback(answer.error, answer.message);
  }

  async #take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<string> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      // Read to the end all the same, or the sender never hears the answer.
      if (bytes <= this.#options.settings.maxBytes) chunks.push(chunk);
    }
    if (bytes > this.#options.settings.maxBytes)
      throw smtpError(552, `larger than ${this.#options.settings.maxBytes} bytes`);
    const { mailFrom, rcptTo } = session.envelope;
    const id = this.#options.ids.next();
    const sender = mailFrom === false || mailFrom.address === '' ? null : mailFrom.address.slice(0, 400);
    await this.#options.store({
      id,
      sender,
      recipients: rcptTo.map((each) => each.address),
      raw: Buffer.concat(chunks),
    });
    return id;
  }
}

function addressOf(address: AddressInfo | string | null): { host: string; port: number } | null {
  return address === null || typeof address === 'string' ? null : { host: address.address, port: address.port };
}

function smtpError(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

/** What the sender is told: a refusal of ours as it is, anything else as a reason to come back later. */
function answerable(error: unknown): Error {
  if (error instanceof Error && 'responseCode' in error) return error;
  return smtpError(451, 'the mail could not be stored; please try again later');
}
