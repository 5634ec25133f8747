import type { Communication, Interaction, Message } from '@caruso/communication-server/contract';
import { promptOf, replyOf } from '@caruso/dialog-script';
import type { Scripts, View } from '@caruso/script-engine/contract';
import { actingAs, type Client, type Clock, type Log, type Principal } from '@caruso/service-manager/contract';

/** A customer who was asked again so often in a row and said nothing is gone. */
const longestSilence = 3;

interface BotParts {
  channel: string;
  communication: Client<typeof Communication>;
  scripts: Client<typeof Scripts>;
  clock: Clock;
  log: Log;
}

/**
 * Leads customers through the dialog script of the channel, in the words of the chat, until it ends or a person takes over. What a
 * customer said and has no answer yet is answered, whenever it is looked at: after a crash too, and once.
 */
export class Bot {
  readonly #parts: BotParts;
  /** What is under way, by interaction. */
  readonly #turns = new Map<string, Promise<void>>();
  /** Ways to stop waiting for an answer, by interaction. */
  readonly #waiting = new Map<string, () => void>();
  /** How often customers were asked again who said nothing, by interaction. */
  readonly #silences = new Map<string, number>();

  constructor(parts: BotParts) {
    this.#parts = parts;
  }

  /** Scripts it can lead a customer through. */
  async dialogs(): Promise<string[]> {
    const { scripts } = await this.#parts.scripts.list({ channel: 'chat' });
    return scripts.map(({ id }) => id);
  }

  /** Answers everything that was said and has no answer yet. */
  attend(interaction: string): Promise<void> {
    return this.#inTurn(interaction, async () => {
      const { communication } = this.#parts;
      const { interaction: contact, messages } = await communication.read({ interaction });
      if (contact.state !== 'ivr') return;
      const answered = new Set(messages.map(({ details }) => details['inReplyTo']));
      const open = messages.filter(({ id, from }) => from === 'customer' && !answered.has(id));
      if (open.length > 0) this.#rest(interaction);
      else if (this.#waiting.has(interaction)) return;
      await this.#guarded(contact, async () => {
        const { scriptSession: session } = contact;
        let view = session === null ? undefined : await this.#parts.scripts.view({ session, channel: 'chat' });
        for (const message of open) {
          if (view !== undefined && isOver(view)) break;
          view = view === undefined ? await this.#begin(contact, message) : await this.#reply(view, message);
          await this.#say(contact, view, message.id);
        }
        if (view !== undefined) await this.#settle(contact, view);
      });
    });
  }

  /** The customer went away: the dialog is told so. */
  async left({ id, scriptSession: session }: Interaction): Promise<void> {
    this.#rest(id);
    if (session === null) return;
    try {
      await this.#parts.scripts.signal({ session, messageId: `left ${id}`, event: 'hang-up' });
    } catch (error) {
      // It may have been at its end already.
      this.#parts.log.debug({ session, error }, 'a dialog was not told that the customer left');
    }
  }

  /** Takes up what was under way when the process stopped. */
  async recover(): Promise<void> {
    const { communication, channel } = this.#parts;
    for (const contact of (await communication.led({ channel })).interactions) {
      await actingAs(visitorOf(contact), () => this.attend(contact.id));
    }
  }

  close(): void {
    for (const interaction of this.#waiting.keys()) this.#rest(interaction);
  }

  /** The first message says that a customer is there; it answers no question yet. */
  #begin(contact: Interaction, { details }: Message): Promise<View> {
    const { scripts } = this.#parts;
    const { language } = details;
    return scripts.start({
      script: contact.script ?? '',
      channel: 'chat',
      interaction: contact.id,
      requestId: `chat ${contact.id}`,
      ...(typeof language === 'string' ? { language } : {}),
    });
  }

  #reply(view: View, message: Message): Promise<View> {
    const { scripts } = this.#parts;
    const to = { session: view.session, seq: view.seq, messageId: message.id };
    const reply = replyOf(view, message.text);
    if (reply.kind === 'answer') return scripts.answer({ ...to, answers: reply.answers });
    if (reply.kind === 'back') return scripts.back(to);
    return scripts.signal({ ...to, event: 'wants-human' });
  }

  async #say({ id: interaction }: Interaction, view: View, inReplyTo: string): Promise<void> {
    const { communication } = this.#parts;
    await communication.tell({
      interaction,
      session: view.session,
      author: view.title,
      text: promptOf(view),
      inReplyTo,
    });
  }

  /** Hands over, concludes, or waits for the next word. */
  async #settle(contact: Interaction, view: View): Promise<void> {
    const { communication, clock } = this.#parts;
    const { id: interaction } = contact;
    if (view.handover !== null) {
      const { queue } = view.handover;
      await communication.enqueue({ interaction, ...(queue === null ? {} : { queue }) });
    } else if (view.outcome !== null) await communication.conclude({ interaction, outcome: view.outcome });
    else if (view.step?.timeout !== undefined) {
      const stop = clock.after(view.step.timeout, () => void this.#silence(contact, view));
      this.#waiting.set(interaction, stop);
      return;
    }
    this.#rest(interaction);
  }

  async #silence(contact: Interaction, { session, seq }: View): Promise<void> {
    const silences = (this.#silences.get(contact.id) ?? 0) + 1;
    this.#silences.set(contact.id, silences);
    const messageId = `silence ${session} ${seq}`;
    await this.#inTurn(contact.id, () =>
      actingAs(visitorOf(contact), () =>
        this.#guarded(contact, async () => {
          if (silences > longestSilence) {
            await this.#parts.communication.leave({ interaction: contact.id });
            return this.left({ ...contact, scriptSession: session });
          }
          const view = await this.#parts.scripts.signal({ session, seq, messageId, event: 'time-out' });
          await this.#say(contact, view, messageId);
          await this.#settle(contact, view);
        }),
      ),
    ).catch((error: unknown) =>
      this.#parts.log.error({ session, error }, 'a silent customer could not be asked again'),
    );
  }

  /** Where the dialog cannot go on a person does. */
  async #guarded(contact: Interaction, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const { communication, log } = this.#parts;
      log.error(
        { interaction: contact.id, script: contact.script, error },
        'a dialog in a chat cannot go on: a person takes over',
      );
      await communication.enqueue({ interaction: contact.id });
    }
  }

  /** Stops waiting for a word. */
  #rest(interaction: string): void {
    this.#waiting.get(interaction)?.();
    this.#waiting.delete(interaction);
    this.#silences.delete(interaction);
  }

  async #inTurn(interaction: string, work: () => Promise<void>): Promise<void> {
    const before = this.#turns.get(interaction) ?? Promise.resolve();
    // What went wrong before was told to whoever asked for it.
    const mine = before.then(work, work);
    this.#turns.set(interaction, mine);
    try {
      await mine;
    } finally {
      if (this.#turns.get(interaction) === mine) this.#turns.delete(interaction);
    }
  }
}

function isOver({ handover, outcome }: View): boolean {
  return handover !== null || outcome !== null;
}

function visitorOf({ contact: { address, name } }: Interaction): Principal {
  return { kind: 'visitor', id: address, name: name ?? 'visitor', roles: ['public'] };
}
