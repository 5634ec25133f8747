import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { Exchange, type ImportStatus } from '@caruso/data-exchange/contract';
import { actingAs, CarusoError, type ErrorInfo } from '@caruso/service-manager/contract';
import { askRunning, type ImportMethod, type RunFile, tellRunning, whoever } from './control.js';
import type { ExportAsked } from './control-files.js';
import type { Io } from './io.js';
import { openPart } from './partial-house.js';
import { openFrontOffice } from './places.js';

/** A front office as far as files go: the one that runs in the folder, else its data alone, opened for the length of a command. */
export interface DataSession {
  call<T>(method: ImportMethod, input: object): Promise<T>;
  send(object: string, file: string): Promise<ImportStatus>;
  export(query: ExportAsked): Promise<AsyncIterable<Uint8Array>>;
  close(): Promise<void>;
}

export async function openData(io: Io, path: string): Promise<DataSession> {
  const { folder } = openFrontOffice(io, path);
  const running = await askRunning(folder);
  if (running !== undefined) {
    const { run } = running;
    return {
      call: async <T>(method: ImportMethod, input: object) => (await tellRunning(folder, method, input)) as T,
      async send(object, file) {
        const body = Readable.toWeb(createReadStream(file)) as ReadableStream;
        const response = await ask(
          run,
          '/import',
          { object, fileName: basename(file) },
          { method: 'POST', body, duplex: 'half' },
        );
        return (await response.json()) as ImportStatus;
      },
      async export(query) {
        const { body } = await ask(run, '/export', query, {});
        return (body ?? new Blob([]).stream()) as unknown as AsyncIterable<Uint8Array>;
      },
      close: async () => {},
    };
  }
  return alone(io, path);
}

async function ask(
  run: RunFile,
  path: string,
  query: object,
  init: RequestInit & { duplex?: 'half' },
): Promise<Response> {
  const address = `${run.control}${path}?${encodeURIComponent(JSON.stringify(query))}`;
  const response = await fetch(address, { ...init, headers: { authorization: `Bearer ${run.token}` } });
  if (response.ok) return response;
  const { error } = (await response.json()) as { error?: ErrorInfo };
  throw new CarusoError(error ?? { code: 'INTERNAL', message: `the front office answered ${response.status}` });
}

/** What reading and writing business objects takes; nobody else of the front office is woken up. */
const NEEDED = ['storage', 'journal', 'objects', 'model', 'quality', 'matching', 'imports', 'exchange'];

async function alone(io: Io, path: string): Promise<DataSession> {
  const manager = await openPart(io, path, NEEDED);
  const exchange = manager.use(Exchange, '^1.0');
  const me = whoever();
  return {
    call: async <T>(method: ImportMethod, input: object) =>
      (await actingAs(me, () => manager.services.call(method, input))) as T,
    send: (object, file) =>
      actingAs(me, () => exchange.receive({ object, fileName: basename(file) }, createReadStream(file))),
    export: async (query) => {
      const { bytes } = await actingAs(me, () => exchange.export(query));
      // Each page is read when it is asked for, and then with the same rights.
      const pages = bytes[Symbol.asyncIterator]();
      return { [Symbol.asyncIterator]: () => ({ next: () => actingAs(me, () => pages.next()) }) };
    },
    close: () => manager.stop(),
  };
}
