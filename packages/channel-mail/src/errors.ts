import { CarusoError } from '@caruso/service-manager/contract';

export const errors = {
  noServer: (channel: string) =>
    new CarusoError({
      code: 'SMTP_NOT_CONFIGURED',
      message: `channel '${channel}' has no SMTP server to send mail through`,
      remedy: "give 'smtp' in the component's config, such as smtp://mail.example:587",
      status: 422,
    }),
  refused: (to: string, answer: string, cause: unknown) =>
    new CarusoError({
      code: 'MAIL_REFUSED',
      message: `the SMTP server refused the mail to '${to}': ${answer}`,
      remedy: 'check the address, or the sign-in of the SMTP server',
      status: 422,
      cause,
    }),
  unreachable: (server: string, reason: string, cause: unknown) =>
    new CarusoError({
      code: 'SMTP_UNREACHABLE',
      message: `the SMTP server at ${server} did not take the mail: ${reason}`,
      remedy: 'it is tried again; check that the server runs and can be reached',
      status: 503,
      cause,
    }),
  notAnAddress: (address: string) =>
    new CarusoError({
      code: 'MAIL_ADDRESS_INVALID',
      message: `'${address}' is not one mail address`,
      remedy: 'correct the address of the contact',
      status: 422,
    }),
};
