import type { Expression } from '@caruso/expressions';
import type { Clock, Log } from '@caruso/service-manager/contract';
import { errors } from './errors.js';
import { isOpenAt } from './hours.js';
import type { InteractionRow } from './interaction-row.js';
import { type ChannelRoute, fallbackQueue, type Queue, type QueuePlan } from './queue-plan.js';
import type { Recognition } from './recognition.js';
import type { Records } from './records.js';
import type { Route } from './transition.js';

/** What routing expressions may name. */
export interface Facts {
  customer: Record<string, unknown> | null;
  subject: string;
  text: string;
  channel: string;
  to: string;
}

export interface RoutesOptions {
  plan: () => QueuePlan;
  records: Records;
  recognition: Recognition;
  timezone: () => string;
  clock: Clock;
  log: Log;
}

/** Which queue a contact goes to, with what needs and priority. A faulty expression never keeps a contact out. */
export class Routes {
  readonly #options: RoutesOptions;

  constructor(options: RoutesOptions) {
    this.#options = options;
  }

  channel(name: string): ChannelRoute | null {
    return this.#options.plan().channels.get(name) ?? null;
  }

  /** The declared queue, or QUEUE_UNKNOWN. */
  queue(name: string): Queue {
    const { queues } = this.#options.plan();
    const queue = queues.get(name);
    if (queue === undefined) throw errors.queueUnknown(name, [...queues.keys()]);
    return queue;
  }

  isOpen(queue: Queue): boolean {
    return isOpenAt(queue.rule.hours, this.#options.clock.now(), this.#options.timezone());
  }

  /** The queue of a new contact: the one asked for, the channel's, or the first declared. */
  arrival(facts: Facts, wanted: string | undefined): Queue {
    const plan = this.#options.plan();
    const declared = plan.channels.get(facts.channel)?.queue;
    let name = wanted;
    if (name === undefined && declared !== undefined) {
      name = 'name' in declared ? declared.name : String(this.#evaluate(declared.expression, facts) ?? '');
    }
    const queue = name === undefined ? undefined : plan.queues.get(name);
    if (queue !== undefined) return queue;
    const fallback = fallbackQueue(plan);
    if (name !== undefined)
      this.#options.log.warn({ queue: name, instead: fallback.name }, 'a contact names a queue that is not declared');
    return fallback;
  }

  route(queue: Queue, facts: Facts): Route {
    const priority = queue.priority === null ? 0 : Number(this.#evaluate(queue.priority, facts) ?? 0);
    return { queue: queue.name, needs: [...queue.needs], priority: Number.isFinite(priority) ? priority : 0 };
  }

  /** Where an interaction that is here already goes next. Throws QUEUE_UNKNOWN. */
  async onward(row: InteractionRow, queue: string): Promise<Route> {
    const target = this.queue(queue);
    return this.route(target, target.priority === null ? emptyFacts : await this.#facts(row));
  }

  /** Where an interaction goes that a dialog has led: to the queue the dialog names, else as if it had come to the channel now. */
  async after(row: InteractionRow, wanted: string | undefined): Promise<{ queue: Queue; route: Route }> {
    const facts = await this.#facts(row);
    const queue = this.arrival(facts, wanted);
    return { queue, route: this.route(queue, facts) };
  }

  async #facts(row: InteractionRow): Promise<Facts> {
    const { records, recognition } = this.#options;
    const customer =
      row.customerObject === null || row.customerKey === null
        ? null
        : await recognition.customer({ object: row.customerObject, key: row.customerKey });
    const [first] = await records.messages(row.id);
    const { subject, channel } = row;
    return { customer, subject, channel, text: first?.text ?? '', to: row.calledAddress ?? '' };
  }

  #evaluate(expression: Expression, facts: Facts): unknown {
    const { clock, log, timezone } = this.#options;
    try {
      return expression.evaluate({ ...facts }, { now: new Date(clock.now()), timezone: timezone() });
    } catch (error) {
      log.warn({ error, expression: expression.source }, 'an expression of queues.yaml could not be evaluated');
      return null;
    }
  }
}

const emptyFacts: Facts = { customer: null, subject: '', text: '', channel: '', to: '' };
