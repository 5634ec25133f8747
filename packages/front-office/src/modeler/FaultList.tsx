import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { StateBadge } from '../ui/StateBadge.js';
import type { State } from './use-modeler.js';

/** What is wrong, each with its place. */
export function FaultList({ faults }: { faults: State['faults'] }): ReactElement | null {
  const { t } = useTranslation('modeler');
  if (faults.length === 0) return null;
  return (
    <section aria-label={t('faults')} role="status">
      <Text size="sm" fw={600}>
        {t('faultCount', { count: faults.length })}
      </Text>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reached by keyboard */}
      <ul className="model-faults" tabIndex={0}>
        {faults.map((fault) => (
          <li key={`${fault.file}:${fault.line}:${fault.column} ${fault.message}`}>
            <StateBadge tone={fault.severity === 'error' ? 'late' : 'waiting'}>
              {fault.file}:{fault.line}:{fault.column}
            </StateBadge>{' '}
            {fault.message}. {fault.remedy}
          </li>
        ))}
      </ul>
    </section>
  );
}
