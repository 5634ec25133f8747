import { Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/use-format.js';
import { Nothing } from '../screens/FieldValue.js';
import { NothingHere } from '../ui/NothingHere.js';
import type { Figure } from './floor.js';
import { metricText } from './metric-text.js';

/** A figure as it is shown: what, over which period, against which target. */
interface Shown extends Pick<Figure, 'label' | 'unit' | 'value' | 'target' | 'status'> {
  metric: string;
  period: 'now' | 'today' | 'day' | 'week' | 'month';
  /** Why it matters, where somebody wrote that down. */
  why?: string | undefined;
}

/** A row of figures against their targets. */
export function Figures({ figures }: { figures: readonly Shown[] }): ReactElement {
  const { t } = useTranslation();
  if (figures.length === 0) return <NothingHere title={t('monitor.noFigures')} hint={t('monitor.noFiguresHint')} />;
  return (
    <dl className="figures">
      {figures.map((figure) => (
        <FigureTile key={`${figure.metric} ${figure.period}`} figure={figure} />
      ))}
    </dl>
  );
}

function FigureTile({ figure }: { figure: Shown }): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const { label, unit, value, target, status, period, why } = figure;
  const bound = target?.atLeast ?? target?.atMost;
  const text = metricText(value, unit, format);
  return (
    <div className="sheet figure" data-status={status}>
      <dt>
        {label} · {t(`monitor.period.${period}`)}
      </dt>
      <dd>
        <div className="figure-value">{text ?? <Nothing />}</div>
        <Text size="xs" c="dimmed" mih={17} style={{ display: 'flex', alignItems: 'center', gap: 4 }}>
          {status === 'good' && (
            <IconCircleCheck size={14} color="var(--caruso-ready)" role="img" aria-label={t('monitor.good')} />
          )}
          {status === 'bad' && (
            <IconAlertTriangle size={14} color="var(--caruso-late)" role="img" aria-label={t('monitor.bad')} />
          )}
          {bound !== undefined &&
            t(target?.atLeast === undefined ? 'monitor.atMost' : 'monitor.atLeast', {
              value: metricText(bound, unit, format),
            })}
        </Text>
        {why !== undefined && (
          <Text size="xs" c="dimmed">
            {why}
          </Text>
        )}
      </dd>
    </div>
  );
}
