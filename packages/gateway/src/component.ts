import type { AddressInfo } from 'node:net';
import { Attachments, type AttachmentsApi, Model } from '@caruso/business-objects/contract';
import { Exchange, type ExchangeApi } from '@caruso/data-exchange/contract';
import { defineComponent, need } from '@caruso/service-manager/contract';
import { Journal, Storage } from '@caruso/storage-manager/contract';
import { GatewayConfig } from './config.js';
import { Gateway, Users } from './contract.js';
import { attachmentsMissing, exchangeMissing, notListening, portTaken } from './errors.js';
import { Live } from './live.js';
import { Passwords } from './password.js';
import { createServer } from './server.js';
import { Sessions } from './sessions.js';
import { SignIn } from './sign-in.js';
import { ensureTables } from './tables.js';
import { UserStore } from './users.js';

const HOUR = 3_600_000;

/** HTTP and WebSocket, and the people who sign in there. */
export const gatewayComponent = defineComponent({
  provides: { gateway: Gateway, users: Users },
  version: '1.0.0',
  needs: {
    storage: need(Storage, '^1.0'),
    journal: need(Journal, '^1.0'),
    // Signing in and the service tree are there when the model is not.
    model: need(Model, '^1.0', { optional: true }),
    attachments: need(Attachments, '^1.0', { optional: true }),
    exchange: need(Exchange, '^1.0', { optional: true }),
  },
  config: GatewayConfig,
  async create({ needs, config, services, clock, ids, log, effect }) {
    const { storage, journal } = needs;
    await ensureTables(storage);
    const sessions = new Sessions(storage, clock, config.sessionHours * HOUR);
    const passwords = new Passwords();
    const onChange = (user: string, end: boolean) => sessions.changed(user, end);
    const users = new UserStore({ storage, journal, passwords, clock, onChange });
    const signIn = new SignIn({ storage, journal, clock, users, passwords, sessions });
    const live = new Live({
      journal,
      services,
      clock,
      limit: config.liveConnections,
      stillValid: async (session) => (await sessions.refresh(session)) !== undefined,
    });
    const modelVersion = (): number => {
      try {
        return needs.model.version();
      } catch {
        return -1;
      }
    };
    const exchange = (): ExchangeApi => {
      if (services.providers(Exchange.id).length === 0) throw exchangeMissing();
      return needs.exchange;
    };
    const attachments = (): AttachmentsApi => {
      if (services.providers(Attachments.id).length === 0) throw attachmentsMissing();
      return needs.attachments;
    };
    const app = await createServer({
      config,
      services,
      sessions,
      signIn,
      live,
      modelVersion,
      exchange,
      attachments,
      clock,
      ids,
      log,
    });
    effect('http', () => app.close());
    let url: string | undefined;

    return {
      handlers: {
        gateway: {
          address: () => {
            if (url === undefined) throw notListening();
            return { url };
          },
        },
        users: {
          define: (input) => users.define(input),
          list: async () => ({ users: await users.list() }),
        },
      },
      async started() {
        effect('live connections', await live.start());
        effect(
          'sessions that end',
          sessions.onEnd((ended) => live.end(ended)),
        );
        effect(
          'expired sessions',
          clock.every(HOUR, () => void purge()),
        );
        await purge();
        try {
          await app.listen({ port: config.port, host: config.host });
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw portTaken(config.host, config.port, error);
          throw error;
        }
        url = urlOf(app.server.address(), config.host);
        log.info({ url }, `listening on ${url}`);
      },
      inspect: () => ({ url: url ?? null, live: live.inspect() }),
    };

    async function purge(): Promise<void> {
      await sessions.purge().catch((error: unknown) => log.warn({ err: error }, 'expired sessions were not deleted'));
    }
  },
});

/** As a browser on this machine reaches it. */
function urlOf(address: AddressInfo | string | null, host: string): string {
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
