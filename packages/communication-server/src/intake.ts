import type { z } from 'zod';
import type { Communication, Interaction } from './contract.js';
import { errors } from './errors.js';
import { type InteractionRow, isOpen, toInteraction } from './interaction-row.js';
import { inboundOrigin } from './message-row.js';
import type { Queue, QueuePlan } from './queue-plan.js';
import type { Recognition, Reference } from './recognition.js';
import type { Records } from './records.js';
import type { Facts, Routes } from './routes.js';
import { about, audienceOf, type Work } from './work.js';

export type Arrival = z.output<(typeof Communication)['methods']['receive']['input']>;

export interface IntakeOptions {
  records: Records;
  routes: Routes;
  recognition: Recognition;
  plan: () => QueuePlan;
}

/** What channels bring: contacts, further messages, customers who leave, and what cannot be processed. */
export class Intake {
  readonly #options: IntakeOptions;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  async receive(arrival: Arrival): Promise<Interaction> {
    const { records } = this.#options;
    const origin = originOf(arrival);
    const before = arrival.interaction === undefined ? null : await records.interaction(arrival.interaction);
    const continued = before !== null && before.channel === arrival.channel ? before : null;
    const customer = await this.#recognise(arrival, continued);
    return records.work(async (work) => {
      const known = await records.messageFrom(origin);
      if (known !== null) return toInteraction(await work.interaction(known.interaction));
      // Read again: it may have ended while the customer was looked up.
      const open = continued === null ? null : await work.interaction(continued.id);
      if (open !== null && isOpen(open)) return toInteraction(await this.#further(work, open, arrival));
      return toInteraction(await this.#begin(work, arrival, customer, continued));
    });
  }

  async leave(id: string): Promise<Interaction> {
    return this.#options.records.work(async (work) => {
      const row = await work.interaction(id);
      const data = { by: 'customer' };
      if (row.state === 'active' || row.state === 'held') {
        const wrapUpUntil = wrapUpEnd(this.#options.plan(), row, work.now());
        return toInteraction(await work.advance(row, { kind: 'finish', wrapUpUntil }, 'Interaction.finished', data));
      }
      if (!isOpen(row)) return toInteraction(row);
      return toInteraction(await work.advance(row, { kind: 'abandon' }, 'Interaction.abandoned', data));
    });
  }

  async keep(item: { channel: string; from: string | null; error: string; raw: string }): Promise<{ id: string }> {
    return this.#options.records.work(async (work) => {
      const id = work.id();
      const { channel, from, raw } = item;
      await work.write('create', 'KeptItem', {
        id,
        channel,
        from,
        raw,
        at: work.now(),
        error: item.error.slice(0, 4000),
      });
      await work.journal('KeptItem.received', { object: 'KeptItem', key: id }, { channel, from, error: item.error });
      return { id };
    });
  }

  async #further(work: Work, open: InteractionRow, arrival: Arrival): Promise<InteractionRow> {
    const { session } = arrival;
    const told = session === undefined ? open : await work.change(open, { scriptSession: session });
    const { row, message } = await work.say(told, said(arrival));
    await work.journal('Message.received', about(row), { channel: row.channel, message: message.id }, audienceOf(row));
    return row;
  }

  async #begin(
    work: Work,
    arrival: Arrival,
    customer: { reference: Reference | null; values: Record<string, unknown> | null; lastAgent: string | null },
    continued: InteractionRow | null,
  ): Promise<InteractionRow> {
    const { routes } = this.#options;
    const { channel, subject, text, to } = arrival;
    const facts: Facts = { customer: customer.values, subject, text, channel, to: to ?? '' };
    const queue = routes.arrival(facts, arrival.queue);
    const created = newInteraction({
      id: work.id(),
      now: work.now(),
      channel,
      direction: 'inbound',
      contactAddress: arrival.contact.address,
      contactName: arrival.contact.name,
      customer: customer.reference,
      subject: subject.slice(0, 1000),
      script: routes.channel(channel)?.script ?? null,
      scriptSession: arrival.session ?? null,
      calledAddress: to ?? null,
      preferredAgent: customer.lastAgent,
      continues: continued?.id ?? null,
    });
    await work.create(created);
    const first = await work.say(created, said(arrival));
    const data = { channel, message: first.message.id, continues: created.continues };
    await work.journal('Interaction.received', about(created), data, audienceOf(created));
    if (continued?.campaign) await countAnswer(work, continued);
    // The dialog greets in its own words, and says when a person is wanted.
    const { script } = created;
    if (script !== null && arrival.session === undefined && arrival.dialogs.includes(script)) {
      return work.advance(first.row, { kind: 'dialog' }, 'Interaction.led', { script });
    }
    const queued = await work.advance(
      first.row,
      { kind: 'queue', route: routes.route(queue, facts) },
      'Interaction.queued',
    );
    // A machine's mail gets no machine's answer: two of them would write to each other for ever.
    return arrival.details.automatic === true ? queued : this.#greet(work, queued, queue);
  }

  async #greet(work: Work, row: InteractionRow, queue: Queue): Promise<InteractionRow> {
    const channel = this.#options.routes.channel(row.channel);
    const text = this.#options.routes.isOpen(queue) ? channel?.greeting : (channel?.closed ?? channel?.greeting);
    if (text === null || text === undefined) return row;
    const said = await work.say(row, { from: 'machine', author: queue.label, text, delivery: 'pending' });
    await work.journal(
      'Message.written',
      about(row),
      { channel: row.channel, message: said.message.id },
      audienceOf(row),
    );
    return said.row;
  }

  async #recognise(arrival: Arrival, continued: InteractionRow | null) {
    const { recognition } = this.#options;
    const { channel, contact } = arrival;
    // A chat's address is the visitor's browser; who the visitor says to be stands in the details.
    const claimed = typeof arrival.details.email === 'string' ? arrival.details.email : contact.address;
    const reference = arrival.customer ?? customerOf(continued) ?? (await recognition.customerAt(channel, claimed));
    const values = await recognition.customer(reference);
    const lastAgent = continued?.agent ?? (await recognition.lastAgent(reference, channel, contact.address));
    return { reference, values, lastAgent };
  }
}

function originOf(arrival: Arrival): string {
  return inboundOrigin(arrival.channel, arrival.contact.address, arrival.messageId);
}

function said(arrival: Arrival) {
  return {
    from: 'customer' as const,
    author: arrival.contact.name ?? arrival.contact.address,
    text: arrival.text,
    delivery: 'received' as const,
    messageId: arrival.messageId,
    origin: originOf(arrival),
    details: arrival.details,
  };
}

function customerOf(row: InteractionRow | null): Reference | null {
  if (row === null || row.customerObject === null || row.customerKey === null) return null;
  return { object: row.customerObject, key: row.customerKey };
}

/** When the wrap-up that begins now ends; null where it is not limited. */
export function wrapUpEnd(plan: QueuePlan, row: InteractionRow, now: string): string | null {
  const limit = plan.queues.get(row.queue ?? '')?.wrapUp?.limit;
  return limit === undefined ? null : new Date(Date.parse(now) + limit).toISOString();
}

/** A reply to a message of a campaign counts once a recipient. */
async function countAnswer(work: Work, outbound: InteractionRow): Promise<void> {
  const [target] = await work.load('CampaignTarget', "interaction = wanted and state = 'sent'", {
    wanted: outbound.id,
  });
  const [campaign] = await work.load('Campaign', 'campaign = wanted', { wanted: outbound.campaign });
  if (target === undefined || campaign === undefined) return;
  await work.write('update', 'CampaignTarget', { id: target.id, state: 'answered', at: work.now() });
  await work.write('update', 'Campaign', { campaign: campaign.campaign, answered: Number(campaign.answered) + 1 });
  await work.journal(
    'Campaign.answered',
    { object: 'Campaign', key: String(campaign.campaign) },
    { interaction: outbound.id },
  );
}

/** A new interaction, before it is queued. */
export function newInteraction(given: {
  id: string;
  now: string;
  channel: string;
  direction: 'inbound' | 'outbound';
  contactAddress: string;
  contactName: string | null;
  customer: Reference | null;
  subject: string;
  script?: string | null;
  scriptSession?: string | null;
  calledAddress?: string | null;
  preferredAgent?: string | null;
  continues?: string | null;
  campaign?: string | null;
}): InteractionRow {
  if (given.contactAddress === '') throw errors.addressMissing(given.channel);
  return {
    id: given.id,
    channel: given.channel,
    direction: given.direction,
    contactAddress: given.contactAddress,
    contactName: given.contactName,
    customerObject: given.customer?.object ?? null,
    customerKey: given.customer?.key ?? null,
    subject: given.subject,
    queue: null,
    needs: [],
    priority: 0,
    due: null,
    state: 'new',
    agent: null,
    createdAt: given.now,
    queuedAt: null,
    enteredQueueAt: null,
    answeredAt: null,
    endedAt: null,
    since: given.now,
    disposition: null,
    note: null,
    script: given.script ?? null,
    scriptSession: given.scriptSession ?? null,
    unread: 0,
    preferredAgent: given.preferredAgent ?? null,
    reservedFor: null,
    leaseAgent: null,
    leaseToken: 0,
    leaseExpiresAt: null,
    leaseReason: null,
    passedOver: {},
    wrapUpUntil: null,
    segment: null,
    messageCount: 0,
    calledAddress: given.calledAddress ?? null,
    continues: given.continues ?? null,
    campaign: given.campaign ?? null,
    version: 1,
  };
}
