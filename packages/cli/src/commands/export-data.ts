import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Format } from '@caruso/data-exchange/contract';
import { openData } from '../data-session.js';
import { ExitCode } from '../exit-code.js';
import type { Invocation } from './command.js';

export interface ExportDataOptions {
  folder?: string;
  format?: Format;
  out?: string;
  columns?: string;
  where?: string;
  sort?: string;
}

/** `caruso export-data`: the records of an object as a file, or on standard output. */
export async function exportData(
  { io, json }: Invocation,
  object: string,
  options: ExportDataOptions,
): Promise<number> {
  const { columns, where, sort, out } = options;
  const list = (text: string) => text.split(',').map((each) => each.trim());
  const session = await openData(io, options.folder ?? '.');
  try {
    const bytes = await session.export({
      object,
      format: options.format ?? 'csv',
      ...(columns === undefined ? {} : { columns: list(columns) }),
      ...(where === undefined ? {} : { where }),
      ...(sort === undefined ? {} : { sort: list(sort) }),
    });
    if (out === undefined) {
      await pipeline(Readable.from(bytes, { objectMode: false }), onto(process.stdout));
      return ExitCode.well;
    }
    const path = resolve(io.cwd, out);
    await pipeline(Readable.from(bytes, { objectMode: false }), createWriteStream(path));
    io.out(json ? JSON.stringify({ file: path }) : `wrote ${out}`);
    return ExitCode.well;
  } finally {
    await session.close();
  }
}

/** Standard output stays open for whoever writes next. */
function onto(target: NodeJS.WritableStream): Writable {
  return new Writable({ write: (chunk: Buffer, _encoding, done) => void target.write(chunk, () => done()) });
}
