import type { BusinessObjects } from '@caruso/business-objects/contract';
import { type Client, type Clock, type Log, systemPrincipal, withinCall } from '@caruso/service-manager/contract';
import type { StorageApi } from '@caruso/storage-manager/contract';
import { type Delivery, pauseAfter } from './delivery.js';
import type { DeliveryBook } from './delivery-book.js';
import { told } from './message.js';
import { type Answer, post } from './post.js';
import type { Webhook, WebhookSettings } from './settings.js';
import { signedHeaders } from './signature.js';

/** Requests to one webhook at the same time. */
const AT_ONCE = 4;
/** Milliseconds after which an attempt of which nothing more was heard is made again, beside its timeout. */
const GRACE = 2_000;
/** Milliseconds until the next look where the database did not answer. */
const TROUBLE = 10_000;

export interface DelivererParts {
  webhooks: readonly Webhook[];
  settings: WebhookSettings;
  storage: StorageApi;
  objects: Client<typeof BusinessObjects>;
  book: DeliveryBook;
  clock: Clock;
  log: Log;
}

/**
 * Sends what waits, each webhook for itself, so that one which does not answer holds up no other. An attempt is noted before it is made:
 * after a crash it is made again, under the same key.
 */
export class Deliverer {
  readonly #parts: DelivererParts;
  readonly #underWay = new Map<string, Promise<void>>();
  #looking: Promise<void> | undefined;
  #again = false;
  #stopped = false;
  #cancel = () => {};

  constructor(parts: DelivererParts) {
    this.#parts = parts;
  }

  /** Tells that there may be something to send. */
  wake(): void {
    if (this.#stopped) return;
    if (this.#looking !== undefined) {
      this.#again = true;
      return;
    }
    this.#looking = this.#look().finally(() => {
      this.#looking = undefined;
      if (!this.#again) return;
      this.#again = false;
      this.wake();
    });
  }

  /** Ends after what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#looking;
    await Promise.all(this.#underWay.values());
  }

  inspect(): object {
    return { underWay: this.#underWay.size };
  }

  async #look(): Promise<void> {
    const { webhooks, book, clock, log } = this.#parts;
    this.#cancel();
    let next = Number.POSITIVE_INFINITY;
    try {
      for (const webhook of webhooks) {
        let free = AT_ONCE - [...this.#underWay.keys()].filter((id) => id.startsWith(`${webhook.name}.`)).length;
        for (const delivery of await book.waiting(webhook.name, AT_ONCE * 2)) {
          const due = Date.parse(delivery.dueAt);
          if (due > clock.now()) {
            next = Math.min(next, due);
            break;
          }
          if (free <= 0) break;
          if (this.#underWay.has(delivery.id) || this.#stopped) continue;
          free -= 1;
          this.#begin(webhook, delivery);
        }
      }
    } catch (error) {
      log.warn({ error: String(error) }, 'webhook deliveries cannot be read; trying again');
      next = clock.now() + TROUBLE;
    }
    if (next !== Number.POSITIVE_INFINITY && !this.#stopped)
      this.#cancel = clock.after(Math.max(next - clock.now(), 0), () => this.wake());
  }

  #begin(webhook: Webhook, { id }: Delivery): void {
    const work = withinCall({ id: `webhook ${id}`, principal: systemPrincipal }, () => this.#deliver(webhook, id))
      .then(() => true)
      .catch((error: unknown) => {
        this.#parts.log.warn({ delivery: id, error: String(error) }, 'a webhook delivery could not be worked on');
        return false;
      })
      .then((worked) => {
        this.#underWay.delete(id);
        if (worked) this.wake();
        else if (!this.#stopped) this.#cancel = this.#parts.clock.after(TROUBLE, () => this.wake());
      });
    this.#underWay.set(id, work);
  }

  async #deliver(webhook: Webhook, id: string): Promise<void> {
    const { clock, settings } = this.#parts;
    const attempt = await this.#claim(webhook, id);
    if (attempt?.body == null) return;
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Caruso',
      'idempotency-key': id,
      ...signedHeaders(webhook.secret, id, clock.now(), attempt.body),
    };
    const options = { clock, timeout: settings.timeout * 1000, private: settings.private };
    const outcome = await post(webhook.url, headers, attempt.body, options).catch((error: unknown) =>
      error instanceof Error ? error : new Error(String(error)),
    );
    await this.#settle(id, attempt.attempts, outcome);
  }

  /** Notes that an attempt is made, so that nobody else makes it, and makes the message at the first one. */
  async #claim(webhook: Webhook, id: string): Promise<Delivery | undefined> {
    const { storage, book, objects, clock, settings } = this.#parts;
    return storage.unitOfWork(async () => {
      await storage.lock(`webhook ${id}`);
      const delivery = await book.find(id);
      const now = clock.now();
      if (delivery?.state !== 'waiting' || Date.parse(delivery.dueAt) > now) return undefined;
      let { body } = delivery;
      if (body === null) {
        const { object, record } = delivery;
        const what = await told(objects, webhook, delivery, () => book.knows(webhook.name, object, record));
        if ('withheld' in what) {
          const settledAt = new Date(now).toISOString();
          await book.write('update', 'withheld', { id, state: 'withheld', problem: what.withheld, settledAt });
          return undefined;
        }
        body = JSON.stringify(what.message);
      }
      const attempts = delivery.attempts + 1;
      const dueAt = new Date(now + settings.timeout * 1000 + GRACE).toISOString();
      await book.write('update', 'attempted', { id, attempts, dueAt, body });
      return { ...delivery, attempts, body };
    });
  }

  async #settle(id: string, attempts: number, outcome: Answer | Error): Promise<void> {
    const { storage, book, clock, settings } = this.#parts;
    const status = outcome instanceof Error ? null : outcome.status;
    const now = clock.now();
    await storage.unitOfWork(async () => {
      await storage.lock(`webhook ${id}`);
      const delivery = await book.find(id);
      // Somebody took it over meanwhile.
      if (delivery?.state !== 'waiting' || delivery.attempts !== attempts) return;
      if (status !== null && status >= 200 && status < 300) {
        const settledAt = new Date(now).toISOString();
        await book.write('update', 'delivered', { id, state: 'delivered', status, problem: null, settledAt });
        return;
      }
      const problem = problemOf(outcome).slice(0, 1000);
      // Gone: the receiver wants to hear no more of it.
      if (attempts >= settings.attempts || status === 410) {
        const settledAt = new Date(now).toISOString();
        await book.write('update', 'dead', { id, state: 'dead', status, problem, settledAt });
        return;
      }
      const asked = outcome instanceof Error ? 0 : outcome.retryAfter;
      const dueAt = new Date(now + pauseAfter(attempts, asked)).toISOString();
      await book.write('update', 'failed', { id, status, problem, dueAt });
    });
  }
}

function problemOf(outcome: Answer | Error): string {
  if (outcome instanceof Error) return outcome.message;
  const { status, text } = outcome;
  if (status >= 300 && status < 400) return `it answered ${status}: redirections are not followed`;
  return text === '' ? `it answered ${status}` : `it answered ${status}: ${text.replaceAll('\0', '')}`;
}
