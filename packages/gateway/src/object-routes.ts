import type { BusinessObjects } from '@caruso/business-objects/contract';
import type { Client, ErrorInfo } from '@caruso/service-manager/contract';
import { CarusoError } from '@caruso/service-manager/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Caller, Callers } from './caller.js';
import type { Calls } from './calls.js';
import { bodyInvalid, recordUnknown, versionMissing } from './errors.js';
import { deletedOf, includeOf, listQuery } from './list-query.js';
import { parse } from './parse.js';

type Objects = Client<typeof BusinessObjects>;
type Answer<M extends keyof Objects> = Awaited<ReturnType<Objects[M]>>;
interface ObjectParams {
  object: string;
  key: string;
}
interface Relation extends ObjectParams {
  relation: string;
}
type Query = Record<string, string | string[] | undefined>;

/** `anyway`: stored although a record that is the same is there. */
const Values = z.strictObject({ values: z.record(z.string(), z.unknown()), anyway: z.boolean().optional() });

const Restoring = z.strictObject({ anyway: z.boolean().optional() });
/** Sensitive attributes whose clear values are asked for. */
const Revealing = z.strictObject({ attributes: z.array(z.string()) });

/** What a junction says beside the two it links. */
const LinkValues = z.strictObject({ values: z.record(z.string(), z.unknown()).optional() });
const Links = LinkValues.extend({ keys: z.array(z.string()).min(1).max(500) });

/** Each is checked by the contract. */
const Operations = z.strictObject({ operations: z.array(z.unknown()) });
/** Bytes of a body that holds many changes. */
const BULK_LIMIT = 4 * 1024 * 1024;

/** REST over business objects: the methods of `objects` with the addresses and headers of HTTP. */
export function objectRoutes(app: FastifyInstance, callers: Callers, calls: Calls): void {
  const call = <M extends keyof Objects>(
    caller: Caller,
    request: FastifyRequest,
    method: M,
    input: unknown,
  ): Promise<Answer<M>> => calls.call(caller, request, `objects.${method}`, input) as Promise<Answer<M>>;

  app.get<{ Params: { object: string }; Querystring: Query }>('/api/objects/:object', async (request, reply) => {
    const caller = await callers.of(request, reply);
    return call(caller, request, 'find', listQuery(request.params.object, request.query));
  });

  app.get<{ Params: ObjectParams; Querystring: Query }>('/api/objects/:object/:key', async (request, reply) => {
    const caller = await callers.of(request, reply);
    const { object, key } = request.params;
    const include = includeOf(request.query);
    const record = await call(caller, request, 'get', { object, key, ...include, ...deletedOf(request.query) });
    if (record === null) throw recordUnknown(object, key);
    const tag = etag(record.version);
    reply.header('etag', tag).header('cache-control', 'private, no-cache');
    // Related records have versions of their own, which the tag does not tell.
    if (include.include === undefined && request.headers['if-none-match'] === tag) return reply.code(304).send();
    return record;
  });

  app.get<{ Params: ObjectParams; Querystring: Query }>('/api/objects/:object/:key/history', async (request, reply) => {
    const caller = await callers.of(request, reply);
    const { limit } = request.query;
    const range = limit === undefined ? {} : { limit: Number(limit) };
    return call(caller, request, 'history', { ...request.params, ...range });
  });

  app.get<{ Params: Relation; Querystring: Query }>('/api/objects/:object/:key/:relation', async (request, reply) => {
    const caller = await callers.of(request, reply);
    const { object, key, relation } = request.params;
    const query = { ...listQuery(object, request.query), key, relation };
    const { kind, records, next } = await call(caller, request, 'related', query);
    if (kind === 'many') return { records, next };
    const [record] = records;
    if (record === undefined) throw recordUnknown(object, `${key}/${relation}`);
    reply.header('etag', etag(record.version));
    return record;
  });

  app.post<{ Params: Relation }>('/api/objects/:object/:key/:relation', async (request, reply) => {
    const caller = await callers.of(request, reply);
    const links = parse(Links, request.body);
    return conditional(caller, request, (version) =>
      call(caller, request, 'link', { ...request.params, ...links, ...version }),
    );
  });

  app.put<{ Params: Relation & { other: string } }>(
    '/api/objects/:object/:key/:relation/:other',
    async (request, reply) => {
      const caller = await callers.of(request, reply);
      const { other, ...place } = request.params;
      const { values } = parse(LinkValues, request.body ?? {});
      await conditional(caller, request, (version) =>
        call(caller, request, 'link', {
          ...place,
          keys: [other],
          ...version,
          ...(values === undefined ? {} : { values }),
        }),
      );
      return noContent(reply);
    },
  );

  app.delete<{ Params: Relation & { other: string } }>(
    '/api/objects/:object/:key/:relation/:other',
    async (request, reply) => {
      const caller = await callers.of(request, reply);
      const { other, ...place } = request.params;
      await conditional(caller, request, (version) =>
        call(caller, request, 'unlink', { ...place, keys: [other], ...version }),
      );
      return noContent(reply);
    },
  );

  app.post<{ Params: { object: string } }>(
    '/api/objects/:object/bulk',
    { bodyLimit: BULK_LIMIT },
    async (request, reply) => {
      const caller = await callers.of(request, reply);
      const { operations } = parse(Operations, request.body);
      return call(caller, request, 'bulk', { object: request.params.object, operations });
    },
  );

  app.post<{ Params: { object: string } }>('/api/objects/:object', async (request, reply) => {
    const caller = await callers.of(request, reply);
    const { object } = request.params;
    const body = parse(Values, request.body);
    const record = await call(caller, request, 'create', { object, ...body });
    reply.code(201).header('etag', etag(record.version));
    reply.header('location', `/api/objects/${encodeURIComponent(object)}/${encodeURIComponent(record.key)}`);
    return record;
  });

  app.patch<{ Params: ObjectParams }>('/api/objects/:object/:key', async (request, reply) => {
    const caller = await callers.of(request, reply);
    const { object, key } = request.params;
    if (request.headers['if-match'] === undefined) throw versionMissing();
    const body = parse(Values, request.body);
    const record = await conditional(caller, request, (version) =>
      call(caller, request, 'update', { object, key, ...body, ...version }),
    );
    reply.header('etag', etag(record.version));
    return record;
  });

  app.delete<{ Params: ObjectParams }>('/api/objects/:object/:key', async (request, reply) => {
    const caller = await callers.of(request, reply);
    const { object, key } = request.params;
    const { deleted } = await conditional(caller, request, (version) =>
      call(caller, request, 'delete', { object, key, ...version }),
    );
    if (!deleted) throw recordUnknown(object, key);
    return noContent(reply);
  });

  app.post<{ Params: ObjectParams }>('/api/objects/:object/:key/restore', async (request, reply) => {
    const caller = await callers.of(request, reply);
    const record = await call(caller, request, 'restore', {
      ...request.params,
      ...parse(Restoring, request.body ?? {}),
    });
    reply.header('etag', etag(record.version));
    return record;
  });

  app.post<{ Params: ObjectParams }>('/api/objects/:object/:key/reveal', async (request, reply) => {
    const caller = await callers.of(request, reply);
    reply.header('cache-control', 'no-store');
    return call(caller, request, 'reveal', { ...request.params, ...parse(Revealing, request.body) });
  });

  /** A change under `If-Match`: a conflict is 412 then, and shows the record as it is now. */
  async function conditional<T>(
    caller: Caller,
    request: FastifyRequest<{ Params: ObjectParams }>,
    change: (version: { version?: string }) => Promise<T>,
  ): Promise<T> {
    const version = ifMatch(request.headers['if-match']);
    try {
      return await change(version === undefined ? {} : { version });
    } catch (error) {
      const { code, message, remedy, details } = error as Partial<ErrorInfo>;
      if (code !== 'VERSION_CONFLICT' || version === undefined) throw error;
      const { object, key } = request.params;
      const current = await call(caller, request, 'get', { object, key });
      throw new CarusoError({
        code,
        message: message ?? '',
        remedy,
        status: 412,
        details: { ...(details as object | undefined), record: current },
        cause: error,
      });
    }
  }
}

function etag(version: string): string {
  return `"${version}"`;
}

/** The version that `If-Match` names; undefined where any will do. Throws INPUT_INVALID. */
function ifMatch(header: string | undefined): string | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const version = /^\s*"([^"]*)"\s*$/.exec(header)?.[1];
  if (version === undefined) throw bodyInvalid([{ path: 'If-Match', message: 'must be one ETag, as "12"' }]);
  return version;
}

function noContent(reply: FastifyReply): FastifyReply {
  return reply.code(204).send();
}
