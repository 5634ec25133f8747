import type { AgentActivity } from '@caruso/communication-server/contract';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/use-format.js';
import { DataTable } from '../ui/DataTable.js';
import { NothingHere } from '../ui/NothingHere.js';
import { Running } from '../ui/Running.js';
import { activitySigns, activityTones, StateBadge } from '../ui/StateBadge.js';
import type { Floor } from './floor.js';

const order: AgentActivity[] = ['ready', 'offered', 'busy', 'wrap-up', 'away', 'offline'];

/** Who does what, and for how long; those at work first. */
export function AgentsPanel({ agents }: { agents: Floor['agents'] }): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  if (agents.length === 0) return <NothingHere title={t('monitor.noAgents')} hint={t('monitor.noAgentsHint')} />;
  const sorted = agents.toSorted(
    (a, b) => order.indexOf(a.activity) - order.indexOf(b.activity) || a.name.localeCompare(b.name),
  );
  return (
    <DataTable
      label={t('monitor.agents')}
      rows={sorted}
      rowId={({ agent }) => agent}
      columns={[
        { id: 'name', label: t('monitor.agent'), render: ({ name }) => name },
        {
          id: 'activity',
          label: t('monitor.state'),
          render: ({ activity, reason }) => (
            <StateBadge tone={activityTones[activity]} sign={activitySigns[activity]}>
              {activity === 'away' && reason !== null ? reason : t(`activity.${activity}`)}
            </StateBadge>
          ),
        },
        { id: 'since', label: t('monitor.since'), numeric: true, render: ({ since }) => <Running since={since} /> },
        { id: 'work', label: t('monitor.contacts'), numeric: true, render: ({ work }) => format.number(work.length) },
      ]}
    />
  );
}
