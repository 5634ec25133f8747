import fastifyWebsocket from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Caller, Callers } from './caller.js';
import { crossSiteRefused, upgradeNeeded } from './errors.js';
import { LIVE_PAYLOAD, type Live } from './live.js';
import { foreignSender } from './same-origin.js';

/** `WS /api/live`. */
export async function liveRoute(
  app: FastifyInstance,
  callers: Callers,
  live: Live,
  origins: readonly string[],
): Promise<void> {
  await app.register(fastifyWebsocket, {
    options: { maxPayload: LIVE_PAYLOAD },
    errorHandler: (_error, socket) => socket.terminate(),
  });
  const waiting = new WeakMap<FastifyRequest, Caller>();
  app.route({
    method: 'GET',
    url: '/api/live',
    preValidation: async (request, reply) => {
      if (!request.ws) throw upgradeNeeded();
      const { host, origin } = request.headers;
      const foreign = foreignSender({ host, origin, site: undefined }, origins);
      if (foreign !== undefined) throw crossSiteRefused(foreign);
      const caller = await callers.of(request, reply);
      live.admit(caller, request.ip);
      waiting.set(request, caller);
    },
    handler: () => {
      throw upgradeNeeded();
    },
    wsHandler: (socket, request) => {
      const caller = waiting.get(request);
      if (caller === undefined) socket.terminate();
      else live.add(socket, caller, request.ip);
    },
  });
}
