import { CarusoError } from '@caruso/service-manager/contract';

export function notSignedIn(): CarusoError {
  return new CarusoError({
    code: 'NOT_SIGNED_IN',
    message: 'The request belongs to no session, or to one that has ended',
    remedy: 'sign in',
    status: 401,
  });
}

/** The same for an unknown user, a wrong password and a user who is no longer active: nothing is to be learnt from it. */
export function signInRefused(): CarusoError {
  return new CarusoError({
    code: 'SIGN_IN_REFUSED',
    message: 'User name and password do not belong together',
    remedy: 'check both; an administrator can set a new password',
    status: 401,
  });
}

export function signInLimited(retryAfter: number): CarusoError {
  return new CarusoError({
    code: 'SIGN_IN_LIMITED',
    message: 'There were too many attempts to sign in',
    remedy: `try again in ${retryAfter} s`,
    status: 429,
    details: { retryAfter },
  });
}

export function signInBusy(): CarusoError {
  return new CarusoError({
    code: 'SIGN_IN_BUSY',
    message: 'Too many people are signing in at this moment',
    remedy: 'try again in a few seconds',
    status: 503,
    details: { retryAfter: 3 },
  });
}

export function passwordMissing(user: string): CarusoError {
  return new CarusoError({
    code: 'PASSWORD_MISSING',
    message: `'${user}' is a new user and needs a password`,
    remedy: 'give a password of 8 characters or more',
    status: 400,
    details: { issues: [{ path: 'password', message: 'is missing' }] },
  });
}

export function visitorsLimited(retryAfter: number): CarusoError {
  return new CarusoError({
    code: 'REQUESTS_LIMITED',
    message: 'There are too many requests from this address',
    remedy: `try again in ${retryAfter} s`,
    status: 429,
    details: { retryAfter },
  });
}

export function crossSiteRefused(from: string): CarusoError {
  return new CarusoError({
    code: 'CROSS_SITE_REFUSED',
    message: `A page of ${from} may not send this request`,
    remedy: "send it from the front office's own pages, or name the site in `origins` of the gateway's configuration",
    status: 403,
  });
}

export function bodyTooLarge(limit: number): CarusoError {
  return new CarusoError({
    code: 'BODY_TOO_LARGE',
    message: `The body of the request is larger than ${limit / 1024} kB`,
    remedy: 'send less at once',
    status: 413,
    details: { limit },
  });
}

export function bodyTooDeep(limit: number, line: number, column: number): CarusoError {
  return new CarusoError({
    code: 'BODY_TOO_DEEP',
    message: `The body is nested deeper than ${limit} levels at line ${line}, column ${column}`,
    remedy: 'flatten it',
    status: 400,
    details: { limit, line, column },
  });
}

export function bodyNotJson(what: string, line: number, column: number): CarusoError {
  return new CarusoError({
    code: 'BODY_NOT_JSON',
    message: `The body is not JSON: ${what} at line ${line}, column ${column}`,
    remedy: 'send JSON in UTF-8',
    status: 400,
    details: { line, column },
  });
}

export function bodyInvalid(issues: readonly { path: string; message: string }[]): CarusoError {
  return new CarusoError({
    code: 'INPUT_INVALID',
    message: `The request is invalid: ${issues.map(({ path, message }) => `${path}: ${message}`).join('; ')}`,
    remedy: '/api/openapi.json says what it takes',
    status: 400,
    details: { issues },
  });
}

export function mediaTypeRefused(): CarusoError {
  return new CarusoError({
    code: 'MEDIA_TYPE_REFUSED',
    message: 'The body is of a type that is not read here',
    remedy: 'send it as application/json',
    status: 415,
  });
}

export function requestBroken(reason: string): CarusoError {
  return new CarusoError({
    code: 'REQUEST_BROKEN',
    message: `The request cannot be understood: ${reason}`,
    remedy: 'correct the request',
    status: 400,
  });
}

export function routeUnknown(method: string, path: string): CarusoError {
  return new CarusoError({
    code: 'ROUTE_UNKNOWN',
    message: `There is no ${method} ${path.slice(0, 200)}`,
    remedy: '/api/openapi.json lists what there is',
    status: 404,
  });
}

export function fileUnknown(path: string): CarusoError {
  return new CarusoError({
    code: 'FILE_UNKNOWN',
    message: `There is no file ${path.slice(0, 200)}`,
    remedy: 'check the address; after an update reload the page',
    status: 404,
  });
}

export function webMissing(): CarusoError {
  return new CarusoError({
    code: 'WEB_APPLICATION_MISSING',
    message: 'This front office serves no web application',
    remedy:
      'build @caruso/front-office, or set `web` of the gateway to the folder that holds it; the API is under /api',
    status: 404,
  });
}

export function recordUnknown(object: string, key: string): CarusoError {
  return new CarusoError({
    code: 'RECORD_NOT_FOUND',
    message: `There is no ${object} '${key.slice(0, 200)}', or you may not see it`,
    remedy: 'check the key; list the records to see which there are',
    status: 404,
    details: { object, key },
  });
}

export function versionMissing(): CarusoError {
  return new CarusoError({
    code: 'VERSION_MISSING',
    message: 'The request does not say which version it is a change of',
    remedy: 'send the ETag of the record as If-Match, or If-Match: * to change whichever version there is',
    status: 428,
  });
}

export function upgradeNeeded(): CarusoError {
  return new CarusoError({
    code: 'UPGRADE_NEEDED',
    message: '/api/live is a WebSocket',
    remedy: 'connect with ws:// or wss://',
    status: 426,
  });
}

export function connectionsLimited(limit: number): CarusoError {
  return new CarusoError({
    code: 'CONNECTIONS_LIMITED',
    message: `There are ${limit} live connections already`,
    remedy: 'close some pages of the front office and try again',
    status: 429,
    details: { limit },
  });
}

export function notListening(): CarusoError {
  return new CarusoError({
    code: 'GATEWAY_NOT_LISTENING',
    message: 'The gateway does not listen yet',
    remedy: 'wait until it does; `caruso services` says what it waits for',
    status: 503,
  });
}

export function portTaken(host: string, port: number, cause: unknown): CarusoError {
  return new CarusoError({
    code: 'PORT_TAKEN',
    message: `The gateway cannot listen on ${host}:${port}: another program does`,
    remedy: 'stop that program, or choose another port',
    cause,
  });
}

export function exchangeMissing(): CarusoError {
  return new CarusoError({
    code: 'EXCHANGE_MISSING',
    message: 'No component of this front office imports or exports files',
    remedy: 'name one in caruso.yaml: exchange: { use: "@caruso/data-exchange" }',
    status: 404,
  });
}

export function attachmentsMissing(): CarusoError {
  return new CarusoError({
    code: 'ATTACHMENTS_MISSING',
    message: 'No component of this front office holds business objects',
    remedy: 'name one in caruso.yaml: objects: { use: "@caruso/business-objects" }',
    status: 404,
  });
}
