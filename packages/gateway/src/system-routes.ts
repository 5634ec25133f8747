import type { Services } from '@caruso/service-manager/contract';
import type { FastifyInstance } from 'fastify';
import type { Callers } from './caller.js';
import type { OpenApiDocuments } from './open-api-documents.js';

/** What programs ask before they ask for anything else. */
export function systemRoutes(
  app: FastifyInstance,
  callers: Callers,
  services: Services,
  documents: OpenApiDocuments,
): void {
  app.get('/api/health', async (request, reply) => {
    const nodes = services.tree();
    const ill = nodes.filter(({ state }) => state !== 'active');
    const session = await callers.session(request);
    const names = session?.user.roles.includes('administrator')
      ? { waiting: ill.map(({ name, state, reason }) => ({ name, state, reason })) }
      : {};
    reply.header('cache-control', 'no-store');
    return {
      status: ill.length === 0 ? 'ok' : 'degraded',
      active: nodes.length - ill.length,
      of: nodes.length,
      ...names,
    };
  });

  app.get('/api/openapi.json', async (request, reply) => {
    const caller = await callers.of(request, reply);
    const text = await documents.of(caller, request);
    return reply.header('cache-control', 'private, no-cache').type('application/json; charset=utf-8').send(text);
  });
}
