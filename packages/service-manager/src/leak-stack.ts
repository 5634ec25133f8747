import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Frames that are kept; libraries put many between a component and a socket. */
const DEPTH = 30;

/**
 * Remembers where it is called from. The stack is turned into places only when it is read, which costs a hundred times as
 * much as keeping it.
 *
 * @param above the function whose callers are wanted
 * @returns gives `file:line:column` of each frame, the newest first; those of Node's own begin with `node:`
 */
export function captureStack(above: (...args: never[]) => unknown): () => readonly string[] {
  const holder: { stack?: unknown } = {};
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = DEPTH;
  Error.captureStackTrace(holder, above);
  Error.stackTraceLimit = limit;
  let frames: readonly string[] | undefined;
  return () => {
    frames ??= framesOf(holder);
    return frames;
  };
}

/** As the files run: whoever maps stacks to sources (a test runner, `--enable-source-maps`) guesses at what bundles are made of. */
function framesOf(holder: { stack?: unknown }): readonly string[] {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = (_error, sites) => sites;
  const { stack } = holder;
  Error.prepareStackTrace = prepareStackTrace;
  if (!Array.isArray(stack)) return [];
  return (stack as NodeJS.CallSite[]).flatMap((site) => {
    const file = site.getFileName();
    if (typeof file !== 'string') return [];
    return [
      `${file.startsWith('file:') ? fileURLToPath(file) : file}:${site.getLineNumber()}:${site.getColumnNumber()}`,
    ];
  });
}

/**
 * The frame's file, if it is the component's: within its origin; where that is not known, any file that is neither
 * Node's, nor a library's, nor of the service manager.
 */
export function ownFile(frame: string, origin: string | undefined): string | undefined {
  if (frame.startsWith('node:')) return undefined;
  const file = frame.replace(/:\d+:\d+$/, '');
  const inside =
    origin === undefined
      ? !file.includes(`${sep}node_modules${sep}`) && !ofServiceManager(file)
      : file === origin || (file.startsWith(origin + sep) && !file.includes(`${sep}node_modules${sep}`, origin.length));
  return inside ? file : undefined;
}

/** Where the newest of a component's own frames is, for people: `services/erp.ts:31`. */
export function placeOf(
  frames: readonly string[],
  origin: string | undefined,
  source: string | undefined,
): string | undefined {
  for (const frame of frames) {
    const file = ownFile(frame, origin);
    if (file === undefined) continue;
    const [line = 1, column = 1] = positionOf(frame).slice(1).split(':').map(Number);
    if (file !== origin) {
      const shown =
        origin === undefined ? relative(process.cwd(), file) : join(source ?? basename(origin), relative(origin, file));
      return `${shown}:${line}`;
    }
    const entry = mapped(file, line, column);
    // A bundle lies beside no source of its own; its map names them as seen from the component's file.
    const at =
      entry === undefined
        ? { file: basename(file), line }
        : { file: join(dirname(source ?? ''), entry.file), line: entry.line };
    return `${at.file}:${at.line}`;
  }
  return undefined;
}

function positionOf(frame: string): string {
  return /:\d+:\d+$/.exec(frame)?.[0] ?? '';
}

/** The place in the source that a place in a bundle was made of, after the map at the bundle's end. */
function mapped(file: string, line: number, column: number): { file: string; line: number } | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    const [, encoded] = /\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/.exec(text) ?? [];
    if (encoded === undefined) return undefined;
    const map = new SourceMap(
      JSON.parse(Buffer.from(encoded, 'base64').toString()) as ConstructorParameters<typeof SourceMap>[0],
    );
    const entry = map.findEntry(line - 1, column - 1);
    return 'originalSource' in entry ? { file: entry.originalSource, line: entry.originalLine + 1 } : undefined;
  } catch {
    // The bundle may have been pruned meanwhile.
    return undefined;
  }
}

const here = `${dirname(fileURLToPath(import.meta.url))}${sep}`;

/** The tests of this package lie among its files and are nobody's own. */
function ofServiceManager(file: string): boolean {
  return file.startsWith(here) && !file.includes('.test.');
}
