import { ActionIcon, Button, Group, Modal, Text, Tooltip } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../client/call.js';
import { refresh, useAct } from '../client/use-call.js';
import { screenPath } from '../frame/pages.js';
import { sayDone, sayFault, sayUndoable } from '../ui/say-fault.js';
import type { RecordScreen } from './record-screen.js';

/** Deletes a record: at once where that can be undone, else after a question. */
export function DeleteRecord({ screen }: { screen: RecordScreen }): ReactElement | null {
  const { t } = useTranslation();
  const { history } = useRouter();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [asking, ask] = useState(false);
  const { act, busy } = useAct('objects.delete');
  const { deletes, display: record, object, key, version } = screen;
  if (deletes === null) return null;
  const restore = async (): Promise<void> => {
    try {
      await call('objects.restore', { object, key });
      sayDone(t('record.restored', { record }));
      await refresh(client, 'objects.restore');
      // Its screen is read anew before it is shown: it has another version now.
      client.removeQueries({ queryKey: ['screens.resolve'], type: 'inactive' });
      await navigate({ to: screenPath(screen.screen, key) });
    } catch (error) {
      sayFault(error);
    }
  };
  const remove = async (): Promise<void> => {
    ask(false);
    try {
      await act({ object, key, version });
      if (deletes === 'kept') sayUndoable(t('record.deleted', { record }), t('record.undo'), () => void restore());
      else sayDone(t('record.deleted', { record }));
      if (history.canGoBack()) history.back();
      else await navigate({ to: '/' });
    } catch (error) {
      sayFault(error);
    }
  };
  return (
    <>
      <Tooltip label={t('record.delete')}>
        <ActionIcon
          variant="default"
          size="lg"
          loading={busy}
          aria-label={t('record.delete')}
          onClick={() => (deletes === 'kept' ? void remove() : ask(true))}
        >
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Modal opened={asking} onClose={() => ask(false)} title={t('record.delete')}>
        <Text mb="md">{t('record.deleteSure', { record })}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => ask(false)}>
            {t('common.cancel')}
          </Button>
          <Button color="red.9" onClick={() => void remove()}>
            {t('record.delete')}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
