import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Bytes of a refused file that are read away: a client that is still sending does not see an answer. */
const DRAIN_LIMIT = 16 * 1024 * 1024;

/** Bodies of these routes are handed on as streams, whatever they say they are. */
export function takeBytes(uploads: FastifyInstance): void {
  uploads.removeAllContentTypeParsers();
  uploads.addContentTypeParser('*', (_request: FastifyRequest, payload: IncomingMessage, done) => done(null, payload));
}

/** Reads on for a while what is not wanted, then lets the connection end. */
export async function drain(request: IncomingMessage, reply: FastifyReply): Promise<void> {
  reply.header('connection', 'close');
  const announced = Number(request.headers['content-length'] ?? 0);
  if (request.complete || request.destroyed || announced > DRAIN_LIMIT) return;
  let size = 0;
  request.removeAllListeners('data');
  await new Promise<void>((resolve) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > DRAIN_LIMIT) resolve();
    });
    request.once('end', resolve).once('close', resolve).resume();
  });
}
