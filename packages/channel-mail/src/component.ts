import { Channel, Communication } from '@caruso/communication-server/contract';
import { defineComponent, need } from '@caruso/service-manager/contract';
import { Storage } from '@caruso/storage-manager/contract';
import { Inbound } from './inbound.js';
import { Listener } from './listener.js';
import { MailStore } from './mail-store.js';
import { Outbound } from './outbound.js';
import { MailSettings } from './settings.js';

/** Mail in over an SMTP listener, out over an SMTP server. */
export default defineComponent({
  provides: { channel: Channel },
  version: '1.0.0',
  needs: { communication: need(Communication, '^1.0'), storage: need(Storage, '^1.0') },
  config: MailSettings,
  async create({ name: channel, needs, config: settings, clock, ids, log, effect }) {
    const { communication, storage } = needs;
    const store = new MailStore(storage, channel);
    await store.prepare();
    const counts = { received: 0, sent: 0, failed: 0 };

    const inbound = new Inbound({ channel, settings, store, communication, clock, log });
    effect('mail processing', () => inbound.stop());
    const outbound = new Outbound(channel, settings, store, clock);
    effect('SMTP client', () => outbound.close());
    const listener = new Listener({
      settings,
      clock,
      ids,
      log,
      store: async (mail) => {
        await store.received(mail, new Date(clock.now()).toISOString());
        counts.received += 1;
        inbound.wake();
      },
    });
    effect('SMTP listener', () => listener.close());

    return {
      handlers: {
        channel: {
          describe: () => ({ channel, label: settings.label, simulated: false, live: false, address: settings.from }),
          async send(outgoing) {
            try {
              const sent = await outbound.send(outgoing);
              counts.sent += 1;
              return sent;
            } catch (error) {
              counts.failed += 1;
              throw error;
            }
          },
          // A mail thread has no end that a customer must be told of.
          end: () => ({}),
        },
      },
      async started() {
        if (settings.listen !== undefined) await listener.listen();
        // What was stored before a crash.
        inbound.wake();
      },
      health: () => listener.trouble ?? undefined,
      inspect: () => ({
        address: settings.from,
        listening: listener.address,
        ...(listener.trouble === null ? {} : { trouble: listener.trouble }),
        smtp: settings.smtp === undefined ? null : new URL(settings.smtp).host,
        ...counts,
      }),
    };
  },
});
