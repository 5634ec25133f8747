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
