import { Readable } from 'node:stream';
import type { AttachmentsApi } from '@caruso/business-objects/contract';
import { withinCall } from '@caruso/service-manager/contract';
import type { FastifyInstance } from 'fastify';
import type { Callers } from './caller.js';
import { attachment } from './content-disposition.js';
import { bodyInvalid } from './errors.js';
import { drain, takeBytes } from './upload.js';

interface Record {
  object: string;
  key: string;
}

/**
 * Files of business objects as streams: `POST /api/attachments/Case/17?name=meter.jpg` with the bytes as its body, and
 * `GET /api/attachments/Case/17/<id>`. They are listed and removed by methods of `objects`.
 *
 * @param attachments throws where there are no business objects
 */
export async function attachmentRoutes(
  app: FastifyInstance,
  callers: Callers,
  attachments: () => AttachmentsApi,
): Promise<void> {
  await app.register(async (uploads) => {
    takeBytes(uploads);
    uploads.post<{ Params: Record; Querystring: { name?: string | string[] } }>(
      '/api/attachments/:object/:key',
      // The model has a limit of its own, which is told in its words.
      { bodyLimit: Number.MAX_SAFE_INTEGER },
      async (request, reply) => {
        const body = request.body instanceof Readable ? request.body : Readable.from([]);
        try {
          const caller = await callers.of(request, reply);
          const { name } = request.query;
          if (typeof name !== 'string') throw bodyInvalid([{ path: 'name', message: 'must be the name of the file' }]);
          const [type = ''] = (request.headers['content-type'] ?? 'application/octet-stream').split(';');
          const announced = Number(request.headers['content-length'] ?? 0);
          const file = { ...request.params, name, type: type.trim(), announced };
          const call = { id: request.id, principal: caller.principal };
          const attached = await withinCall(call, () => attachments().attach(file, body));
          const place = [file.object, file.key, attached.id].map(encodeURIComponent).join('/');
          return reply.code(201).header('location', `/api/attachments/${place}`).send(attached);
        } catch (error) {
          await drain(request.raw, reply);
          throw error;
        }
      },
    );
  });

  app.get<{ Params: Record & { attachment: string } }>(
    '/api/attachments/:object/:key/:attachment',
    async (request, reply) => {
      const caller = await callers.of(request, reply);
      const call = { id: request.id, principal: caller.principal };
      const { name, type, size, bytes } = await withinCall(call, () => attachments().open(request.params));
      // What somebody sent is handed over, never shown as a page of ours.
      reply
        .header('content-disposition', attachment(name))
        .header('content-security-policy', "default-src 'none'; sandbox");
      reply.header('cache-control', 'private, no-cache').header('content-length', size).type(type);
      return withinCall(call, () => reply.send(Readable.from(bytes, { objectMode: false })));
    },
  );
}
