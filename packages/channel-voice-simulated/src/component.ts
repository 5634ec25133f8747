import { Channel, Communication } from '@caruso/communication-server/contract';
import { defineComponent, need } from '@caruso/service-manager/contract';
import { z } from 'zod';
import { SimulatedTelephone } from './contract.js';
import { errors } from './errors.js';

/** A telephone that does not ring anywhere: it brings calls into the front office as a real one would, but carries no voice. */
export default defineComponent({
  provides: { telephone: SimulatedTelephone, channel: Channel },
  version: '1.0.0',
  needs: { communication: need(Communication, '^1.0') },
  config: z.strictObject({
    label: z.string().default('Telephone (simulated)'),
    number: z.string().nullable().default(null),
  }),
  create({ name: channel, needs: { communication }, config, ids }) {
    return {
      handlers: {
        telephone: {
          call({ number, name, queue }) {
            // Callers may withhold their number.
            const address = number.trim() === '' ? 'anonymous' : number.trim();
            return communication.receive({
              channel,
              messageId: ids.next(),
              contact: { address, name: name ?? null },
              subject: `Call from ${name ?? address}`,
              text: `Simulated call from ${address}`,
              details: { simulated: true },
              ...(queue === undefined ? {} : { queue }),
            });
          },
          async hangUp({ interaction }) {
            const found = await communication.get({ interaction });
            if (found?.channel !== channel) throw errors.callUnknown(interaction);
            return communication.leave({ interaction });
          },
          async calls() {
            const { interactions } = await communication.snapshot({});
            return { calls: interactions.filter((each) => each.channel === channel && each.state !== 'wrap-up') };
          },
        },
        channel: {
          describe: () => ({ channel, label: config.label, simulated: true, live: true, address: config.number }),
          send: () => {
            throw errors.noText();
          },
          end: () => ({}),
        },
      },
    };
  },
});
