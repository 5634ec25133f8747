import { BusinessObjects, Model } from '@caruso/business-objects/contract';
import { defineComponent, need } from '@caruso/service-manager/contract';
import { Journal, Storage } from '@caruso/storage-manager/contract';
import { Webhooks } from './contract.js';
import { Deliverer } from './deliverer.js';
import { deliveryOf } from './delivery.js';
import { DeliveryBook, noneOf } from './delivery-book.js';
import { deliveryUnknown, webhookUnknown } from './errors.js';
import { shownAddress, type Webhook, WebhookSettings, webhooksOf } from './settings.js';

const HOUR = 3_600_000;
const BATCH = 200;

/** Other systems are told over HTTP what happened, within the rights of a role. */
export default defineComponent({
  provides: { webhooks: Webhooks },
  version: '1.0.0',
  needs: {
    storage: need(Storage, '^1.0'),
    journal: need(Journal, '^1.0'),
    model: need(Model, '^1.0'),
    objects: need(BusinessObjects, '^1.0'),
  },
  config: WebhookSettings,
  create({ needs, config: settings, clock, log, effect }) {
    const { storage, journal, objects } = needs;
    const webhooks = webhooksOf(settings);
    const book = new DeliveryBook(needs);
    const deliverer = new Deliverer({ webhooks, settings, storage, objects, book, clock, log });

    const follow = (webhook: Webhook) =>
      journal.consume(
        `webhook:${webhook.name}`,
        async (event) => {
          const delivery = deliveryOf(webhook.name, event, new Date(clock.now()).toISOString());
          if (delivery === undefined) return;
          await book.write('create', 'created', delivery);
          storage.afterCommit(() => deliverer.wake());
        },
        { types: [...webhook.on] },
      );

    /** Sends it again from the first pause on; the key and the message stay. */
    const revive = (id: string) =>
      storage.unitOfWork(async () => {
        await storage.lock(`webhook ${id}`);
        const delivery = await book.find(id);
        if (delivery === undefined) throw deliveryUnknown(id);
        if (delivery.state !== 'dead') return delivery.state;
        const dueAt = new Date(clock.now()).toISOString();
        await book.write('update', 'retried', { id, state: 'waiting', attempts: 0, dueAt, settledAt: null });
        storage.afterCommit(() => deliverer.wake());
        return 'waiting' as const;
      });

    const purge = async (): Promise<void> => {
      const before = new Date(clock.now() - settings.keepDays * 24 * HOUR).toISOString();
      const old = await book.old(before, BATCH);
      if (old.length === 0) return;
      await storage.unitOfWork(async () => {
        for (const { id } of old) await book.write('delete', 'purged', { id });
      });
    };

    return {
      handlers: {
        webhooks: {
          list: async () => {
            const counts = await book.counts();
            return {
              webhooks: webhooks.map(({ name, url, on, role }) => ({
                webhook: name,
                url: shownAddress(url),
                on: [...on],
                role,
                counts: counts.get(name) ?? noneOf(),
              })),
            };
          },
          retry: async ({ delivery }) => ({ state: await revive(delivery) }),
          retryAll: async ({ webhook }) => {
            const names = webhooks.map(({ name }) => name);
            if (!names.includes(webhook)) throw webhookUnknown(webhook, names);
            let retried = 0;
            for (let dead = await book.dead(webhook, BATCH); dead.length > 0; dead = await book.dead(webhook, BATCH)) {
              for (const { id } of dead) await revive(id);
              retried += dead.length;
            }
            return { retried };
          },
        },
      },
      async started() {
        if (webhooks.length === 0) return;
        effect('deliveries', () => deliverer.stop());
        for (const webhook of webhooks) effect(`webhook ${webhook.name}`, await follow(webhook));
        effect(
          'old deliveries',
          clock.every(HOUR, () => {
            purge().catch((error: unknown) => log.warn({ error: String(error) }, 'old deliveries were not deleted'));
          }),
        );
        // What waited when the last process ended.
        deliverer.wake();
      },
      inspect: () => ({
        webhooks: webhooks.map(({ name, url }) => `${name} -> ${shownAddress(url)}`),
        ...deliverer.inspect(),
      }),
    };
  },
});
