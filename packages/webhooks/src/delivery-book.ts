import type { BusinessObjects, ModelApi } from '@caruso/business-objects/contract';
import { actingAs, type Client, systemPrincipal } from '@caruso/service-manager/contract';
import type { JournalApi, StorageApi } from '@caruso/storage-manager/contract';
import type { DeliveryState, WebhookState } from './contract.js';
import { DELIVERY, type Delivery } from './delivery.js';

/** Whom the model file of the package names as the writer of its object. */
const OWNER = 'webhooks';

export interface BookParts {
  storage: StorageApi;
  journal: JournalApi;
  model: ModelApi;
  objects: Client<typeof BusinessObjects>;
}

/** The deliveries as business objects that this component alone writes. */
export class DeliveryBook {
  readonly #parts: BookParts;

  constructor(parts: BookParts) {
    this.#parts = parts;
  }

  async find(id: string): Promise<Delivery | undefined> {
    const [found] = await this.#parts.model.load(DELIVERY, 'id = wanted', { wanted: id });
    return found as Delivery | undefined;
  }

  /** Those of a webhook that are still to be sent, the next first. */
  waiting(webhook: string, limit: number): Promise<Delivery[]> {
    return this.#list("webhook = wanted and state = 'waiting'", { wanted: webhook }, ['dueAt'], limit);
  }

  dead(webhook: string, limit: number): Promise<Delivery[]> {
    return this.#list("webhook = wanted and state = 'dead'", { wanted: webhook }, ['at'], limit);
  }

  /** What was settled before a time, ISO UTC, and need not be kept. */
  old(before: string, limit: number): Promise<Delivery[]> {
    const where = "(state = 'delivered' or state = 'withheld') and settledAt < moment";
    return this.#list(where, { moment: before }, ['settledAt'], limit);
  }

  /** Whether the webhook was told of the record before. */
  async knows(webhook: string, object: string, record: string): Promise<boolean> {
    const where = "webhook = hook and object = kind and record = about and state = 'delivered'";
    return (await this.#list(where, { hook: webhook, kind: object, about: record }, [], 1)).length > 0;
  }

  async counts(): Promise<Map<string, WebhookState['counts']>> {
    const { rows } = await actingAs(systemPrincipal, () =>
      this.#parts.objects.aggregate({
        object: DELIVERY,
        measures: [{ name: 'count', kind: 'count' }],
        by: ['webhook', 'state'],
      }),
    );
    const counts = new Map<string, WebhookState['counts']>();
    for (const { by, measures } of rows) {
      const webhook = String(by['webhook']);
      const known = counts.get(webhook) ?? noneOf();
      known[by['state'] as DeliveryState] = Number(measures['count']);
      counts.set(webhook, known);
    }
    return counts;
  }

  /** Within a unit of work; what happened is in the journal, without what was sent. */
  async write(operation: 'create' | 'update' | 'delete', verb: string, values: Partial<Delivery>): Promise<void> {
    const { model, journal } = this.#parts;
    const change = await model.write(OWNER, operation, DELIVERY, values);
    const hide = (each: Record<string, unknown> | null) =>
      each === null ? null : { ...each, event: null, body: each['body'] === null ? null : '***' };
    await journal.append({
      type: `${DELIVERY}.${verb}`,
      subject: { object: DELIVERY, key: change.key },
      changes: [{ ...change, before: hide(change.before), after: hide(change.after) }],
    });
  }

  async #list(where: string, params: Record<string, unknown>, sort: string[], limit: number): Promise<Delivery[]> {
    const { objects } = this.#parts;
    // Whoever asks: these are the house's own.
    const { records } = await actingAs(systemPrincipal, () =>
      objects.find({ object: DELIVERY, where, params, sort, limit }),
    );
    return records.map(({ values }) => values as Delivery);
  }
}

export function noneOf(): WebhookState['counts'] {
  return { waiting: 0, delivered: 0, dead: 0, withheld: 0 };
}
