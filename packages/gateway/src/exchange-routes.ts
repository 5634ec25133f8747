import { Readable } from 'node:stream';
import { type ExchangeApi, type FileOut, Format, RowState } from '@caruso/data-exchange/contract';
import { withinCall } from '@caruso/service-manager/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Callers } from './caller.js';
import { attachment } from './content-disposition.js';
import { bodyInvalid, routeUnknown } from './errors.js';
import { drain, takeBytes } from './upload.js';

type Query = Record<string, string | string[] | undefined>;

/**
 * Files that come and go as streams: `POST /api/imports/Customer?file=customers.csv` with the bytes as its body, and
 * `GET /api/exports/Customer.csv?where=...`; rows of an import with what is said of them: `GET /api/imports/ID/rows.csv?states=faulty,refused`.
 * What happens with an import further is called by its methods.
 *
 * @param exchange throws where nobody imports or exports
 */
export async function exchangeRoutes(
  app: FastifyInstance,
  callers: Callers,
  exchange: () => ExchangeApi,
): Promise<void> {
  await app.register(async (uploads) => {
    takeBytes(uploads);

    uploads.post<{ Params: { object: string }; Querystring: Query }>(
      '/api/imports/:object',
      // The contract has a limit of its own, which is told in its words.
      { bodyLimit: Number.MAX_SAFE_INTEGER },
      async (request, reply) => {
        const body = request.body instanceof Readable ? request.body : Readable.from([]);
        try {
          const caller = await callers.of(request, reply);
          const { file, format, ...other } = request.query;
          const [unknown] = Object.keys(other);
          if (unknown !== undefined)
            throw bodyInvalid([{ path: unknown, message: 'is no parameter; there are file, format' }]);
          if (typeof file !== 'string') throw bodyInvalid([{ path: 'file', message: 'must be the name of the file' }]);
          const known = format === undefined ? undefined : Format.safeParse(format).data;
          if (format !== undefined && known === undefined)
            throw bodyInvalid([{ path: 'format', message: `must be one of ${Format.options.join(', ')}` }]);
          const api = exchange();
          const announced = Number(request.headers['content-length'] ?? 0);
          const call = { id: request.id, principal: caller.principal };
          const { object } = request.params;
          const status = await withinCall(call, () =>
            api.receive({ object, fileName: file, format: known, announced }, body),
          );
          return reply.code(202).header('location', `/api/objects/Import/${status.import}`).send(status);
        } catch (error) {
          await drain(request.raw, reply);
          throw error;
        }
      },
    );
  });

  const answer = async (
    request: FastifyRequest,
    reply: FastifyReply,
    file: () => Promise<FileOut>,
  ): Promise<FastifyReply> => {
    const caller = await callers.of(request, reply);
    const call = { id: request.id, principal: caller.principal };
    const { fileName, contentType, bytes } = await withinCall(call, file);
    // Each page is read with the rights of who asks, also after this handler has returned.
    const source = Readable.from(bytes, { objectMode: false });
    reply.header('content-disposition', attachment(fileName)).header('cache-control', 'no-store').type(contentType);
    return withinCall(call, () => reply.send(source));
  };

  app.get<{ Params: { import: string }; Querystring: Query }>('/api/imports/:import/rows.csv', (request, reply) => {
    const { states, ...other } = request.query;
    const [unknown] = Object.keys(other);
    if (unknown !== undefined) throw bodyInvalid([{ path: unknown, message: 'is no parameter; there is states' }]);
    const wanted =
      states === undefined ? undefined : RowState.array().safeParse([states].flat().join(',').split(',')).data;
    if (states !== undefined && wanted === undefined)
      throw bodyInvalid([{ path: 'states', message: `must be of ${RowState.options.join(', ')}` }]);
    return answer(request, reply, () => exchange().rows(request.params.import, wanted));
  });

  app.get<{ Params: { file: string }; Querystring: Query }>('/api/exports/:file', (request, reply) => {
    const [, object, ending] = /^(.+)\.([a-z]+)$/.exec(request.params.file) ?? [];
    const format = Format.safeParse(ending).data;
    if (object === undefined || format === undefined) throw routeUnknown(request.method, request.url);
    return answer(request, reply, () => exchange().export({ object, format, ...exportQuery(request.query) }));
  });
}

const lists = new Set(['columns', 'sort']);
const texts = new Set(['where', 'search']);

function exportQuery(query: Query): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === '') continue;
    const all = Array.isArray(value) ? value : [value];
    if (lists.has(name)) input[name] = all.flatMap((each) => each.split(',')).map((each) => each.trim());
    else if (texts.has(name) && all.length === 1) input[name] = all[0];
    else
      throw bodyInvalid([
        { path: name, message: 'is no parameter of an export; there are columns, where, search, sort' },
      ]);
  }
  return input;
}
