import { Button } from '@mantine/core';
import { IconPhoneOff } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct, useCall } from '../client/use-call.js';
import { nameOf } from '../desktop/desk-news.js';
import { DataTable } from '../ui/DataTable.js';
import { Loaded } from '../ui/Loaded.js';
import { NothingHere } from '../ui/NothingHere.js';
import { Running } from '../ui/Running.js';
import { interactionTones, StateBadge } from '../ui/StateBadge.js';
import { sayFault } from '../ui/say-fault.js';

/** Simulated calls that wait or run. */
export function CallList(): ReactElement {
  const { t } = useTranslation();
  const calls = useCall('simulated-telephone.calls', {});
  const { act, busy } = useAct('simulated-telephone.hangUp');
  return (
    <Loaded from={calls}>
      {({ calls: running }) =>
        running.length === 0 ? (
          <NothingHere title={t('telephone.none')} hint={t('telephone.noneHint')} />
        ) : (
          <DataTable
            label={t('telephone.calls')}
            rows={running}
            rowId={({ id }) => id}
            columns={[
              { id: 'who', label: t('telephone.who'), render: (one) => nameOf(one) },
              {
                id: 'state',
                label: t('monitor.state'),
                render: ({ state }) => (
                  <StateBadge tone={interactionTones[state]}>{t(`interaction.${state}`)}</StateBadge>
                ),
              },
              {
                id: 'since',
                label: t('monitor.since'),
                numeric: true,
                render: ({ since }) => <Running since={since} />,
              },
              {
                id: 'hangUp',
                label: t('monitor.acts'),
                render: (one) => (
                  <Button
                    size="compact-xs"
                    variant="default"
                    disabled={busy}
                    leftSection={<IconPhoneOff size={12} aria-hidden />}
                    aria-label={t('telephone.hangUpOn', { who: nameOf(one) })}
                    onClick={() => void act({ interaction: one.id }).catch(sayFault)}
                  >
                    {t('telephone.hangUp')}
                  </Button>
                ),
              },
            ]}
          />
        )
      }
    </Loaded>
  );
}
