import { CarusoError } from '@caruso/service-manager/contract';

/** An edit that cannot be made as it is meant. */
function refused(code: string, message: string, remedy: string): CarusoError {
  return new CarusoError({ code, message, remedy, status: 409 });
}

export function objectUnknown(object: string): CarusoError {
  return refused('MODELER_OBJECT_UNKNOWN', `the model has no object '${object}'`, 'read the model again');
}

export function memberUnknown(object: string, name: string): CarusoError {
  return refused('MODELER_MEMBER_UNKNOWN', `${object} has no '${name}'`, 'read the model again');
}

export function nameTaken(where: string, name: string): CarusoError {
  return refused('MODELER_NAME_TAKEN', `${where} has a '${name}' already`, 'choose another name');
}

export function objectInherited(object: string): CarusoError {
  return refused(
    'MODELER_OBJECT_INHERITED',
    `${object} comes from what this front office extends, and is only laid over here`,
    'take rights to it away instead, so that nobody sees it',
  );
}

export function orderInherited(object: string, name: string): CarusoError {
  return refused(
    'MODELER_ORDER_INHERITED',
    `the place of '${name}' in ${object} is that of what this front office extends`,
    'let screens name attributes in the order people want',
  );
}

export function spliceFailed(file: string, cause: unknown): CarusoError {
  return new CarusoError({
    code: 'MODELER_SPLICE',
    message: `${file} is written in a way that cannot be changed in place: ${cause instanceof Error ? cause.message : String(cause)}`,
    remedy: 'make the change in its text',
    status: 409,
    cause,
  });
}

export function lossUnnamed(statements: readonly string[]): CarusoError {
  return new CarusoError({
    code: 'MODELER_LOSS_UNNAMED',
    message: `this is to lose data that the plan does not lose: ${statements.join('; ')}`,
    remedy: 'look at the plan again',
    status: 409,
  });
}

export function notLive(cause: string): CarusoError {
  return new CarusoError({
    code: 'MODELER_NOT_LIVE',
    message: `the model could not be brought into effect (${cause}); its files are as they were`,
    remedy: 'see the log for what kept it from that, and try again',
    status: 500,
  });
}
