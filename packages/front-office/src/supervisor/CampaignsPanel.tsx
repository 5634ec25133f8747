import { Button } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../client/use-call.js';
import { useFormat } from '../format/use-format.js';
import { DataTable } from '../ui/DataTable.js';
import { StateBadge, type Tone } from '../ui/StateBadge.js';
import { sayFault } from '../ui/say-fault.js';
import type { Floor } from './floor.js';

type Campaign = Floor['campaigns'][number];

const tones: Record<Campaign['state'], Tone> = { idle: 'quiet', running: 'busy', paused: 'waiting', finished: 'ready' };

/** Campaigns, how far they are, and the way to start and pause them. */
export function CampaignsPanel({ campaigns }: { campaigns: Campaign[] }): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const figure = (name: 'total' | 'sent' | 'failed' | 'answered') => ({
    id: name,
    label: t(`campaign.${name}`),
    numeric: true,
    render: (campaign: Campaign) => format.number(campaign[name]),
  });
  return (
    <DataTable
      label={t('monitor.campaigns')}
      rows={campaigns}
      rowId={({ campaign }) => campaign}
      columns={[
        { id: 'label', label: t('campaign.name'), render: ({ label }) => label },
        {
          id: 'state',
          label: t('monitor.state'),
          render: ({ state }) => <StateBadge tone={tones[state]}>{t(`campaign.state.${state}`)}</StateBadge>,
        },
        figure('total'),
        figure('sent'),
        figure('failed'),
        figure('answered'),
        { id: 'act', label: t('monitor.acts'), render: (campaign) => <CampaignButton campaign={campaign} /> },
      ]}
    />
  );
}

function CampaignButton({ campaign: { campaign, label, state } }: { campaign: Campaign }): ReactElement | null {
  const { t } = useTranslation();
  const start = useAct('communication.startCampaign');
  const pause = useAct('communication.pauseCampaign');
  if (state === 'finished') return null;
  const running = state === 'running';
  const Sign = running ? IconPlayerPause : IconPlayerPlay;
  return (
    <Button
      size="compact-xs"
      variant="default"
      loading={start.busy || pause.busy}
      leftSection={<Sign size={12} aria-hidden />}
      aria-label={t(running ? 'campaign.pauseOne' : 'campaign.startOne', { campaign: label })}
      onClick={() => void (running ? pause : start).act({ campaign }).catch(sayFault)}
    >
      {running ? t('campaign.pause') : t('campaign.start')}
    </Button>
  );
}
