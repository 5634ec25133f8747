import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../client/use-call.js';
import { Panel } from '../ui/Panel.js';
import { Figures } from './Figures.js';

/** The goals of the customer strategy with what was reached so far; nothing where the front office has no strategy. */
export function GoalsPanel({ every }: { every: number }): ReactElement | null {
  const { t } = useTranslation();
  const { data } = useCall('reporting.goals', {}, { every });
  if (data === undefined || data.goals.length === 0) return null;
  return (
    <Panel title={data.strategy ?? t('monitor.goals')} wide>
      <Figures figures={data.goals.map((goal) => ({ ...goal, period: goal.per }))} />
    </Panel>
  );
}
