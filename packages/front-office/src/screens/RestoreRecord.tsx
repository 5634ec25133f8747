import type { ObjectRecord } from '@caruso/business-objects/contract';
import { Button, Group, Text } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../client/use-call.js';
import { Moment } from '../ui/Moment.js';
import { sayDone, sayFault } from '../ui/say-fault.js';

/** When a record was deleted, and the button that brings it back. */
export function RestoreRecord({ record }: { record: ObjectRecord }): ReactElement {
  const { t } = useTranslation();
  const { act, busy } = useAct('objects.restore');
  const { object, key, display, deleted } = record;
  const restore = async (): Promise<void> => {
    try {
      await act({ object, key });
      sayDone(t('record.restored', { record: display }));
    } catch (error) {
      sayFault(error);
    }
  };
  return (
    <Group gap="xs" wrap="nowrap" justify="space-between">
      <Text size="sm" c="dimmed">
        {deleted !== undefined && <Moment at={deleted} />}
      </Text>
      <Button
        variant="default"
        size="compact-xs"
        loading={busy}
        leftSection={<IconArrowBackUp size={14} aria-hidden />}
        onClick={() => void restore()}
      >
        {t('record.restore')}
      </Button>
    </Group>
  );
}
