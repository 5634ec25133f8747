import type { ServiceNode } from '@caruso/service-manager/contract';
import { Group } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/use-format.js';
import { StateBadge, serviceTones } from '../ui/StateBadge.js';

/** How a component stands, in a word and, where it is not simply well, in a sentence. */
export function ServiceState({ service }: { service: ServiceNode }): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const { state, reason, circuit, probation, former, leaks = [] } = service;
  return (
    <>
      <Group gap={4}>
        <StateBadge tone={serviceTones[state]}>{t(`services.states.${state}`)}</StateBadge>
        {circuit !== undefined && <StateBadge tone="late">{t(`services.circuits.${circuit}`)}</StateBadge>}
        {probation !== undefined && <StateBadge tone="waiting">{t('services.probation')}</StateBadge>}
        {leaks.length > 0 && <StateBadge tone="late">{t('services.leaks', { count: leaks.length })}</StateBadge>}
      </Group>
      {reason !== undefined && <div className="small">{reason}</div>}
      {probation !== undefined && (
        <div className="small">
          {t('services.probationText', { until: format.dateTime(probation), former: former ?? '' })}
        </div>
      )}
    </>
  );
}
