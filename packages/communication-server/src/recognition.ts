import type { BusinessObjects } from '@caruso/business-objects/contract';
import { actingAs, type Client, type Log, systemPrincipal } from '@caruso/service-manager/contract';
import type { QueuePlan } from './queue-plan.js';

/** A business object by name and key. */
export interface Reference {
  object: string;
  key: string;
}

/** Who a contact is, and who spoke with that customer last. Both are a help: where they fail, the contact is taken all the same. */
export class Recognition {
  readonly #objects: Client<typeof BusinessObjects>;
  readonly #plan: () => QueuePlan;
  readonly #log: Log;

  constructor(objects: Client<typeof BusinessObjects>, plan: () => QueuePlan, log: Log) {
    this.#objects = objects;
    this.#plan = plan;
    this.#log = log;
  }

  /** The one business object with this address; null where there is none or several. */
  async customerAt(channel: string, address: string): Promise<Reference | null> {
    const { contacts } = this.#plan();
    const attribute = contacts?.match[channel];
    if (contacts === null || attribute === undefined || address === '') return null;
    const compact = address.replace(/[\s().-]/g, '');
    const query = address.includes('@')
      ? { where: `lower(${attribute}) = address`, params: { address: address.toLowerCase() } }
      : { where: `${attribute} = address or ${attribute} = compact`, params: { address, compact } };
    return this.#attempt('recognise a contact', async () => {
      const { records } = await this.#objects.find({ object: contacts.object, ...query, limit: 2 });
      const [found, another] = records;
      return found === undefined || another !== undefined ? null : { object: found.object, key: found.key };
    });
  }

  /** Attributes of a customer, for expressions. */
  async customer(reference: Reference | null): Promise<Record<string, unknown> | null> {
    if (reference === null) return null;
    return this.#attempt('read a customer', async () => (await this.#objects.get(reference))?.values ?? null);
  }

  /** Whether the object is there, as the caller may see it. */
  async exists(reference: Reference): Promise<boolean> {
    return (await this.#objects.get(reference)) !== null;
  }

  async lastAgent(customer: Reference | null, channel: string, address: string): Promise<string | null> {
    const query =
      customer === null
        ? { where: 'channel = at and contactAddress = address and agent <> null', params: { at: channel, address } }
        : { where: 'customerObject = object and customerKey = key and agent <> null', params: { ...customer } };
    return this.#attempt('find who spoke with a customer', async () => {
      const found = await this.#objects.find({ object: 'Interaction', ...query, sort: ['-createdAt'], limit: 1 });
      const agent = found.records[0]?.values.agent;
      return typeof agent === 'string' ? agent : null;
    });
  }

  async #attempt<T>(what: string, work: () => Promise<T | null>): Promise<T | null> {
    try {
      return await actingAs(systemPrincipal, work);
    } catch (error) {
      this.#log.warn({ error }, `could not ${what}`);
      return null;
    }
  }
}
