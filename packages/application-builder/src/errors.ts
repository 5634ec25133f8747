import { nearest } from '@caruso/declarations';
import { CarusoError } from '@caruso/service-manager/contract';

export function screenUnknown(screen: string, known: readonly string[]): CarusoError {
  const meant = nearest(screen, known);
  return new CarusoError({
    code: 'SCREEN_UNKNOWN',
    message: `There is no screen '${screen.slice(0, 100)}'`,
    remedy: meant === undefined ? 'choose one from the navigation' : `did you mean '${meant}'?`,
    status: 404,
  });
}

export function screenRefused(screen: string, who: string): CarusoError {
  return new CarusoError({
    code: 'SCREEN_REFUSED',
    message: `${who} may not see the screen '${screen}'`,
    remedy: 'ask an administrator for a role that may',
    status: 403,
  });
}

export function screenFaulty(screen: string, fault: string): CarusoError {
  return new CarusoError({
    code: 'SCREEN_FAULTY',
    message: `The screen '${screen}' is out of service, since its file has a fault: ${fault}`,
    remedy: 'correct the file; `caruso check` lists every fault',
    status: 503,
  });
}

export function keyMissing(screen: string): CarusoError {
  return new CarusoError({
    code: 'SCREEN_KEY_MISSING',
    message: `The screen '${screen}' shows one record, but no key says which`,
    remedy: 'give the key of the record',
    status: 400,
  });
}

export function recordMissing(object: string, key: string): CarusoError {
  return new CarusoError({
    code: 'RECORD_NOT_FOUND',
    message: `There is no ${object} '${key.slice(0, 200)}', or you may not see it`,
    remedy: 'check the key; list the records to see which there are',
    status: 404,
    details: { object, key },
  });
}
