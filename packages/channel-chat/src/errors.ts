import { CarusoError } from '@caruso/service-manager/contract';

export const errors = {
  /** Also for the conversation of another visitor: that it exists is nobody else's business. */
  chatUnknown: (interaction: string) =>
    new CarusoError({
      code: 'CHAT_UNKNOWN',
      message: `there is no conversation '${interaction}' of yours`,
      remedy: 'open one with chat.open',
      status: 404,
    }),
  chatEnded: (interaction: string) =>
    new CarusoError({
      code: 'CHAT_ENDED',
      message: `conversation '${interaction}' has ended`,
      remedy: 'open a new one with chat.open',
      status: 409,
    }),
};
