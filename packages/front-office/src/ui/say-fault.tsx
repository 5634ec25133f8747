import { Anchor, Group } from '@mantine/core';
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

/** How long (ms) something can be undone from the corner. */
const UNDOABLE = 12_000;

/** Says in a corner that something was done, with the way to undo it. */
export function sayUndoable(message: string, undo: string, onUndo: () => void): void {
  const id = notifications.show({
    color: 'green',
    autoClose: UNDOABLE,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <span className="breaking">{message}</span>
        <Anchor
          component="button"
          type="button"
          size="sm"
          fw={600}
          onClick={() => {
            notifications.hide(id);
            onUndo();
          }}
        >
          {undo}
        </Anchor>
      </Group>
    ),
  });
}
