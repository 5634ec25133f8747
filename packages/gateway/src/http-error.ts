import type { Log } from '@caruso/service-manager/contract';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { errorAnswer } from './error-body.js';
import { bodyTooLarge, mediaTypeRefused, requestBroken } from './errors.js';
import { BODY_LIMIT } from './json-body.js';

/** Sends an error as ErrorBody, and logs what nobody foresaw. */
export function sendError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  staff: boolean,
  log: Log,
): FastifyReply {
  const answer = errorAnswer(ofFastify(error), request.id, staff);
  if (answer.unexpected) {
    log.error({ request: request.id, method: request.method, url: request.url, err: error }, 'a request failed');
  }
  const wait = (answer.body.error.details as { retryAfter?: unknown } | undefined)?.retryAfter;
  if (typeof wait === 'number') reply.header('retry-after', wait);
  // The rest of such a body is read by nobody.
  if (answer.status === 413) reply.header('connection', 'close');
  return reply.code(answer.status).header('cache-control', 'no-store').type('application/json').send(answer.body);
}

/** Errors of the HTTP library in our words. */
function ofFastify(error: unknown): unknown {
  const { code, statusCode, message } = error as Partial<FastifyError>;
  if (typeof code !== 'string' || !code.startsWith('FST_')) return error;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return bodyTooLarge(BODY_LIMIT);
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return mediaTypeRefused();
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return requestBroken(message ?? code);
  return error;
}
