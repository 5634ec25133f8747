import type { ServiceNode } from '@caruso/service-manager/contract';
import { Alert, Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../client/use-call.js';
import { FaultPanel } from '../ui/FaultPanel.js';
import { sayDone } from '../ui/say-fault.js';
import { dependentsOf } from './service-links.js';

interface Props {
  service: ServiceNode;
  services: ServiceNode[];
  onClose: () => void;
  onGone: () => void;
}

/** Asks before a component is taken out, and names those that would miss it. */
export function RemoveServiceDialog({ service: { name }, services, onClose, onGone }: Props): ReactElement {
  const { t } = useTranslation();
  const { act, busy, fault } = useAct('services.remove');
  const dependents = dependentsOf(services, name);
  const remove = (): void => {
    act({ name, force: dependents.length > 0 }).then(
      () => {
        sayDone(t('services.removed', { name }));
        onGone();
      },
      () => {},
    );
  };
  return (
    <Modal opened onClose={onClose} title={t('services.removeTitle', { name })}>
      <Stack>
        <Text size="sm">{t('services.removeText')}</Text>
        {dependents.length > 0 && (
          <Alert
            variant="outline"
            color="yellow"
            icon={<IconAlertTriangle />}
            title={t('services.removeDependents', { count: dependents.length })}
          >
            <List size="sm">
              {dependents.map((each) => (
                <List.Item key={each}>{each}</List.Item>
              ))}
            </List>
          </Alert>
        )}
        {fault !== null && <FaultPanel fault={fault} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button color="red.9" loading={busy} onClick={remove}>
            {t('services.remove')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
