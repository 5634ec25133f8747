import type { Writable } from 'node:stream';
import { type DestinationStream, pino } from 'pino';
import type { Log } from './component-definition.js';

export interface LogOptions {
  level?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Lines for people instead of JSON. */
  pretty?: boolean;
  /** Where the lines go; standard output if absent. */
  destination?: Writable;
}

const LEVELS: Record<number, string> = { 20: 'debug', 30: 'info ', 40: 'warn ', 50: 'error' };

/**
 * A log on pino: JSON lines, or with `pretty` lines for a person at a terminal.
 *
 * @example
 * createLog({ level: 'info', pretty: process.stdout.isTTY }).info({ port: 8080 }, 'listening');
 */
export function createLog(options: LogOptions = {}): Log {
  const settings = { level: options.level ?? 'info', base: null };
  const plain = options.destination ?? process.stdout;
  const logger = options.pretty === true ? pino(settings, prettified(plain)) : pino(settings, plain);
  return {
    debug: (data, message) => logger.debug(data, message),
    info: (data, message) => logger.info(data, message),
    warn: (data, message) => logger.warn(data, message),
    error: (data, message) => logger.error(data, message),
  };
}

/** Unbuffered, so that the last words of a process that ends are not lost. */
function prettified(out: Writable): DestinationStream {
  return { write: (line) => void out.write(prettyLine(line)) };
}

/** `08:00:01 info  billing: listening  port=8080`, with the stack of an error below. */
function prettyLine(line: string): string {
  const { level, time, component, msg, err, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const clock = new Date(Number(time)).toISOString().slice(11, 19);
  const who = typeof component === 'string' ? `${component}: ` : '';
  const data = Object.entries(rest).map(([key, value]) => `  ${key}=${JSON.stringify(value)}`);
  const stack = (err as { stack?: string } | undefined)?.stack;
  const below = stack === undefined ? '' : `\n${stack.replaceAll(/^/gm, '    ')}`;
  return `${clock} ${LEVELS[Number(level)] ?? String(level)} ${who}${String(msg)}${data.join('')}${below}\n`;
}
