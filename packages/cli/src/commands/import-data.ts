import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ImportStatus, RowState } from '@caruso/data-exchange/contract';
import { type DataSession, openData } from '../data-session.js';
import { fileMissing, mappingUnreadable } from '../errors.js';
import { ExitCode } from '../exit-code.js';
import type { Io } from '../io.js';
import { plural } from '../report.js';
import type { Invocation } from './command.js';

export interface ImportDataOptions {
  folder?: string;
  object?: string;
  map?: string[];
  saved?: string;
  saveAs?: string;
  match?: string;
  found?: 'update' | 'skip';
  duplicates?: 'skip' | 'update' | 'create';
  check?: boolean;
  undo?: string;
}

interface Row {
  line: number;
  state: RowState;
  problems: { column: string | null; message: string }[];
}

/** Faults that are shown; the screen has them all. */
const MOST_SHOWN = 20;
const TELLING: RowState[] = ['faulty', 'refused', 'left', 'same', 'perhaps', 'skipped'];

/** `caruso import-data`: reads a file into business objects, tries that only, or takes an import back. */
export async function importData(
  { io, json }: Invocation,
  file: string | undefined,
  options: ImportDataOptions,
): Promise<number> {
  const session = await openData(io, options.folder ?? '.');
  try {
    const status =
      options.undo === undefined ? await read(session, io, file, options) : await undo(session, options.undo);
    const input = { import: status.import, states: TELLING, limit: MOST_SHOWN };
    const { rows } = await session.call<{ rows: Row[] }>('imports.rows', input);
    if (json) io.out(JSON.stringify({ ...status, rows, total: status.rows }));
    else show(io, status, rows);
    const { faulty = 0, refused = 0, left = 0 } = status.counts;
    const bad = options.undo === undefined ? faulty + refused : left;
    return status.state === 'unreadable' || bad > 0 ? ExitCode.faults : ExitCode.well;
  } finally {
    await session.close();
  }
}

async function read(
  session: DataSession,
  io: Io,
  file: string | undefined,
  options: ImportDataOptions,
): Promise<ImportStatus> {
  const path = file === undefined ? undefined : resolve(io.cwd, file);
  if (path === undefined || options.object === undefined || !existsSync(path)) throw fileMissing(file);
  const sent = await session.send(options.object, path);
  const { import: id } = sent;
  const known = await ended(session, sent);
  if (known.state === 'unreadable') return known;
  const mapping = { ...known.mapping, ...mappingOf(options.map ?? []) };
  const { match, found, duplicates, saved, saveAs } = options;
  await session.call('imports.map', {
    import: id,
    ...(saved === undefined ? { mapping } : { saved }),
    ...(saveAs === undefined ? {} : { saveAs }),
    options: {
      ...(match === undefined ? {} : { match: match.split(',').map((each) => each.trim()) }),
      ...(found === undefined ? {} : { found }),
      ...(duplicates === undefined ? {} : { duplicates }),
    },
  });
  const method = options.check === true ? 'imports.check' : 'imports.run';
  return ended(session, await session.call<ImportStatus>(method, { import: id }), io);
}

async function undo(session: DataSession, id: string): Promise<ImportStatus> {
  return ended(session, await session.call<ImportStatus>('imports.undo', { import: id }));
}

/** `Column=attribute`, or `Column=customer.email` for a reference that is looked up. */
function mappingOf(entries: readonly string[]): Record<string, { attribute: string; by?: string }> {
  return Object.fromEntries(
    entries.map((entry) => {
      const [, column, attribute, by] = /^(.+)=(\w+)(?:\.(\w+))?$/.exec(entry) ?? [];
      if (column === undefined || attribute === undefined) throw mappingUnreadable(entry);
      return [column.trim(), by === undefined ? { attribute } : { attribute, by }];
    }),
  );
}

async function ended(session: DataSession, begun: ImportStatus, io?: Io): Promise<ImportStatus> {
  let status = begun;
  for (let told = 0; ['reading', 'checking', 'running', 'undoing'].includes(status.state); ) {
    await new Promise((go) => setTimeout(go, 100));
    status = await session.call<ImportStatus>('imports.status', { import: begun.import });
    const tenth = Math.floor((10 * status.settled) / Math.max(1, status.rows));
    if (tenth > told && io !== undefined) io.err(`${status.settled} of ${plural(status.rows, 'row')}`);
    told = Math.max(told, tenth);
  }
  return status;
}

function show(io: Io, status: ImportStatus, rows: readonly Row[]): void {
  for (const { line, state, problems } of rows) {
    const what = problems.map(({ column, message }) => (column === null ? message : `${column}: ${message}`));
    io.out(`${status.fileName}:${line} ${state}${what.length === 0 ? '' : `: ${what.join('; ')}`}`);
  }
  const counts = Object.entries(status.counts).filter(([, count]) => count > 0);
  io.out(
    `import ${status.import} is ${status.state}: ${counts.map(([state, count]) => `${count} ${state}`).join(', ') || 'no rows'}`,
  );
  if (status.problem !== null) io.out(status.problem);
  if (status.state === 'done') io.out(`Take it back with: caruso import-data --undo ${status.import}`);
}
