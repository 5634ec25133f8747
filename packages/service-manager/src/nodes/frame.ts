import { CarusoError, type ErrorInfo } from '../caruso-error.js';
import { callMalformed } from './errors.js';

/**
 * What nodes send each other: a line of JSON that says what it is, and a line that carries the value. One message without NATS headers:
 * those are made and taken apart one by one for each call, at more cost than all the rest of it.
 */

/** What is known of a call beside its input. */
export interface CallHead {
  id: string;
  /** Milliseconds left; clocks differ, so that a moment would mean nothing to the other end. */
  timeout: number | undefined;
  provider: string;
  contract: string;
  method: string;
  /** Names the token of who acts. See {@link PrincipalTokens}. */
  signature: string;
  /** The token itself, where the other end may not know it yet. */
  token: string | undefined;
  /** Name and run of the caller's node. */
  from: string;
  ancestors: readonly string[];
  trace: string | undefined;
}

/** How many ancestors of a call travel; farther ones are forgotten. */
export const MAX_ANCESTORS = 32;

/** @param input JSON; undefined stands for no value */
export function encodeCall(head: CallHead, input: string | undefined): string {
  const { id, timeout, provider, contract, method, signature, token, from, ancestors, trace } = head;
  const parts: unknown[] = [id, timeout ?? null, provider, contract, method, signature, from];
  if (ancestors.length > 0 || trace !== undefined || token !== undefined) parts.push(ancestors.slice(0, MAX_ANCESTORS));
  if (trace !== undefined || token !== undefined) parts.push(trace ?? null);
  if (token !== undefined) parts.push(token);
  return `${JSON.stringify(parts)}\n${input ?? ''}`;
}

/** Throws CALL_MALFORMED. */
export function decodeCall(text: string): { head: CallHead; input: unknown } {
  const end = text.indexOf('\n');
  if (end < 0) throw callMalformed('it has no head');
  const parts = parse(text.slice(0, end));
  if (!Array.isArray(parts)) throw callMalformed('its head is no list');
  const [id, timeout, provider, contract, method, signature, from, ancestors = [], trace = null, token] =
    parts as unknown[];
  if (
    !isText(id) ||
    !isText(provider) ||
    !isText(contract) ||
    !isText(method) ||
    !isText(signature) ||
    !isText(from) ||
    !(timeout === null || (typeof timeout === 'number' && Number.isFinite(timeout))) ||
    !(Array.isArray(ancestors) && ancestors.length <= MAX_ANCESTORS && ancestors.every(isText)) ||
    !(trace === null || isText(trace)) ||
    !(token === undefined || isText(token))
  )
    throw callMalformed('its head has other fields than expected');
  const head = {
    id,
    timeout: timeout ?? undefined,
    provider,
    contract,
    method,
    signature,
    token,
    from,
    ancestors,
    trace: trace ?? undefined,
  };
  return { head, input: parseValue(text.slice(end + 1)) };
}

/** @param value JSON; undefined stands for no value */
export function encodeAnswer(value: string | undefined): string {
  return `+${value ?? ''}`;
}

export function encodeError(error: ErrorInfo): string {
  return `-${errorText(error)}`;
}

/** An error as JSON; details that are not plain data stay behind. */
export function errorText(error: ErrorInfo): string {
  const { code, message, remedy, status, details } = error;
  try {
    return JSON.stringify({ code, message, remedy, status, details });
  } catch {
    return JSON.stringify({ code, message, remedy, status });
  }
}

/** Gives the answer's value, or throws the error that it carries. Throws CALL_MALFORMED for anything else. */
export function decodeAnswer(text: string): unknown {
  const sign = text[0];
  if (sign === '+') return parseValue(text.slice(1));
  if (sign !== '-') throw callMalformed('its answer is neither a value nor an error');
  const info = parse(text.slice(1)) as Partial<ErrorInfo> | null;
  if (!isText(info?.code) || !isText(info.message)) throw callMalformed('its error has no code and message');
  const { code, message, remedy, status, details } = info;
  throw new CarusoError({ code, message, remedy, status, details });
}

function parseValue(text: string): unknown {
  return text === '' ? undefined : parse(text);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw callMalformed('it is not JSON');
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
