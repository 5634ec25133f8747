import { Text } from '@mantine/core';
import { IconPhone, IconTestPipe } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../client/use-call.js';
import { Running } from '../ui/Running.js';
import { interactionTones, StateBadge } from '../ui/StateBadge.js';
import type { Contact } from './desk-news.js';

/** A call: how long, in which state, with which number, and whether it only pretends to be one. */
export function CallPanel({ contact }: { contact: Contact }): ReactElement {
  const { t } = useTranslation();
  const simulated = useCall('simulated-telephone.calls', {}).data?.calls.some(({ id }) => id === contact.id) === true;
  const { state, answeredAt, createdAt, contact: caller } = contact;
  return (
    <div className="call-panel">
      <IconPhone size={26} stroke={1.5} aria-hidden />
      <div>
        <div className="call-timer">
          <Running since={answeredAt ?? createdAt} />
        </div>
        <Text size="sm" c="dimmed">
          {caller.address}
        </Text>
      </div>
      <div style={{ marginLeft: 'auto', display: 'flex', gap: 6, flexWrap: 'wrap' }}>
        <StateBadge tone={interactionTones[state]}>{t(`interaction.${state}`)}</StateBadge>
        {simulated && (
          <StateBadge tone="waiting" sign={IconTestPipe}>
            {t('telephone.simulated')}
          </StateBadge>
        )}
      </div>
    </div>
  );
}
