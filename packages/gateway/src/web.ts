import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Callers } from './caller.js';
import { fileUnknown, routeUnknown, webMissing } from './errors.js';
import { letEmbed } from './security-headers.js';

/** Where customers help themselves: the only page that others may show in a frame. */
const selfService = /^\/self-service(\/|\?|$)/;
/** What a company's own page loads to show self-service. */
const widget = 'widget.js';

/**
 * Serves the web application: its files, and its first page for every address of its own.
 *
 * @param embeddedIn origins whose pages may show self-service in a frame
 */
export async function serveWeb(
  app: FastifyInstance,
  folder: string | undefined,
  callers: Callers,
  embeddedIn: readonly string[],
): Promise<void> {
  const page = (request: FastifyRequest, reply: FastifyReply) => {
    const embeddable = embeddedIn.length > 0 && selfService.test(request.url);
    const { 'sec-fetch-dest': destination, 'sec-fetch-site': site } = request.headers;
    callers.greet(request, reply, embeddable && destination === 'iframe' && site === 'cross-site');
    if (embeddable) letEmbed(reply, embeddedIn);
    return reply.sendFile('index.html');
  };
  const web = folder !== undefined && existsSync(join(folder, 'index.html')) ? folder : undefined;
  if (web !== undefined) {
    await app.register(fastifyStatic, {
      root: web,
      index: false,
      redirect: false,
      dotfiles: 'ignore',
      preCompressed: true,
      // Set below: names of assets hold a hash of their content, those of other files do not.
      cacheControl: false,
      setHeaders: (reply, path) => {
        const hashed = path.includes(`${join(web, 'assets')}`);
        reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
        if (path === join(web, widget)) reply.header('cross-origin-resource-policy', 'cross-origin');
      },
    });
    app.get('/', page);
  }
  app.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => {
    const [path = '/'] = request.url.split('?');
    if (path === '/api' || path.startsWith('/api/')) throw routeUnknown(request.method, path);
    if (request.method !== 'GET' && request.method !== 'HEAD') throw routeUnknown(request.method, path);
    if (web === undefined) throw webMissing();
    // Keys of records may hold points; where the application has its screens there are no files.
    if (!path.startsWith('/screens/') && /\.[^/]*$/.test(path)) throw fileUnknown(path);
    return page(request, reply);
  });
}
