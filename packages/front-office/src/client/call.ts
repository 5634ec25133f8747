import type { Input, MethodName, Output } from './contracts.js';
import { Fault } from './fault.js';

/**
 * Calls a method of a service over HTTP, as the signed-in user or the visitor.
 *
 * @throws Fault with the code, message and remedy that the service gave; status 0 where nobody answered.
 * @example
 * const { records } = await call('objects.find', { object: 'Customer', search: 'jansen' });
 */
export function call<N extends MethodName>(method: N, input: Input<N>, signal?: AbortSignal): Promise<Output<N>> {
  // Texts of the front office's own are given in the language of who asks.
  const asked = method.startsWith('screens.')
    ? { ...(input as object), language: document.documentElement.lang }
    : input;
  return callByName(method, asked, signal) as Promise<Output<N>>;
}

/** Calls a method whose name only a declaration knows: a button or a block of a screen. */
export function callByName(method: string, input: unknown, signal?: AbortSignal): Promise<unknown> {
  const dot = method.lastIndexOf('.');
  const path = `/api/call/${encodeURIComponent(method.slice(0, dot))}/${encodeURIComponent(method.slice(dot + 1))}`;
  return request('POST', path, input, signal);
}

/** One HTTP request with a JSON body; gives the JSON of the answer, `undefined` for none. */
export async function request(
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<unknown> {
  const init: RequestInit = { method, credentials: 'same-origin', headers: { accept: 'application/json' } };
  if (body !== undefined) {
    init.headers = { accept: 'application/json', 'content-type': 'application/json' };
    init.body = JSON.stringify(body);
  }
  if (signal !== undefined) init.signal = signal;
  return answered(path, init);
}

/** Sends a file as it is; gives the JSON of the answer. */
export function upload(path: string, file: File, type = 'application/octet-stream'): Promise<unknown> {
  const headers = { accept: 'application/json', 'content-type': type };
  return answered(path, { method: 'POST', credentials: 'same-origin', headers, body: file });
}

async function answered(path: string, init: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Fault({ code: 'SERVER_UNREACHABLE', message: String(error), status: 0 });
  }
  const text = await response.text();
  if (response.ok) return text === '' ? undefined : JSON.parse(text);
  throw faultOf(response.status, text);
}

function faultOf(status: number, text: string): Fault {
  try {
    const { error } = JSON.parse(text) as { error: { code: string; message: string } };
    return new Fault({ ...error, status });
  } catch {
    return new Fault({ code: `HTTP_${status}`, message: text.slice(0, 300), status });
  }
}
