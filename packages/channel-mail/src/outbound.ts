import type { Interaction, Message } from '@caruso/communication-server/contract';
import type { Clock } from '@caruso/service-manager/contract';
import { createTransport, type Transporter } from 'nodemailer';
import { errors } from './errors.js';
import type { MailStore } from './mail-store.js';
import { hostOf, messageIdOf } from './message-id.js';
import type { MailSettings } from './settings.js';

export interface Outgoing {
  interaction: Interaction;
  message: Message;
  thread: Message[];
}

/** The parts of a mail that matter to a reader and to his mail program. */
export interface Letter {
  to: string;
  subject: string;
  text: string;
  messageId: string;
  inReplyTo: string | undefined;
  references: string[];
  automatic: boolean;
}

/** Out of a message, the mail that carries it. */
export function letterOf({ interaction, message, thread }: Outgoing, host: string): Letter {
  const to = interaction.contact.address;
  // Also keeps a line break out of the envelope.
  if (!/^[^\s@<>,;"]+@[^\s@<>,;"]+$/.test(to)) throw errors.notAnAddress(to);
  const known = thread.flatMap((each) => (typeof each.details.messageId === 'string' ? [each.details.messageId] : []));
  const asked = thread.filter((each) => each.from === 'customer' && typeof each.details.messageId === 'string').pop();
  const subject = interaction.subject.replace(/\s+/g, ' ').trim() || 'Your message';
  const reply = thread.length > 0 && !/^(re|aw|antw|sv)\s*:/i.test(subject);
  return {
    to,
    subject: reply ? `Re: ${subject}` : subject,
    text: message.text,
    messageId: messageIdOf(interaction.id, message.id, host),
    inReplyTo: typeof asked?.details.messageId === 'string' ? asked.details.messageId : known[known.length - 1],
    references: known.slice(-20),
    automatic: message.from === 'machine',
  };
}

/** Sends mail through the SMTP server, each message once. */
export class Outbound {
  readonly #settings: MailSettings;
  readonly #store: MailStore;
  readonly #clock: Clock;
  readonly #channel: string;
  readonly #transport: Transporter | undefined;

  constructor(channel: string, settings: MailSettings, store: MailStore, clock: Clock) {
    this.#channel = channel;
    this.#settings = settings;
    this.#store = store;
    this.#clock = clock;
    if (settings.smtp === undefined) return;
    const options = { url: settings.smtp, disableFileAccess: true, disableUrlAccess: true };
    this.#transport = createTransport({
      ...options,
      connectionTimeout: 15_000,
      greetingTimeout: 15_000,
      socketTimeout: 60_000,
    });
  }

  async send(outgoing: Outgoing): Promise<{ details: Record<string, unknown> }> {
    const { id } = outgoing.message;
    const before = await this.#store.sentAs(id);
    if (before !== null) return { details: { messageId: before } };
    if (this.#transport === undefined) throw errors.noServer(this.#channel);
    const letter = letterOf(outgoing, hostOf(this.#settings.from));
    await this.#hand(this.#transport, letter);
    const at = new Date(this.#clock.now()).toISOString();
    const { messageId, to, subject } = letter;
    await this.#store.sent(id, { at, to, interaction: outgoing.interaction.id, messageId });
    return { details: { messageId, subject } };
  }

  close(): void {
    this.#transport?.close();
  }

  async #hand(transport: Transporter, letter: Letter): Promise<void> {
    const { from, name } = this.#settings;
    try {
      await transport.sendMail({
        from: { address: from, name },
        to: { address: letter.to, name: '' },
        subject: letter.subject,
        text: letter.text,
        messageId: letter.messageId,
        ...(letter.inReplyTo === undefined ? {} : { inReplyTo: letter.inReplyTo }),
        ...(letter.references.length === 0 ? {} : { references: letter.references }),
        ...(letter.automatic ? { headers: { 'Auto-Submitted': 'auto-generated' } } : {}),
        date: new Date(this.#clock.now()),
      });
    } catch (error) {
      throw explain(error, letter.to, this.#settings.smtp ?? '');
    }
  }
}

/** 5xx is an answer to this mail; everything else may pass. */
function explain(error: unknown, to: string, url: string): Error {
  const code = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : 0;
  const reason = error instanceof Error ? error.message : String(error);
  if (code >= 500) return errors.refused(to, reason, error);
  // Never the URL itself: it may hold a password.
  return errors.unreachable(URL.canParse(url) ? new URL(url).host : 'the configured address', reason, error);
}
