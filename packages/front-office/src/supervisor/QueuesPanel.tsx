import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/use-format.js';
import { useNow } from '../format/use-now.js';
import { Nothing } from '../screens/FieldValue.js';
import { DataTable } from '../ui/DataTable.js';
import { Running } from '../ui/Running.js';
import { StateBadge } from '../ui/StateBadge.js';
import type { Floor } from './floor.js';

type Queue = Floor['queues'][number];

/** How many wait in each queue, how long, and who could take them. */
export function QueuesPanel({ queues }: { queues: Queue[] }): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const late = ({ oldest, target }: Queue): boolean =>
    oldest !== null && target !== null && now - Date.parse(oldest) > target.withinMs;
  return (
    <DataTable
      label={t('monitor.queues')}
      rows={queues}
      rowId={({ queue }) => queue}
      columns={[
        { id: 'queue', label: t('monitor.queue'), render: ({ label }) => label },
        { id: 'waiting', label: t('monitor.waiting'), numeric: true, render: ({ waiting }) => format.number(waiting) },
        {
          id: 'oldest',
          label: t('monitor.longest'),
          numeric: true,
          render: (queue) =>
            queue.oldest === null ? (
              <Nothing />
            ) : late(queue) ? (
              <StateBadge tone="late">
                <Running since={queue.oldest} />
              </StateBadge>
            ) : (
              <Running since={queue.oldest} />
            ),
        },
        {
          id: 'ready',
          label: t('monitor.readyAgents'),
          numeric: true,
          render: ({ readyAgents }) => format.number(readyAgents),
        },
        {
          id: 'target',
          label: t('monitor.target'),
          render: ({ target }) =>
            target === null ? (
              <Nothing />
            ) : (
              t('monitor.targetText', { share: format.share(target.share), within: format.duration(target.withinMs) })
            ),
        },
      ]}
    />
  );
}
