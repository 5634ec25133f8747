import { type Clock, currentCall, type Principal } from '@caruso/service-manager/contract';
import { fits, load, weight } from './agent-row.js';
import type { Interaction, Message } from './contract.js';
import { lineUp } from './decide.js';
import { errors } from './errors.js';
import type { Floor } from './floor.js';
import { wrapUpEnd } from './intake.js';
import { holder, type InteractionRow, isWaiting, toInteraction } from './interaction-row.js';
import { outboundOrigin, toMessage } from './message-row.js';
import type { QueuePlan } from './queue-plan.js';
import type { Recognition, Reference } from './recognition.js';
import type { Records } from './records.js';
import type { Routes } from './routes.js';
import type { InteractionEvent } from './transition.js';
import { about, audienceOf, type Work } from './work.js';

/** How long an agent who let an offer go by is not asked again for the same contact, ms. */
export const passOverMs = 30_000;

export interface DeskOptions {
  records: Records;
  floor: Floor;
  routes: Routes;
  recognition: Recognition;
  plan: () => QueuePlan;
  clock: Clock;
}

/** What an agent does with the contacts on the desk. The caller is the agent; what is with another is refused with NOT_YOURS. */
export class Desk {
  readonly #options: DeskOptions;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  accept(id: string, token: number): Promise<Interaction> {
    const agent = caller().id;
    return this.#step(id, { kind: 'accept', agent, token }, 'Interaction.answered', { agent });
  }

  async decline(id: string, token: number): Promise<Interaction> {
    const agent = caller().id;
    return this.#options.records.work(async (work) => {
      const passUntil = new Date(Date.parse(work.now()) + passOverMs).toISOString();
      const row = await work.interaction(id);
      return toInteraction(
        await work.advance(row, { kind: 'decline', agent, token, passUntil }, 'Interaction.declined', { agent }),
      );
    });
  }

  /** Takes what waits: a contact by its id, or the next of a queue or of all the agent's queues. */
  async pull(wanted: { queue?: string | undefined; interaction?: string | undefined }): Promise<Interaction | null> {
    const agent = caller().id;
    if (wanted.interaction !== undefined) return this.#take(wanted.interaction, agent);
    if (wanted.queue !== undefined) this.#options.routes.queue(wanted.queue);
    for (const id of this.#next(agent, wanted.queue)) {
      try {
        return await this.#take(id, agent);
      } catch (error) {
        // Somebody else was faster: the next one, then.
        if (!(error instanceof Error && 'code' in error && error.code === 'TRANSITION_REFUSED')) throw error;
      }
    }
    return null;
  }

  async send(id: string, said: { text: string; note: boolean; messageId?: string | undefined }): Promise<Message> {
    const { id: agent, name } = caller();
    return this.#options.records.work(async (work) => {
      const row = await this.#own(work, id);
      const known =
        said.messageId === undefined
          ? null
          : await this.#options.records.messageFrom(outboundOrigin(id, said.messageId));
      if (known !== null) return toMessage(known);
      if (!said.note && row.state !== 'active') {
        throw errors.transitionRefused(id, row.state, 'send', ['active']);
      }
      const author = (await work.findAgent(agent))?.name ?? name;
      const { message } = await work.say(row, {
        from: said.note ? 'note' : 'agent',
        author,
        text: said.text,
        delivery: said.note ? 'sent' : 'pending',
        messageId: said.messageId,
      });
      const data = { channel: row.channel, message: message.id };
      // A customer is not even told that there is a note.
      if (said.note) await work.journal('Message.noted', about(row), data);
      else await work.journal('Message.written', about(row), data, audienceOf(row));
      return toMessage(message);
    });
  }

  hold(id: string): Promise<Interaction> {
    return this.#step(id, { kind: 'hold' }, 'Interaction.held');
  }

  resume(id: string): Promise<Interaction> {
    return this.#step(id, { kind: 'resume' }, 'Interaction.resumed');
  }

  async transfer(id: string, queue: string, note: string | undefined): Promise<Interaction> {
    const { routes, records } = this.#options;
    routes.queue(queue);
    const { id: agent, name } = caller();
    return records.work(async (work) => {
      let row = await this.#own(work, id);
      const route = await routes.onward(row, queue);
      if (note !== undefined && note.trim() !== '') {
        const author = (await work.findAgent(agent))?.name ?? name;
        const noted = await work.say(row, { from: 'note', author, text: note, delivery: 'sent' });
        await work.journal('Message.noted', about(row), { channel: row.channel, message: noted.message.id });
        row = noted.row;
      }
      const data = { from: row.queue, to: queue, agent };
      return toInteraction(await work.advance(row, { kind: 'transfer', route }, 'Interaction.transferred', data));
    });
  }

  async link(id: string, customer: Reference): Promise<Interaction> {
    if (!(await this.#options.recognition.exists(customer)))
      throw errors.customerUnknown(customer.object, customer.key);
    const changes = { customerObject: customer.object, customerKey: customer.key };
    return this.#note(id, changes, 'Interaction.linked', { customer });
  }

  attachScript(id: string, session: string): Promise<Interaction> {
    return this.#note(id, { scriptSession: session }, 'Interaction.scriptAttached', { session });
  }

  markRead(id: string): Promise<Interaction> {
    return this.#note(id, { unread: 0 }, 'Interaction.read');
  }

  async finish(id: string): Promise<Interaction> {
    return this.#options.records.work(async (work) => {
      const row = await this.#own(work, id);
      const wrapUpUntil = wrapUpEnd(this.#options.plan(), row, work.now());
      return toInteraction(
        await work.advance(row, { kind: 'finish', wrapUpUntil }, 'Interaction.finished', { by: 'agent' }),
      );
    });
  }

  async wrapUp(id: string, disposition: string, note: string | undefined): Promise<Interaction> {
    const { dispositions } = this.#options.plan();
    if (dispositions.length > 0 && !dispositions.includes(disposition)) {
      throw errors.dispositionUnknown(disposition, dispositions);
    }
    return this.#step(id, { kind: 'wrapUp', disposition, note: note ?? null }, 'Interaction.wrappedUp', {
      disposition,
    });
  }

  async #step(
    id: string,
    event: InteractionEvent,
    type: string,
    data: Record<string, unknown> = {},
  ): Promise<Interaction> {
    return this.#options.records.work(async (work) => {
      // An offer has its own proof of who may answer it: the token.
      const row = event.kind === 'accept' ? await work.interaction(id) : await this.#own(work, id);
      return toInteraction(await work.advance(row, event, type, data));
    });
  }

  /** A fact about an interaction that changes no state; nothing is written where it is known already. */
  async #note(
    id: string,
    changes: Partial<InteractionRow>,
    type: string,
    data: Record<string, unknown> = {},
  ): Promise<Interaction> {
    return this.#options.records.work(async (work) => {
      const row = await this.#own(work, id);
      const known = (Object.keys(changes) as (keyof InteractionRow)[]).every((key) => row[key] === changes[key]);
      if (known) return toInteraction(row);
      const after = await work.change(row, changes);
      await work.journal(type, about(after), { channel: after.channel, ...data });
      return toInteraction(after);
    });
  }

  async #take(id: string, agent: string): Promise<Interaction> {
    return this.#options.records.work(async (work) => {
      const row = await work.interaction(id);
      const taker = await work.agent(agent);
      if (isWaiting(row)) {
        const reserved = row.reservedFor === agent;
        if (!reserved && !taker.queues.includes(row.queue ?? '')) throw errors.notServed(agent, row.queue ?? '');
        if (row.reservedFor !== null && !reserved) throw errors.notYours(id, agent, row.reservedFor);
        const desk = (await work.workOf(agent)).filter((each) => each.id !== id).map((each) => each.channel);
        if (!fits(load(taker.capacity, desk), weight(taker.capacity, row.channel)))
          throw errors.noCapacity(agent, row.channel);
      }
      const data = { agent, pulled: true };
      return toInteraction(await work.advance(row, { kind: 'pull', agent }, 'Interaction.answered', data));
    });
  }

  /** Ids of what the agent may pull, first in line first. */
  #next(agent: string, queue: string | undefined): string[] {
    const { floor, plan, clock } = this.#options;
    const row = floor.agent(agent);
    if (row === undefined) throw errors.agentUnknown(agent);
    const queues = queue === undefined ? row.queues : [queue];
    const waiting = queues.flatMap((name) => floor.waitingIn(name));
    const free = waiting.filter((contact) => contact.reservedFor === null || contact.reservedFor === agent);
    return lineUp(free, plan().ageingMs, clock.now()).map((contact) => contact.id);
  }

  async #own(work: Work, id: string): Promise<InteractionRow> {
    const row = await work.interaction(id);
    const principal = caller();
    if (principal.kind === 'user' && holder(row) !== principal.id) throw errors.notYours(id, principal.id, holder(row));
    return row;
  }
}

/** Who acts. Scripts, policies and the system act for the front office; a user acts for himself. */
function caller(): Principal {
  return currentCall().principal;
}
