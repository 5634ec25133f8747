import type { Message } from '@caruso/communication-server/contract';
import { Text } from '@mantine/core';
import { IconAlertTriangle, IconClock, IconHeadset, IconNotes, IconRobot, IconUser } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/use-format.js';
import { StateBadge } from '../ui/StateBadge.js';

const signs = { customer: IconUser, agent: IconHeadset, machine: IconRobot, note: IconNotes } as const;

/** One utterance; who said it shows in place, sign and word, not in colour alone. */
export function MessageItem({ message }: { message: Message }): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const { from, author, text, at, delivery, details } = message;
  const Sign = signs[from];
  const subject = typeof details.subject === 'string' ? details.subject : undefined;
  return (
    <li className="message" data-from={from}>
      <div className="message-meta">
        <Sign size={13} aria-hidden />
        <span>
          {t(`desktop.from.${from}`)} · {author} ·{' '}
          <time dateTime={at} title={format.exact(at)}>
            {format.time(at)}
          </time>
        </span>
        {delivery === 'pending' && (
          <StateBadge tone="waiting" sign={IconClock}>
            {t('desktop.pending')}
          </StateBadge>
        )}
        {delivery === 'failed' && (
          <StateBadge tone="late" sign={IconAlertTriangle}>
            {t('desktop.undelivered')}
          </StateBadge>
        )}
      </div>
      <div className="message-text">
        {subject !== undefined && (
          <Text size="sm" fw={600} mb={4}>
            {subject}
          </Text>
        )}
        {text}
        {typeof details.error === 'string' && (
          <Text size="xs" mt={4} style={{ color: 'var(--caruso-late)' }}>
            {details.error}
          </Text>
        )}
      </div>
    </li>
  );
}
