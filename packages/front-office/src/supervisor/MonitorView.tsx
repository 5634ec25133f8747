import './supervisor.css';
import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../client/use-call.js';
import { Loaded } from '../ui/Loaded.js';
import { Moment } from '../ui/Moment.js';
import { Page } from '../ui/Page.js';
import { Panel } from '../ui/Panel.js';
import { AgentsPanel } from './AgentsPanel.js';
import { CampaignsPanel } from './CampaignsPanel.js';
import { Figures } from './Figures.js';
import { GoalsPanel } from './GoalsPanel.js';
import { InteractionsPanel } from './InteractionsPanel.js';
import { QueuesPanel } from './QueuesPanel.js';

/** Figures over a time grow old without an event, hence the interval beside the live connection. */
const period = 15_000;

/** The floor as it is now. */
export function MonitorView(): ReactElement {
  const { t } = useTranslation();
  const monitor = useCall('reporting.monitor', {}, { every: period });
  const snapshot = useCall('communication.snapshot', {}, { every: period });
  const at = snapshot.data?.at;
  return (
    <Page
      title={monitor.data?.label ?? t('monitor.title')}
      actions={
        at !== undefined && (
          <Text size="sm" c="dimmed">
            {t('monitor.asOf')} <Moment at={at} />
          </Text>
        )
      }
    >
      <Loaded from={monitor}>{({ figures }) => <Figures figures={figures} />}</Loaded>
      <Loaded from={snapshot}>
        {({ queues, agents, interactions, campaigns }) => (
          <div className="floor">
            <Panel title={t('monitor.queues')}>
              <QueuesPanel queues={queues} />
            </Panel>
            <Panel title={t('monitor.agents')}>
              <AgentsPanel agents={agents} />
            </Panel>
            <Panel title={t('monitor.interactions')} wide>
              <InteractionsPanel interactions={interactions} queues={queues} agents={agents} />
            </Panel>
            {campaigns.length > 0 && (
              <Panel title={t('monitor.campaigns')} wide>
                <CampaignsPanel campaigns={campaigns} />
              </Panel>
            )}
            <GoalsPanel every={period} />
          </div>
        )}
      </Loaded>
    </Page>
  );
}
