import { CarusoError } from '@caruso/service-manager/contract';
import { type Fault, formatFault } from './fault.js';

/** Declarations that cannot be used; `details` are the faults. */
export function declarationsFaulty(what: string, faults: readonly Fault[]): CarusoError {
  const errors = faults.filter((fault) => fault.severity === 'error');
  const first = errors[0] === undefined ? '' : `: ${formatFault(errors[0])}`;
  const more = errors.length > 1 ? ` and ${errors.length - 1} more` : '';
  return new CarusoError({
    code: 'DECLARATIONS_FAULTY',
    message: `${what} cannot be used${first}${more}`,
    remedy: 'run caruso check and correct what it names',
    status: 422,
    details: errors,
  });
}

/** An edit of a file that somebody else has changed since it began. */
export function declarationStale(name: string): CarusoError {
  return new CarusoError({
    code: 'DECLARATION_STALE',
    message: `${name} was changed by somebody else since this edit of it began`,
    remedy: 'read it again and make the change once more',
    status: 409,
  });
}

/** An edit of a file that is no declaration. */
export function declarationNamed(name: string): CarusoError {
  return new CarusoError({
    code: 'DECLARATION_NAME',
    message: `'${name}' is not the name of a declaration that can be edited`,
    remedy: 'name a file of the front office, such as model/customer.yaml',
    status: 400,
  });
}

export function declarationUnwritable(name: string, cause: unknown): CarusoError {
  return new CarusoError({
    code: 'DECLARATION_UNWRITABLE',
    message: `${name} could not be written: ${cause instanceof Error ? cause.message : String(cause)}`,
    remedy: 'see that the front office may write into its own folder',
    status: 500,
    cause,
  });
}

export function declarationsFixed(): CarusoError {
  return new CarusoError({
    code: 'DECLARATIONS_FIXED',
    message: 'these declarations are in no folder that can be written',
    remedy: 'start the front office out of its folder',
    status: 409,
  });
}
