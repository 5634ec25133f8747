import { CarusoError, type Log, type Services } from '@caruso/service-manager/contract';
import type { Delivery as Attempt, JournalApi, JournalEvent } from '@caruso/storage-manager/contract';
import { recordOutcome } from './campaign-outcome.js';
import { Channel } from './contract.js';
import { toInteraction } from './interaction-row.js';
import { toMessage } from './message-row.js';
import type { Records } from './records.js';
import { about, audienceOf } from './work.js';

/** Pauses double from a second: an SMTP server may be away for some two minutes. */
const attempts = 8;

export interface DeliveryOptions {
  records: Records;
  journal: JournalApi;
  services: Services;
  log: Log;
}

/**
 * Delivers what was said through its channel. A consumer of the journal for each channel, so that a mail server that is down keeps no
 * chat waiting. The message id is the idempotency key: after a crash in between, a channel may be given a message once more.
 */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #consumers = new Map<string, Promise<() => Promise<void>>>();

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** Begins to deliver for channels that have no consumer yet. */
  async open(channels: Iterable<string>): Promise<void> {
    for (const channel of new Set(channels)) {
      if (this.#consumers.has(channel)) continue;
      const consumer = this.#options.journal.consume(
        `communication.delivery.${channel}`,
        (event, attempt) => this.#handle(channel, event, attempt),
        { types: ['Message.written', 'Interaction.finished'], from: 'beginning', attempts, transactional: false },
      );
      this.#consumers.set(channel, consumer);
      consumer.catch(() => this.#consumers.delete(channel));
    }
    await Promise.all(this.#consumers.values());
  }

  async close(): Promise<void> {
    const stops = await Promise.all(this.#consumers.values());
    for (const stop of stops) await stop();
  }

  get channels(): string[] {
    return [...this.#consumers.keys()];
  }

  async #handle(channel: string, event: JournalEvent, attempt: Attempt): Promise<void> {
    if (event.data.channel !== channel) return;
    if (event.type === 'Interaction.finished') await this.#end(channel, event);
    else await this.#deliver(channel, String(event.data.message), attempt);
  }

  /** Tells the customer that the agent has ended the conversation; that this fails changes nothing. */
  async #end(channel: string, event: JournalEvent): Promise<void> {
    const row = event.data.by === 'agent' ? await this.#options.records.interaction(event.subject?.key ?? '') : null;
    if (row === null) return;
    try {
      await this.#provider(channel).end({ interaction: toInteraction(row) });
    } catch (error) {
      this.#options.log.warn(
        { error, interaction: row.id },
        'the channel could not be told that the conversation ended',
      );
    }
  }

  async #deliver(channel: string, id: string, attempt: Attempt): Promise<void> {
    const { records } = this.#options;
    const message = await records.message(id);
    if (message === null || message.delivery !== 'pending') return;
    const row = await records.interaction(message.interaction);
    if (row === null) return;
    const earlier = (await records.messages(row.id)).filter(
      (each) => each.number < message.number && each.from !== 'note',
    );
    let details: Record<string, unknown>;
    try {
      const sent = await this.#provider(channel).send({
        interaction: toInteraction(row),
        message: toMessage(message),
        thread: await this.#thread(row.continues, earlier.map(toMessage)),
      });
      details = sent.details;
    } catch (error) {
      const last = attempt.attempt >= attempts - 1;
      if (!isFinal(error) && !last) throw error;
      await this.#record(id, 'failed', { error: error instanceof Error ? error.message : String(error) });
      return;
    }
    await this.#record(id, 'sent', details);
  }

  /** A reply to a conversation that was over refers to its messages too. */
  async #thread(continues: string | null, messages: ReturnType<typeof toMessage>[]) {
    if (continues === null || messages.length > 1) return messages;
    const before = await this.#options.records.messages(continues);
    return [...before.filter((each) => each.from !== 'note').map(toMessage), ...messages];
  }

  async #record(id: string, delivery: 'sent' | 'failed', details: Record<string, unknown>): Promise<void> {
    const { records } = this.#options;
    await records.work(async (work) => {
      const message = await records.message(id);
      if (message === null || message.delivery !== 'pending') return;
      const row = await work.interaction(message.interaction);
      await work.write('update', 'Message', { id, delivery, details: { ...message.details, ...details } });
      const type = delivery === 'sent' ? 'Message.delivered' : 'Message.failed';
      const reason = typeof details.error === 'string' ? { error: details.error } : {};
      await work.journal(type, about(row), { channel: row.channel, message: id, ...reason }, audienceOf(row));
      if (row.campaign !== null && row.state === 'new') await recordOutcome(work, row, reason.error ?? null);
    });
  }

  #provider(channel: string) {
    return this.#options.services.use(Channel, '^1.0', { provider: channel });
  }
}

/** A refusal of the message itself; trying again would be refused again. */
function isFinal(error: unknown): boolean {
  return error instanceof CarusoError && error.status >= 400 && error.status < 500 && error.status !== 429;
}
