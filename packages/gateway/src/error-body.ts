import type { ErrorInfo } from '@caruso/service-manager/contract';
import type { z } from 'zod';
import type { ErrorBody } from './contract.js';

export interface ErrorAnswer {
  status: number;
  body: z.input<typeof ErrorBody>;
  /** Nobody foresaw it: it belongs into the log. */
  unexpected: boolean;
}

/**
 * What a client learns of an error. Errors of Caruso are meant for people and go out as they are, but for faults of the inside, of
 * which visitors learn the code alone; everything else is INTERNAL.
 *
 * @param staff whether a person who signed in asks
 */
export function errorAnswer(error: unknown, request: string, staff: boolean): ErrorAnswer {
  if (!isCarusoError(error)) {
    const message = 'Something went wrong inside the front office';
    const remedy = `the log tells more about request ${request}`;
    return { status: 500, body: { error: { code: 'INTERNAL', message, remedy, request } }, unexpected: true };
  }
  const status = error.status === undefined || error.status < 400 || error.status > 599 ? 500 : error.status;
  if (status >= 500 && !staff) {
    const message = 'This cannot be done at the moment';
    const remedy = 'try again in a few minutes';
    return { status, body: { error: { code: error.code, message, remedy, request } }, unexpected: status === 500 };
  }
  const { code, message, remedy, details } = error;
  return {
    status,
    body: {
      error: {
        code,
        message,
        ...(remedy === undefined ? {} : { remedy }),
        ...(details === undefined ? {} : { details }),
        request,
      },
    },
    unexpected: status === 500,
  };
}

/** By its form: a component bundled with packages of its own has another class of the same name. */
function isCarusoError(error: unknown): error is Error & ErrorInfo {
  return (
    error instanceof Error && error.name === 'CarusoError' && typeof (error as { code?: unknown }).code === 'string'
  );
}
