import { Button, Group, Modal, SimpleGrid, Stack, Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  label: string;
  mine: ReactNode;
  theirs: ReactNode;
  onMine: () => void;
  onTheirs: () => void;
}

/** Two changed the same record: both values side by side, and the choice. */
export function ConflictDialog({ label, mine, theirs, onMine, onTheirs }: Props): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={onTheirs} title={t('record.conflict', { field: label })}>
      <Stack>
        <Text size="sm">{t('record.conflictText')}</Text>
        <SimpleGrid cols={2}>
          <div className="sheet" style={{ padding: 12 }}>
            <Text size="xs" c="dimmed">
              {t('record.mine')}
            </Text>
            {mine}
          </div>
          <div className="sheet" style={{ padding: 12 }}>
            <Text size="xs" c="dimmed">
              {t('record.theirs')}
            </Text>
            {theirs}
          </div>
        </SimpleGrid>
        <Group justify="flex-end">
          <Button variant="default" onClick={onTheirs}>
            {t('record.keepTheirs')}
          </Button>
          <Button onClick={onMine} data-autofocus>
            {t('record.keepMine')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
