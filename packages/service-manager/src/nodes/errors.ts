import { CarusoError, type ErrorInfo } from '../caruso-error.js';
import { messageOf } from '../errors.js';

const RESTART = 'see whether it still runs, and what its log says';

/** It was surely not delivered. */
export function nodeUnreachable(method: string, node: string, why: string): CarusoError {
  return new CarusoError({
    code: 'NODE_UNREACHABLE',
    message: `${method} did not reach node '${node}': ${why}`,
    remedy: RESTART,
    status: 503,
    details: { method, node, delivered: false },
  });
}

/** It was sent, and nobody will ever know more. */
export function nodeLost(method: string, node: string, why: string): CarusoError {
  return new CarusoError({
    code: 'NODE_LOST',
    message: `${method} was sent to node '${node}', which was lost before it answered: ${why}`,
    remedy: 'call again; if the method is not idempotent, see first whether it took effect',
    status: 503,
    details: { method, node, delivered: null },
  });
}

export function nodeNotTrusted(who: string, why: string): CarusoError {
  return new CarusoError({
    code: 'NODE_NOT_TRUSTED',
    message: `${who} is not trusted: ${why}`,
    remedy: 'give every node of the cluster the same secret, and machines the same time',
    status: 403,
  });
}

/** Never reaches a caller: the node that called sends the token then. */
export const TOKEN_UNKNOWN = 'TOKEN_UNKNOWN';

export function tokenUnknown(): CarusoError {
  return new CarusoError({ code: TOKEN_UNKNOWN, message: 'This node does not know who acts; send the token again' });
}

export function nodeNameTaken(node: string, where: string): CarusoError {
  return new CarusoError({
    code: 'NODE_NAME_TAKEN',
    message: `A node named '${node}' runs already: ${where}`,
    remedy: 'stop that one, or give this one another name (--node)',
    status: 409,
  });
}

/** @param size in bytes, as is `limit` */
export function callTooLarge(method: string, what: 'call' | 'answer', size: number, limit: number): CarusoError {
  return new CarusoError({
    code: 'CALL_TOO_LARGE',
    message: `The ${what} of ${method} has ${size} bytes, the NATS server takes ${limit} at most`,
    remedy: 'send less at once (pages, parts), or raise max_payload of the NATS server',
    status: 413,
    details: { method, size, limit },
  });
}

export function notPlainData(method: string, what: 'input' | 'answer', where: string): CarusoError {
  return new CarusoError({
    code: 'NOT_PLAIN_DATA',
    message: `The ${what} of ${method} cannot travel to another node: ${where}`,
    remedy: 'use texts, numbers, truth values, lists and plain objects in remote contracts',
    details: { method },
  });
}

export function callMalformed(why: string): CarusoError {
  return new CarusoError({
    code: 'CALL_MALFORMED',
    message: `A call from another node cannot be read: ${why}`,
    remedy: 'run the same version of Caruso on every node',
    status: 400,
  });
}

export function callRepeated(method: string, id: string): CarusoError {
  return new CarusoError({
    code: 'CALL_REPEATED',
    message: `The call ${id} of ${method} was answered already, and its answer was too large to be kept`,
    remedy: 'see whether it took effect; a new call needs an id of its own',
    status: 409,
    details: { method, id },
  });
}

/** What a component threw that is no error of Caruso. */
export function componentFault(method: string, provider: string, error: unknown): ErrorInfo {
  return {
    code: 'COMPONENT_FAULT',
    message: messageOf(error),
    remedy: `see the log of '${provider}'`,
    status: 500,
    details: { method, provider },
  };
}
