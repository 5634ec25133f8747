import { Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconClock } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Outgoing } from '../client/outbox.js';
import { discard, retry } from '../client/outbox-store.js';
import { StateBadge } from '../ui/StateBadge.js';

/** A message that has not reached the server: it waits, or was refused and is kept with its text. */
export function OutgoingItem({ message }: { message: Outgoing }): ReactElement {
  const { t } = useTranslation();
  const { messageId, text, note, refusal } = message;
  return (
    <li className="message" data-from={note ? 'note' : 'agent'}>
      <div className="message-meta">
        {refusal === null ? (
          <StateBadge tone="waiting" sign={IconClock}>
            {t('desktop.sending')}
          </StateBadge>
        ) : (
          <StateBadge tone="late" sign={IconAlertTriangle}>
            {t('desktop.notSent')}
          </StateBadge>
        )}
      </div>
      <div className="message-text">{text}</div>
      {refusal !== null && (
        <Group gap="xs" mt={4} role="alert">
          <Text size="xs">{refusal}</Text>
          <Button size="compact-xs" variant="default" onClick={() => retry(messageId)}>
            {t('fault.again')}
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => discard(messageId)}>
            {t('desktop.discard')}
          </Button>
        </Group>
      )}
    </li>
  );
}
