import { AsyncResource } from 'node:async_hooks';
import type { BusinessObjects, ObjectRecord } from '@caruso/business-objects/contract';
import { actingAs, type Client, type Clock, type Log, systemPrincipal } from '@caruso/service-manager/contract';
import { type CampaignPlan, fill } from './campaign-file.js';
import { settleTarget } from './campaign-outcome.js';
import { errors } from './errors.js';
import { newInteraction } from './intake.js';
import type { QueuePlan } from './queue-plan.js';
import type { Records } from './records.js';
import { about, type Work } from './work.js';

export interface CampaignsOptions {
  records: Records;
  objects: Client<typeof BusinessObjects>;
  campaigns: () => ReadonlyMap<string, CampaignPlan>;
  plan: () => QueuePlan;
  timezone: () => string;
  clock: Clock;
  log: Log;
}

export interface CampaignStatus {
  campaign: string;
  label: string;
  state: 'idle' | 'running' | 'paused' | 'finished';
  total: number;
  sent: number;
  failed: number;
  answered: number;
}

/** Outbound campaigns: recipients are stored before anything is sent, and sent to one by one at the declared pace. */
export class Campaigns {
  readonly #options: CampaignsOptions;
  readonly #outside = new AsyncResource('caruso.campaigns');
  readonly #timers = new Map<string, () => void>();
  readonly #busy = new Map<string, Promise<void>>();

  constructor(options: CampaignsOptions) {
    this.#options = options;
  }

  /** Goes on with what was running when the process ended. */
  async resume(): Promise<void> {
    const running = await this.#options.records.load('Campaign', "state = 'running'");
    for (const row of running) this.#run(String(row.campaign));
  }

  async close(): Promise<void> {
    for (const stop of this.#timers.values()) stop();
    this.#timers.clear();
    await Promise.all(this.#busy.values());
  }

  async start(name: string): Promise<{ campaign: string; total: number }> {
    const plan = this.#plan(name);
    const { records } = this.#options;
    const [known] = await records.load('Campaign', 'campaign = wanted', { wanted: name });
    // A paused campaign keeps its recipients; one that is over, or was never started, looks for new ones.
    if (known?.state !== 'paused') await this.#collect(plan);
    const total = await records.work(async (work) => {
      const targets = await work.load('CampaignTarget', 'campaign = wanted', { wanted: name });
      const values = {
        campaign: name,
        label: plan.label,
        state: targets.length === 0 ? 'finished' : 'running',
        total: targets.length,
      };
      if (known === undefined) {
        await work.write('create', 'Campaign', { ...values, sent: 0, failed: 0, answered: 0, startedAt: work.now() });
      } else await work.write('update', 'Campaign', values);
      await work.journal('Campaign.started', { object: 'Campaign', key: name }, { total: targets.length });
      return targets.length;
    });
    this.#run(name);
    return { campaign: name, total };
  }

  async pause(name: string): Promise<{ campaign: string }> {
    this.#plan(name);
    await this.#options.records.work(async (work) => {
      const [row] = await work.load('Campaign', 'campaign = wanted', { wanted: name });
      if (row?.state !== 'running') return;
      await work.write('update', 'Campaign', { campaign: name, state: 'paused' });
      await work.journal('Campaign.paused', { object: 'Campaign', key: name });
    });
    this.#stop(name);
    return { campaign: name };
  }

  /** Every declared campaign, also those that never ran. */
  async status(): Promise<CampaignStatus[]> {
    const rows = await this.#options.records.load('Campaign', "campaign <> ''");
    const stored = new Map(rows.map((row) => [String(row.campaign), row]));
    return [...this.#options.campaigns().values()].map(({ name, label }) => {
      const row = stored.get(name);
      const state = row?.state;
      return {
        campaign: name,
        label,
        state: state === 'running' || state === 'paused' || state === 'finished' ? state : 'idle',
        total: Number(row?.total ?? 0),
        sent: Number(row?.sent ?? 0),
        failed: Number(row?.failed ?? 0),
        answered: Number(row?.answered ?? 0),
      };
    });
  }

  /** Stores everybody the campaign is for; who is there already stays as is. */
  async #collect(plan: CampaignPlan): Promise<void> {
    const { objects, records } = this.#options;
    const query = { object: plan.object, limit: 200, ...(plan.where === null ? {} : { where: plan.where }) };
    let after: string | null = null;
    do {
      const page: { records: ObjectRecord[]; next: string | null } = await actingAs(systemPrincipal, () =>
        objects.find({ ...query, ...(after === null ? {} : { after }) }),
      );
      const added = page.records.map((record) => this.#target(plan, record));
      await records.work((work) => addTargets(work, plan.name, added));
      after = page.next;
    } while (after !== null);
  }

  #target(plan: CampaignPlan, record: ObjectRecord): Record<string, unknown> {
    const { contacts } = this.#options.plan();
    const matched = contacts?.object === plan.object ? contacts.match[plan.channel] : undefined;
    const address = record.values[matched ?? 'email'];
    return {
      id: `${plan.name}~${record.key}`,
      campaign: plan.name,
      object: record.object,
      objectKey: record.key,
      address: typeof address === 'string' ? address : null,
      state: 'waiting',
    };
  }

  #run(name: string): void {
    const plan = this.#options.campaigns().get(name);
    if (plan === undefined || this.#timers.has(name)) return;
    const stop = this.#options.clock.every(Math.max(1, 60_000 / plan.pace), () => this.#tick(plan));
    this.#timers.set(name, stop);
  }

  #stop(name: string): void {
    this.#timers.get(name)?.();
    this.#timers.delete(name);
  }

  /** One recipient a tick; a tick that comes while the last one is at work is let go by. */
  #tick(plan: CampaignPlan): void {
    if (this.#busy.has(plan.name)) return;
    const work = this.#outside.runInAsyncScope(() => this.#next(plan));
    const guarded = work
      .catch((error: unknown) =>
        this.#options.log.error({ error, campaign: plan.name }, 'a campaign could not go on; it tries again'),
      )
      .finally(() => this.#busy.delete(plan.name));
    this.#busy.set(plan.name, guarded);
  }

  async #next(plan: CampaignPlan): Promise<void> {
    const { objects, records } = this.#options;
    const where = "campaign = wanted and state = 'waiting'";
    const { record, target } = await actingAs(systemPrincipal, async () => {
      const found = await objects.find({
        object: 'CampaignTarget',
        where,
        params: { wanted: plan.name },
        sort: ['id'],
        limit: 1,
      });
      const next = found.records[0]?.values;
      const recipient =
        next === undefined ? null : await objects.get({ object: plan.object, key: String(next.objectKey) });
      return { target: next, record: recipient };
    });
    if (target === undefined) return this.#stop(plan.name);
    await records.work(async (work) => {
      const [campaign] = await work.load('Campaign', 'campaign = wanted', { wanted: plan.name });
      const [current] = await work.load('CampaignTarget', "id = wanted and state = 'waiting'", { wanted: target.id });
      if (campaign?.state !== 'running') return this.#stop(plan.name);
      if (current === undefined) return;
      const address = typeof target.address === 'string' ? target.address : '';
      const missing = record === null ? `${plan.object} is no longer there` : address === '' ? 'no address' : null;
      if (record === null || missing !== null) {
        return settleTarget(work, { id: String(target.id), campaign: plan.name }, missing);
      }
      await this.#send(work, plan, { id: String(target.id), address, record });
    });
  }

  async #send(
    work: Work,
    plan: CampaignPlan,
    to: { id: string; address: string; record: ObjectRecord },
  ): Promise<void> {
    const context = { now: new Date(this.#options.clock.now()), timezone: this.#options.timezone() };
    const row = newInteraction({
      id: work.id(),
      now: work.now(),
      channel: plan.channel,
      direction: 'outbound',
      contactAddress: to.address,
      contactName: to.record.display.slice(0, 200),
      customer: { object: to.record.object, key: to.record.key },
      subject: fill(plan.subject, to.record.values, context).slice(0, 1000),
      campaign: plan.name,
    });
    await work.create(row);
    await work.write('update', 'CampaignTarget', { id: to.id, state: 'sending', interaction: row.id, at: work.now() });
    const text = fill(plan.text, to.record.values, context);
    const said = await work.say(row, {
      from: 'machine',
      author: plan.label,
      text,
      delivery: 'pending',
      messageId: to.id,
    });
    const data = { channel: plan.channel, message: said.message.id, campaign: plan.name };
    await work.journal('Message.written', about(row), data);
  }

  #plan(name: string): CampaignPlan {
    const campaigns = this.#options.campaigns();
    const plan = campaigns.get(name);
    if (plan === undefined) throw errors.campaignUnknown(name, [...campaigns.keys()]);
    return plan;
  }
}

async function addTargets(work: Work, campaign: string, targets: Record<string, unknown>[]): Promise<void> {
  let added = 0;
  for (const target of targets) {
    const [known] = await work.load('CampaignTarget', 'id = wanted', { wanted: target.id });
    if (known !== undefined) continue;
    await work.write('create', 'CampaignTarget', { ...target, at: work.now() });
    added += 1;
  }
  if (added > 0) await work.journal('Campaign.recipientsAdded', { object: 'Campaign', key: campaign }, { added });
}
