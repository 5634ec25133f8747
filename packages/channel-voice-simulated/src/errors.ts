import { CarusoError } from '@caruso/service-manager/contract';

export const errors = {
  callUnknown: (interaction: string) =>
    new CarusoError({
      code: 'CALL_UNKNOWN',
      message: `there is no simulated call '${interaction}'`,
      remedy: 'see simulated-telephone.calls',
      status: 404,
    }),
  noText: () =>
    new CarusoError({
      code: 'DELIVERY_REFUSED',
      message: 'a telephone carries no text',
      remedy: 'say it, or leave a note for colleagues',
      status: 422,
    }),
};
