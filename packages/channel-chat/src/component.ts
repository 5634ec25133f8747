import { Channel, Communication, type Interaction } from '@caruso/communication-server/contract';
import { Scripts } from '@caruso/script-engine/contract';
import { type Call, defineComponent, need } from '@caruso/service-manager/contract';
import { z } from 'zod';
import { Bot } from './bot.js';
import { Chat, type ChatView } from './contract.js';
import { errors } from './errors.js';

/** States in which the customer can still say something. */
const open: ReadonlySet<Interaction['state']> = new Set(['new', 'ivr', 'queued', 'offered', 'active', 'held']);

/** Chat from the customer's browser. The visitor's id is the contact address, so that a conversation is found again after a reload. */
export default defineComponent({
  provides: { chat: Chat, channel: Channel },
  version: '1.0.0',
  needs: { communication: need(Communication, '^1.1'), scripts: need(Scripts, '^1.0', { optional: true }) },
  config: z.strictObject({ label: z.string().default('Chat') }),
  create({ name: channel, needs: { communication, scripts }, services, config, clock, log, effect }) {
    const bot = new Bot({ channel, communication, scripts, clock, log });
    effect('waiting for answers', () => bot.close());
    const isBotThere = () => services.providers(Scripts).length > 0;

    /** Openings that are under way, by visitor: two at once are one conversation. */
    const opening = new Map<string, Promise<unknown>>();

    async function view(interaction: string): Promise<ChatView> {
      const read = await communication.read({ interaction });
      return {
        interaction,
        state: read.interaction.state,
        agent: read.agentName,
        position: read.position,
        messages: read.messages.map(({ id, from, author, text, at }) => ({ id, from, author, text, at })),
      };
    }

    /** The visitor's own conversation, or CHAT_UNKNOWN. */
    async function own(interaction: string, call: Call): Promise<Interaction> {
      const found = await communication.get({ interaction });
      if (found === null || found.channel !== channel || found.contact.address !== call.principal.id) {
        throw errors.chatUnknown(interaction);
      }
      return found;
    }

    async function begin(
      input: {
        name: string;
        email?: string | undefined;
        language?: string | undefined;
        session?: string | undefined;
        text: string;
        messageId: string;
      },
      call: Call,
    ) {
      const address = call.principal.id;
      // Only the visitor's own: any other is not there.
      const handed = input.session === undefined ? undefined : await scripts.view({ session: input.session });
      const ongoing = await communication.ongoing({ channel, address });
      const received = await communication.receive({
        channel,
        messageId: input.messageId,
        contact: { address, name: input.name },
        subject: subjectOf(input.text),
        text: input.text,
        details: detailsOf(input),
        dialogs: isBotThere() ? await bot.dialogs() : [],
        ...(handed === undefined ? {} : { session: handed.session, queue: handed.handover?.queue ?? undefined }),
        ...(ongoing !== null && open.has(ongoing.state) ? { interaction: ongoing.id } : {}),
      });
      // A person goes on with a dialog of the visitor's, whoever led the conversation before.
      if (received.state === 'ivr' && handed !== undefined) await communication.enqueue({ interaction: received.id });
      else if (received.state === 'ivr') await bot.attend(received.id);
      return view(received.id);
    }

    return {
      handlers: {
        chat: {
          async open(input, call) {
            const visitor = call.principal.id;
            const before = opening.get(visitor) ?? Promise.resolve();
            const mine = before.then(
              () => begin(input, call),
              () => begin(input, call),
            );
            opening.set(visitor, mine);
            try {
              return await mine;
            } finally {
              if (opening.get(visitor) === mine) opening.delete(visitor);
            }
          },
          async current(_, call) {
            const concludedSince = new Date(clock.now() - 3_600_000).toISOString();
            const found = await communication.ongoing({ channel, address: call.principal.id, concludedSince });
            if (found?.state === 'ivr') await bot.attend(found.id);
            return found === null ? null : view(found.id);
          },
          async say({ interaction, text, messageId }, call) {
            const found = await own(interaction, call);
            if (!open.has(found.state)) throw errors.chatEnded(interaction);
            // Where the agent ends it at this very moment, the message begins a new conversation.
            const received = await communication.receive({
              channel,
              messageId,
              contact: found.contact,
              text,
              interaction,
            });
            if (received.state === 'ivr') await bot.attend(received.id);
            return view(received.id);
          },
          async leave({ interaction }, call) {
            const found = await own(interaction, call);
            await communication.leave({ interaction });
            if (found.state === 'ivr') await bot.left(found);
            return view(interaction);
          },
        },
        channel: {
          describe: () => ({ channel, label: config.label, simulated: false, live: true, address: null }),
          // The gateway tells the visitor's browser of each event of the conversation; there is nothing to push.
          send: () => ({ details: {} }),
          end: () => ({}),
        },
      },
      started: async () => {
        if (isBotThere()) await bot.recover();
      },
    };
  },
});

/** What the visitor says of itself, where it does. */
function detailsOf({ email, language }: { email?: string | undefined; language?: string | undefined }) {
  return { ...(email === undefined ? {} : { email }), ...(language === undefined ? {} : { language }) };
}

/** The first line of the first message stands for the conversation in lists. */
function subjectOf(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
