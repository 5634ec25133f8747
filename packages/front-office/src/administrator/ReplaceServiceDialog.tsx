import type { ChangeReport, ServiceNode } from '@caruso/service-manager/contract';
import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct, useCall } from '../client/use-call.js';
import { FaultPanel } from '../ui/FaultPanel.js';
import { Loaded } from '../ui/Loaded.js';

interface Props {
  service: ServiceNode;
  onClose: () => void;
  onDone: (report: ChangeReport) => void;
}

/** Loads a component anew from where it came from, or from elsewhere; refused, the present one serves on. */
export function ReplaceServiceDialog({ service: { name, source, version }, onClose, onDone }: Props): ReactElement {
  const { t } = useTranslation();
  const available = useCall('services.available', {});
  const { act, busy, fault } = useAct('services.replace');
  const [use, setUse] = useState<string | null>(source ?? null);
  const replace = (): void => {
    const from = use === null || use === source ? {} : { use };
    act({ name, ...from }).then(onDone, () => {});
  };
  return (
    <Modal opened onClose={onClose} title={t('services.replaceTitle', { name })}>
      <Stack>
        <Text size="sm">{t('services.replaceText', { version })}</Text>
        <Loaded from={available}>
          {({ sources }) => (
            <Select
              label={t('services.source')}
              data={[...new Set([...(source === undefined ? [] : [source]), ...sources.map((each) => each.use)])]}
              value={use}
              onChange={setUse}
              searchable
              allowDeselect={false}
              nothingFoundMessage={t('common.nothingFound')}
            />
          )}
        </Loaded>
        {fault !== null && <FaultPanel fault={fault} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button loading={busy} onClick={replace} data-autofocus>
            {t('services.replace')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
