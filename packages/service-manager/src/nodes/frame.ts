import { CarusoError, type ErrorInfo } from '../caruso-error.js';
import { callMalformed } from './errors.js';

/**
 * What nodes send each other: parcels of lines of JSON. All that is to go to one node at one moment goes in one, since a message costs the
 * server and both clients as much as several calls do. Without NATS headers, which cost more than all the rest of a call.
 *
 * - calls: a line that says whose they are, then two lines for each call, its head and its input;
 * - answers: two lines for each, whose answer it is and the answer.
 */

/** What is known of a call beside its input. */
export interface CallHead {
  id: string;
  /** Milliseconds left; clocks differ, so that a moment would mean nothing to the other end. */
  timeout: number | undefined;
  provider: string;
  contract: string;
  method: string;
  /** Who acts: a place in the parcel's list of actors. */
  actor: number;
  ancestors: readonly string[];
  trace: string | undefined;
}

export interface ReceivedParcel {
  /** Name and run of the caller's node. */
  from: string;
  /** The tokens of who acts, or their signatures where the other end should know them. See {@link PrincipalTokens}. */
  actors: readonly string[];
  /** As {@link encodeCall} gives them. */
  calls: readonly string[];
}

/** How many ancestors of a call travel; farther ones are forgotten. */
export const MAX_ANCESTORS = 32;

/** @param input JSON; undefined stands for no value */
export function encodeCall(head: CallHead, input: string | undefined): string {
  const { id, timeout, provider, contract, method, actor, ancestors, trace } = head;
  const parts: unknown[] = [id, timeout ?? null, provider, contract, method, actor];
  if (ancestors.length > 0 || trace !== undefined) parts.push(ancestors.slice(0, MAX_ANCESTORS));
  if (trace !== undefined) parts.push(trace);
  return `${JSON.stringify(parts)}\n${input ?? ''}`;
}

/** Throws CALL_MALFORMED. */
export function decodeCall(text: string): { head: CallHead; input: unknown } {
  const end = text.indexOf('\n');
  if (end < 0) throw callMalformed('it has no head');
  const parts = parse(text.slice(0, end));
  if (!Array.isArray(parts)) throw callMalformed('its head is no list');
  const [id, timeout, provider, contract, method, actor, ancestors = [], trace] = parts as unknown[];
  if (
    !isText(id) ||
    !isText(provider) ||
    !isText(contract) ||
    !isText(method) ||
    !(typeof actor === 'number' && Number.isInteger(actor)) ||
    !(timeout === null || (typeof timeout === 'number' && Number.isFinite(timeout))) ||
    !(Array.isArray(ancestors) && ancestors.length <= MAX_ANCESTORS && ancestors.every(isText)) ||
    !(trace === undefined || isText(trace))
  )
    throw callMalformed('its head has other fields than expected');
  const head = { id, timeout: timeout ?? undefined, provider, contract, method, actor, ancestors, trace };
  return { head, input: parseValue(text.slice(end + 1)) };
}

/** The first line of a parcel of calls, which says whose they are. */
export function encodeActors(from: string, actors: readonly string[]): string {
  return JSON.stringify([from, ...actors]);
}

/** Throws CALL_MALFORMED where the parcel is none; each call in it is decoded, and may be found malformed, for itself. */
export function decodeCalls(text: string): ReceivedParcel {
  const [head = '', ...lines] = text.split('\n');
  const parts = parse(head);
  if (!(Array.isArray(parts) && parts.length > 1 && parts.every(isText)))
    throw callMalformed('it does not say whose it is');
  if (lines.length === 0 || lines.length % 2 > 0) throw callMalformed('it does not have two lines for each call');
  const [from = '', ...actors] = parts;
  const calls = Array.from({ length: lines.length / 2 }, (_, n) => `${lines[2 * n]}\n${lines[2 * n + 1]}`);
  return { from, actors, calls };
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

/** The place of a call among all that one node sent: the number of its parcel, and which of the calls in it. */
export function callPlace(parcel: number | string, index: number): string {
  return `${parcel}.${index}`;
}

/** NaN for what is no place. */
export function readPlace(text: string): { parcel: number; index: number } {
  const dot = text.indexOf('.');
  return { parcel: Number(dot < 0 ? Number.NaN : text.slice(0, dot)), index: Number(text.slice(dot + 1)) };
}

/** @param answer as {@link encodeAnswer} or {@link encodeError} gives it */
export function encodeAnswerAt(place: string, answer: string): string {
  return `${place}\n${answer}`;
}

/** Hands each answer of a parcel to `take`; a line too many is passed over. */
export function decodeAnswers(text: string, take: (place: string, answer: string) => void): void {
  const lines = text.split('\n');
  for (let n = 0; n + 1 < lines.length; n += 2) take(lines[n] as string, lines[n + 1] as string);
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
