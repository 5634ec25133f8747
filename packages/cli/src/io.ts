import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import ora from 'ora';

/** Where a command reads and writes; a test gives its own. */
export interface Io {
  out(line: string): void;
  err(line: string): void;
  /** A person watches. */
  tty: boolean;
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  /** What is typed, line by line. */
  lines?(): AsyncIterable<string>;
  /** Told when the process is asked to end. */
  onStop(stop: () => void): () => void;
}

/** The process's own. */
export function processIo(stdout: Writable = process.stdout, stderr: Writable = process.stderr): Io {
  for (const stream of new Set([stdout, stderr])) stream.on('error', ignoreClosedPipe);
  return {
    out: (line) => void stdout.write(`${line}\n`),
    err: (line) => void stderr.write(`${line}\n`),
    tty: process.stdout.isTTY === true && process.stderr.isTTY === true,
    cwd: process.cwd(),
    env: process.env,
    lines: () => createInterface({ input: process.stdin }),
    onStop(stop) {
      process.on('SIGINT', stop);
      process.on('SIGTERM', stop);
      return () => {
        process.off('SIGINT', stop);
        process.off('SIGTERM', stop);
      };
    },
  };
}

/** Whoever read has read enough (`caruso check | head`): the command goes on to its end, so that nothing is left half done. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/**
 * Runs long work and shows it: a spinner while a person watches, else a plain line (on standard error, so that what is printed can be
 * piped on).
 */
export async function progress<T>(io: Io, text: string, work: () => Promise<T>): Promise<T> {
  if (!io.tty) {
    io.err(`${text} ...`);
    return work();
  }
  const spinner = ora({ text, discardStdin: false }).start();
  try {
    const result = await work();
    spinner.succeed();
    return result;
  } catch (error) {
    spinner.fail();
    throw error;
  }
}
