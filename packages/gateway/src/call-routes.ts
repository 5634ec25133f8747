import type { FastifyInstance } from 'fastify';
import type { Callers } from './caller.js';
import type { Calls } from './calls.js';
import { attachment } from './content-disposition.js';
import { bodyInvalid, routeUnknown } from './errors.js';

interface ReportFile {
  fileName: string;
  contentType: string;
  base64: string;
}

/** Every method of every service that may be called from outside, and files that a method makes. */
export function callRoutes(app: FastifyInstance, callers: Callers, calls: Calls): void {
  app.post<{ Params: { contract: string; method: string } }>('/api/call/:contract/:method', async (request, reply) => {
    const caller = await callers.of(request, reply);
    const { contract, method } = request.params;
    const output = await calls.call(caller, request, `${contract}.${method}`, request.body ?? {});
    // Sent as text: to the framework `null` is no answer.
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(output ?? null));
  });

  app.get<{ Params: { file: string }; Querystring: Record<string, string | string[] | undefined> }>(
    '/api/reports/:file',
    async (request, reply) => {
      const caller = await callers.of(request, reply);
      const [, report, format] = /^(.+)\.(csv|xlsx)$/.exec(request.params.file) ?? [];
      if (report === undefined) throw routeUnknown(request.method, request.url);
      const { from, to, every, ...other } = request.query;
      const [unknown] = Object.keys(other);
      if (unknown !== undefined) {
        throw bodyInvalid([{ path: unknown, message: 'is no parameter of a report; there are from, to, every' }]);
      }
      const period = Object.fromEntries(Object.entries({ from, to, every }).filter(([, value]) => value !== undefined));
      const input = { report, format, ...period };
      const file = (await calls.call(caller, request, 'reporting.export', input)) as ReportFile;
      return reply
        .header('content-disposition', attachment(file.fileName))
        .header('cache-control', 'no-store')
        .type(file.contentType)
        .send(Buffer.from(file.base64, 'base64'));
    },
  );
}
