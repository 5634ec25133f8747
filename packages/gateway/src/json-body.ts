import type { Readable } from 'node:stream';
import { bodyNotJson, bodyTooDeep, bodyTooLarge, requestBroken } from './errors.js';
import { tooDeepAt } from './json-depth.js';
import { jsonFault } from './json-fault.js';

/** Bytes of a body, where its route says nothing else. */
export const BODY_LIMIT = 256 * 1024;
/** Levels of nesting. */
const DEPTH_LIMIT = 32;
/** What is too large is read to its end up to here: a client that is still sending does not see an answer. */
const DRAIN_LIMIT = 16 * 1024 * 1024;

const utf8 = new TextDecoder('utf-8', { fatal: true });
const suspicious = /_|\\u005f/i;

/**
 * Reads a body and parses it. Throws BODY_TOO_LARGE, BODY_TOO_DEEP or BODY_NOT_JSON. An empty body is undefined.
 *
 * @param limit bytes
 * @param announced bytes that the request says it has
 */
export async function readJson(stream: Readable, limit = BODY_LIMIT, announced = 0): Promise<unknown> {
  // What nobody would read to its end is refused before it arrives.
  if (announced > DRAIN_LIMIT) throw bodyTooLarge(limit);
  const bytes = await readBytes(stream, limit);
  if (bytes.length === 0) return undefined;
  return parseJson(textOf(bytes));
}

function parseJson(text: string): unknown {
  const deep = tooDeepAt(text, DEPTH_LIMIT);
  if (deep !== undefined) {
    const { line, column } = place(text, deep);
    throw bodyTooDeep(DEPTH_LIMIT, line, column);
  }
  let poisoned = false;
  try {
    // A key `__proto__` has no meaning here but to whoever hopes that the object is copied carelessly.
    const reviver = (key: string, value: unknown): unknown => {
      poisoned ||= key === '__proto__';
      return value;
    };
    const value: unknown = suspicious.test(text) ? JSON.parse(text, reviver) : JSON.parse(text);
    if (!poisoned) return value;
  } catch {
    const { offset, what } = jsonFault(text);
    const { line, column } = place(text, offset);
    throw bodyNotJson(what, line, column);
  }
  throw requestBroken("a key must not be named '__proto__'");
}

function textOf(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw bodyNotJson('it is not UTF-8', 1, 1);
  }
}

function readBytes(stream: Readable, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let length = 0;
    const finish = (outcome: () => void): void => {
      stream.off('data', onData).off('end', onEnd).off('error', onError).off('aborted', onAborted);
      outcome();
    };
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else chunks = [];
      if (length > DRAIN_LIMIT) finish(() => reject(bodyTooLarge(limit)));
    };
    const onEnd = (): void =>
      finish(() => (length > limit ? reject(bodyTooLarge(limit)) : resolve(Buffer.concat(chunks, length))));
    const onError = (): void => finish(() => reject(requestBroken('its body broke off')));
    const onAborted = onError;
    stream.on('data', onData).on('end', onEnd).on('error', onError).on('aborted', onAborted);
  });
}

function place(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}
