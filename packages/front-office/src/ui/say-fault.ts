import { notifications } from '@mantine/notifications';
import i18next from 'i18next';
import { Fault } from '../client/fault.js';

/** Says in a corner what failed, for acts that have no place of their own for it. */
export function sayFault(error: unknown): void {
  const { code, message, remedy, serverAway } = Fault.from(error);
  notifications.show({
    color: 'red',
    title: serverAway ? i18next.t('fault.unreachable') : message,
    message: `${serverAway ? i18next.t('fault.unreachableText') : (remedy ?? '')} (${code})`,
    autoClose: 9000,
  });
}

/** Says in a corner that something was done. */
export function sayDone(message: string): void {
  notifications.show({ color: 'green', message, autoClose: 3500 });
}
