import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Exchange, Format } from '@caruso/data-exchange/contract';
import type { ServiceManager } from '@caruso/service-manager';
import { z } from 'zod';
import { errorJson } from './report.js';

const Import = z.strictObject({ object: z.string(), fileName: z.string() });
const Export = z.strictObject({
  object: z.string(),
  format: Format,
  columns: z.array(z.string()).optional(),
  where: z.string().optional(),
  sort: z.array(z.string()).optional(),
});
export type ExportAsked = z.infer<typeof Export>;

/** Files of `caruso import-data` and `caruso export-data`; false where the address is another. Who asks is the current call's principal. */
export async function filesOfControl(
  manager: ServiceManager,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const [path, query = ''] = (request.url ?? '').split('?');
  if (path !== '/import' && path !== '/export') return false;
  try {
    const asked: unknown = JSON.parse(decodeURIComponent(query));
    const exchange = manager.use(Exchange, '^1.0');
    if (path === '/import') {
      const status = await exchange.receive(Import.parse(asked), request);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(status));
    } else {
      const { bytes, contentType } = await exchange.export(Export.parse(asked));
      response.writeHead(200, { 'content-type': contentType });
      await pipeline(Readable.from(bytes, { objectMode: false }), response);
    }
  } catch (error) {
    if (response.headersSent) response.destroy();
    else response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(errorJson(error)));
    request.resume();
  }
  return true;
}
