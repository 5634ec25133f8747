import { CarusoError } from '@caruso/service-manager/contract';

export function wrapperNotServing(name: string, state: string, reason: string | undefined): CarusoError {
  return new CarusoError({
    code: 'WRAPPER_NOT_SERVING',
    message: `'${name}' is ${state}${reason === undefined ? '' : `: ${reason}`}`,
    remedy: 'give startWrapper what it needs under `needs`, and look what its create() throws',
  });
}
