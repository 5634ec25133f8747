import type { ChangeReport } from '@caruso/service-manager/contract';
import { Alert, List } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

/** What came of a change, in words. */
export function ServiceChange({ report, onClose }: { report: ChangeReport; onClose: () => void }): ReactElement {
  const { t } = useTranslation();
  const { name, from, to, generation, applied, complete, drained, abandoned, handedOver, parked, restarted } = report;
  const lines = [
    applied === 'replaced' ? t('services.changed.generation', { generation }) : t(`services.changed.${applied}`),
    abandoned > 0
      ? t('services.changed.abandoned', { drained, abandoned })
      : applied === 'replaced' && t('services.changed.noneLost', { drained }),
    handedOver && t('services.changed.handedOver', { parked }),
    ...restarted.map((each) => t('services.changed.restarted', { name: each.name }) + (each.error ?? '')),
    !complete && t('services.changed.draining'),
    report.reason,
  ].filter((line) => typeof line === 'string');
  return (
    <Alert
      variant="outline"
      color="green"
      role="status"
      icon={<IconCircleCheck />}
      title={t('services.changed.title', { name, from, to })}
      withCloseButton
      closeButtonLabel={t('common.close')}
      onClose={onClose}
    >
      <List size="sm">
        {lines.map((line) => (
          <List.Item key={line}>{line}</List.Item>
        ))}
      </List>
    </Alert>
  );
}
