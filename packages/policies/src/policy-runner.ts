import { BusinessObjects, type ModelApi } from '@caruso/business-objects/contract';
import type { Client, Clock, Log, Services } from '@caruso/service-manager/contract';
import type { JournalApi, JournalEvent } from '@caruso/storage-manager/contract';
import { policyLoop } from './errors.js';
import { type Facts, fire, holds, subjectChange } from './firing.js';
import { loadSubject } from './load-subject.js';
import { LoopGuard } from './loop-guard.js';
import type { Policy } from './policy.js';
import { schedule } from './schedule.js';

/** How a policy fared since the process started. */
export interface PolicyCounts {
  checked: number;
  fired: number;
  failed: number;
  lastError: string | null;
}

interface Running {
  policy: Policy;
  stop: () => void | Promise<void>;
}

export interface RunnerParts {
  journal: JournalApi;
  model: ModelApi;
  objects: Client<typeof BusinessObjects>;
  services: Services;
  clock: Clock;
  log: Log;
  timezone: () => string;
}

/** Keeps each policy at work: a durable consumer of the journal for those on events, a timer for those on a schedule. */
export class PolicyRunner {
  readonly #parts: RunnerParts;
  readonly #running = new Map<string, Running>();
  readonly #counts = new Map<string, PolicyCounts>();
  readonly #guard = new LoopGuard();

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  get policies(): { policy: Policy; counts: PolicyCounts }[] {
    return [...this.#running.values()].map(({ policy }) => ({ policy, counts: this.#countsOf(policy.name) }));
  }

  /** Runs exactly these policies. A changed one goes on at the event where its former version stopped. */
  async apply(policies: readonly Policy[]): Promise<void> {
    const names = new Set(policies.map((policy) => policy.name));
    for (const [name, running] of this.#running) {
      if (names.has(name)) continue;
      this.#running.delete(name);
      await running.stop();
    }
    for (const policy of policies) {
      await this.#running.get(policy.name)?.stop();
      this.#running.set(policy.name, { policy, stop: await this.#begin(policy) });
    }
  }

  async stop(): Promise<void> {
    await this.apply([]);
  }

  async #begin(policy: Policy): Promise<() => void | Promise<void>> {
    const { clock, journal, timezone } = this.#parts;
    if (policy.every !== undefined) return schedule(policy.every, timezone(), clock, (at) => this.#onTime(policy, at));
    return journal.consume(`policy:${policy.name}`, (event) => this.#onEvent(policy, event), { types: policy.on });
  }

  async #onEvent(policy: Policy, event: JournalEvent): Promise<void> {
    const change = subjectChange(event);
    const values = change?.after ?? change?.before;
    // Its own consequence never sets a policy off: `set` on `updated` would otherwise go round for ever.
    if (values == null || event.subject === null || (event.actor.kind === 'policy' && event.actor.id === policy.name))
      return;
    const counts = this.#countsOf(policy.name);
    counts.checked += 1;
    try {
      const facts = await this.#facts(policy, event, values, change?.before ?? null);
      if (!holds(policy, facts)) return;
      const excess = this.#guard.excess(
        `${policy.name} ${event.subject.object} ${event.subject.key}`,
        this.#parts.clock.now(),
      );
      if (excess !== undefined) {
        this.#failed(policy, policyLoop(policy.name, `${event.subject.object} ${event.subject.key}`, excess));
        return;
      }
      await fire(policy, facts, `${policy.name}/${event.id}`, event.subject, (method, input) =>
        this.#parts.services.call(method, input),
      );
      counts.fired += 1;
    } catch (error) {
      this.#failed(policy, error);
      throw error;
    }
  }

  async #onTime(policy: Policy, at: Date): Promise<void> {
    const counts = this.#countsOf(policy.name);
    counts.checked += 1;
    const event = { type: 'schedule', at: at.toISOString(), actor: 'clock' };
    const facts: Facts = { values: { event }, context: { now: at, timezone: this.#parts.timezone() } };
    try {
      if (!holds(policy, facts)) return;
      await fire(policy, facts, `${policy.name}/${event.at}`, undefined, (method, input) =>
        this.#parts.services.call(method, input),
      );
      counts.fired += 1;
    } catch (error) {
      this.#failed(policy, error);
    }
  }

  async #facts(
    policy: Policy,
    event: JournalEvent,
    values: Record<string, unknown>,
    before: Record<string, unknown> | null,
  ): Promise<Facts> {
    const context = { now: new Date(this.#parts.clock.now()), timezone: this.#parts.timezone() };
    const described = { type: event.type, at: event.at, actor: event.actor.id };
    if (policy.subject === undefined || event.subject === null) return { values: { event: described }, context };
    const { object, variable } = policy.subject;
    const objects = new Map(this.#parts.model.describe().map((each) => [each.name, each]));
    const load = (name: string, key: string) => this.#parts.objects.get({ object: name, key });
    const paths = (root: string) =>
      policy.dependencies
        .map((path) => path.split('.'))
        .filter(([first]) => first === root)
        .map((path) => path.slice(1));
    const subject = await loadSubject(object, values, paths(variable), objects, load);
    const former = before === null ? null : await loadSubject(object, before, paths('before'), objects, load);
    return { values: { [variable]: subject, before: former, event: described }, context };
  }

  #failed(policy: Policy, error: unknown): void {
    const counts = this.#countsOf(policy.name);
    counts.failed += 1;
    counts.lastError = error instanceof Error ? error.message : String(error);
    this.#parts.log.warn({ policy: policy.name, error: counts.lastError }, 'a policy failed');
  }

  #countsOf(name: string): PolicyCounts {
    let counts = this.#counts.get(name);
    if (counts === undefined) {
      counts = { checked: 0, fired: 0, failed: 0, lastError: null };
      this.#counts.set(name, counts);
    }
    return counts;
  }
}
