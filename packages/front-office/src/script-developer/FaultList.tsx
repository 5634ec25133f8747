import type { Fault } from '@caruso/dialog-script';
import { Text, UnstyledButton } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { StateBadge } from '../ui/StateBadge.js';

/** What the compiler says, each at its place; choosing one leads there. */
export function FaultList({
  faults,
  onShow,
}: {
  faults: readonly Fault[];
  onShow: (fault: Fault) => void;
}): ReactElement {
  const { t } = useTranslation();
  return (
    <section className="script-faults" aria-label={t('developer.faults')}>
      <Text size="xs" fw={600} role="status">
        {faults.length === 0 ? t('developer.noFaults') : t('developer.faultCount', { count: faults.length })}
      </Text>
      <ul>
        {faults.map((fault) => (
          <li key={`${fault.line}:${fault.column} ${fault.code} ${fault.message}`}>
            <UnstyledButton onClick={() => onShow(fault)} className="script-fault">
              <StateBadge tone={fault.severity === 'error' ? 'late' : 'waiting'}>
                {fault.line}:{fault.column}
              </StateBadge>
              <span>
                {fault.message}. {fault.remedy}
              </span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </section>
  );
}
