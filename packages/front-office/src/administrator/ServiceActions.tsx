import type { ChangeReport, ServiceNode } from '@caruso/service-manager/contract';
import { Button, Group, Stack } from '@mantine/core';
import { IconAdjustments, IconArrowBackUp, IconReplace, IconRotateClockwise, IconTrash } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../client/use-call.js';
import { FaultPanel } from '../ui/FaultPanel.js';
import { ConfigureServiceDialog } from './ConfigureServiceDialog.js';
import { RemoveServiceDialog } from './RemoveServiceDialog.js';
import { ReplaceServiceDialog } from './ReplaceServiceDialog.js';

/** Parts of the house itself, which have no entry in caruso.yaml. */
const own = new Set(['services', 'declarations']);

interface Props {
  service: ServiceNode;
  services: ServiceNode[];
  onReport: (report: ChangeReport) => void;
  onGone: () => void;
}

/** What an administrator can do with a component while it serves. */
export function ServiceActions({ service, services, onReport, onGone }: Props): ReactElement | null {
  const { t } = useTranslation();
  const [dialog, open] = useState<'replace' | 'configure' | 'remove' | null>(null);
  const rollBack = useAct('services.rollBack');
  const restart = useAct('services.restart');
  const { name, former } = service;
  if (own.has(name)) return null;
  const fault = rollBack.fault ?? restart.fault;
  const run = (act: typeof rollBack.act): void => {
    rollBack.clear();
    restart.clear();
    // What failed is shown below.
    act({ name }).then(onReport, () => {});
  };
  const done = (report: ChangeReport): void => {
    open(null);
    onReport(report);
  };
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Button size="xs" leftSection={<IconReplace size={14} aria-hidden />} onClick={() => open('replace')}>
          {t('services.replace')}
        </Button>
        {former !== undefined && (
          <Button
            size="xs"
            variant="default"
            loading={rollBack.busy}
            leftSection={<IconArrowBackUp size={14} aria-hidden />}
            onClick={() => run(rollBack.act)}
          >
            {t('services.rollBack', { former })}
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          loading={restart.busy}
          leftSection={<IconRotateClockwise size={14} aria-hidden />}
          onClick={() => run(restart.act)}
        >
          {t('services.restart')}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconAdjustments size={14} aria-hidden />}
          onClick={() => open('configure')}
        >
          {t('services.configure')}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconTrash size={14} aria-hidden />}
          onClick={() => open('remove')}
        >
          {t('services.remove')}
        </Button>
      </Group>
      {fault !== null && <FaultPanel fault={fault} />}
      {dialog === 'replace' && <ReplaceServiceDialog service={service} onClose={() => open(null)} onDone={done} />}
      {dialog === 'configure' && <ConfigureServiceDialog service={service} onClose={() => open(null)} onDone={done} />}
      {dialog === 'remove' && (
        <RemoveServiceDialog service={service} services={services} onClose={() => open(null)} onGone={onGone} />
      )}
    </Stack>
  );
}
