import type { Interaction, Message } from './contract.js';
import { type InteractionRow, toInteraction } from './interaction-row.js';
import { outboundOrigin, toMessage } from './message-row.js';
import type { Records } from './records.js';
import type { Routes } from './routes.js';
import { about, audienceOf, type Work } from './work.js';

/** What a channel does with a contact that a dialog script leads, before a person is there. */
export class Dialogs {
  constructor(readonly options: { records: Records; routes: Routes }) {}

  tell(
    id: string,
    {
      author,
      text,
      inReplyTo,
      session,
    }: { author: string; text: string; inReplyTo: string; session?: string | undefined },
  ): Promise<Message> {
    const { records } = this.options;
    return records.work(async (work) => {
      const origin = outboundOrigin(id, `re ${inReplyTo}`);
      const known = await records.messageFrom(origin);
      if (known !== null) return toMessage(known);
      const row = await work.interaction(id);
      const told = session === undefined ? row : await work.change(row, { scriptSession: session });
      return toMessage(await this.#say(work, told, { author, text }, origin, { inReplyTo }));
    });
  }

  /** In the queue the dialog names, else in that of the channel. A contact that a person has already is left there. */
  enqueue(id: string, wanted: string | undefined): Promise<Interaction> {
    const { records, routes } = this.options;
    return records.work(async (work) => {
      const row = await work.interaction(id);
      if (row.state !== 'ivr') return toInteraction(row);
      const { queue, route } = await routes.after(row, wanted);
      const queued = await work.advance(row, { kind: 'queue', route }, 'Interaction.queued', { dialog: row.script });
      const closed = routes.isOpen(queue) ? null : (routes.channel(row.channel)?.closed ?? null);
      if (closed !== null)
        await this.#say(work, queued, { author: queue.label, text: closed }, outboundOrigin(id, 'closed'));
      return toInteraction(await work.interaction(id));
    });
  }

  conclude(id: string, outcome: string): Promise<Interaction> {
    return this.options.records.work(async (work) => {
      const row = await work.interaction(id);
      if (row.state !== 'ivr') return toInteraction(row);
      return toInteraction(
        await work.advance(row, { kind: 'conclude', note: outcome }, 'Interaction.concluded', { outcome }),
      );
    });
  }

  async #say(
    work: Work,
    row: InteractionRow,
    said: { author: string; text: string },
    origin: string,
    details: Record<string, unknown> = {},
  ) {
    const { message } = await work.say(row, { from: 'machine', ...said, delivery: 'pending', origin, details });
    const data = { channel: row.channel, message: message.id };
    await work.journal('Message.written', about(row), data, audienceOf(row));
    return message;
  }
}
