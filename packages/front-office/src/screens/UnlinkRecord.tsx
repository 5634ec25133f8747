import type { ObjectRecord } from '@caruso/business-objects/contract';
import { ActionIcon, Button, Group, Modal, Text, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../client/call.js';
import { refresh, useAct } from '../client/use-call.js';
import { sayDone, sayFault, sayUndoable } from '../ui/say-fault.js';

interface Props {
  /** The relation, and the record that has it. */
  from: { object: string; key: string; relation: string };
  record: ObjectRecord;
  list: string;
  /** A link that says nothing but which two is made again as it was; else it is asked before. */
  undoable: boolean;
  onDone: () => void;
}

/** Takes a record out of a list of links. */
export function UnlinkRecord({ from, record, list, undoable, onDone }: Props): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [asking, ask] = useState(false);
  const { act, busy } = useAct('objects.unlink');
  const { key, display } = record;
  const label = t('links.removeOne', { list, record: display });
  const undo = async (): Promise<void> => {
    try {
      await call('objects.link', { ...from, keys: [key] });
      sayDone(t('links.added', { list, record: display }));
      await refresh(client, 'objects.link');
    } catch (error) {
      sayFault(error);
    }
  };
  const remove = async (): Promise<void> => {
    ask(false);
    try {
      await act({ ...from, keys: [key] });
      const done = t('links.removed', { list, record: display });
      if (undoable) sayUndoable(done, t('links.undo'), () => void undo());
      else sayDone(done);
      onDone();
    } catch (error) {
      sayFault(error);
    }
  };
  return (
    <>
      <Tooltip label={t('links.remove')}>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={label}
          loading={busy}
          onClick={() => (undoable ? void remove() : ask(true))}
        >
          <IconX size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Modal opened={asking} onClose={() => ask(false)} title={label}>
        <Text mb="md">{t('links.removeSure', { record: display })}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => ask(false)}>
            {t('common.cancel')}
          </Button>
          <Button color="red.9" onClick={() => void remove()}>
            {t('links.remove')}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
