import type { IncomingMessage } from 'node:http';
import type { AttachmentsApi } from '@caruso/business-objects/contract';
import type { ExchangeApi } from '@caruso/data-exchange/contract';
import type { Clock, Ids, Log, Services } from '@caruso/service-manager/contract';
import fastifyCookie from '@fastify/cookie';
import fastifyRateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { attachmentRoutes } from './attachment-routes.js';
import { callRoutes } from './call-routes.js';
import { Callers } from './caller.js';
import { Calls } from './calls.js';
import type { GatewayConfig } from './config.js';
import { crossSiteRefused } from './errors.js';
import { exchangeRoutes } from './exchange-routes.js';
import { sendError } from './http-error.js';
import { BODY_LIMIT, readJson } from './json-body.js';
import type { Live } from './live.js';
import { liveRoute } from './live-route.js';
import { objectRoutes } from './object-routes.js';
import { OpenApiDocuments } from './open-api-documents.js';
import { foreignSender } from './same-origin.js';
import { securityHeaders } from './security-headers.js';
import { sessionRoutes } from './session-routes.js';
import type { Sessions } from './sessions.js';
import type { SignIn } from './sign-in.js';
import { systemRoutes } from './system-routes.js';
import { serveWeb } from './web.js';

export interface ServerOptions {
  config: GatewayConfig;
  services: Services;
  /** Throws where nobody imports or exports. */
  exchange: () => ExchangeApi;
  attachments: () => AttachmentsApi;
  sessions: Sessions;
  signIn: SignIn;
  live: Live;
  /** Grows with each change of the model. */
  modelVersion: () => number;
  clock: Clock;
  ids: Ids;
  log: Log;
}

/** Milliseconds for the head of a request, and for a body of JSON, to arrive. */
const ARRIVAL = 30_000;
/** Milliseconds for a file to arrive. */
const FILE_ARRIVAL = 30 * 60_000;

/** Builds the HTTP server; it does not listen yet. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { config, services, sessions, clock, log } = options;
  const app = Fastify({
    logger: false,
    genReqId: () => options.ids.next(),
    bodyLimit: BODY_LIMIT,
    requestTimeout: FILE_ARRIVAL,
    connectionTimeout: 0,
    keepAliveTimeout: 65_000,
    trustProxy: config.behindProxy,
    routerOptions: { maxParamLength: 1000 },
    // A request that comes while the server closes is served; the connection then ends.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => {
      void sendError(error, request, reply, false, log);
    },
  });
  app.server.headersTimeout = ARRIVAL;
  const headers = securityHeaders(config.secureCookies);
  // Without promises, as they run for every request.
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers).header('x-request-id', request.id);
    if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return done();
    const { host, origin, 'sec-fetch-site': site } = request.headers;
    const sender = { host, origin, site: typeof site === 'string' ? site : undefined };
    const foreign = foreignSender(sender, config.origins);
    return foreign === undefined ? done() : done(crossSiteRefused(foreign));
  });
  await app.register(fastifyCookie);
  await app.register(fastifyRateLimit, { global: false });

  const ofVisitors = app.createRateLimit({ max: config.visitorRequests, timeWindow: 60_000 });
  const callers = new Callers({
    sessions,
    secure: config.secureCookies,
    limitVisitors: async (request) => {
      const limit = await ofVisitors(request);
      return limit.isAllowed || !limit.isExceeded ? undefined : limit.ttlInSeconds;
    },
  });
  app.setErrorHandler(async (error, request, reply) => {
    // Faults of the inside are told to staff alone; the session is most likely fresh from the request itself.
    const staff = await callers.session(request).then(
      (session) => session !== undefined,
      () => false,
    );
    return sendError(error, request, reply, staff, log);
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', (request: FastifyRequest, payload: IncomingMessage) => {
    const cancel = clock.after(ARRIVAL, () => payload.destroy(new Error('it takes too long to arrive')));
    const announced = Number(request.headers['content-length'] ?? 0);
    return readJson(payload, request.routeOptions.bodyLimit, announced).finally(cancel);
  });

  const calls = new Calls(services, clock);
  const documents = new OpenApiDocuments(services, calls, options.modelVersion);
  await liveRoute(app, callers, options.live, config.origins);
  sessionRoutes(app, callers, options.signIn);
  callRoutes(app, callers, calls);
  objectRoutes(app, callers, calls);
  await exchangeRoutes(app, callers, options.exchange);
  await attachmentRoutes(app, callers, options.attachments);
  systemRoutes(app, callers, services, documents);
  app.addHook('onSend', (request, reply, _payload, done) => {
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    done();
  });
  await serveWeb(app, config.web, callers, config.embeddedIn);
  return app;
}
