import { Button, Group, Modal, Stack } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct, useCall } from '../client/use-call.js';
import { FaultPanel } from '../ui/FaultPanel.js';
import { sayDone } from '../ui/say-fault.js';
import { ReferenceInput } from './ReferenceInput.js';

interface Props {
  /** The relation, and the record that has it. */
  from: { object: string; key: string; relation: string };
  /** What is chosen among. */
  object: string;
  list: string;
  onClose: () => void;
}

/** Searches a record that is there and adds it to a list of links. */
export function LinkDialog({ from, object, list, onClose }: Props): ReactElement {
  const { t } = useTranslation();
  const [key, choose] = useState('');
  const description = useCall('objects.describe', { object });
  const chosen = useCall('objects.get', { object, key }, { enabled: key !== '' });
  const { act, busy, fault } = useAct('objects.link');
  const label = description.data?.objects[0]?.label ?? object;
  const add = async (): Promise<void> => {
    if (key === '') return;
    const record = chosen.data?.display ?? key;
    try {
      const { linked } = await act({ ...from, keys: [key] });
      sayDone(linked.length === 0 ? t('links.there', { record }) : t('links.added', { list, record }));
      onClose();
    } catch {
      // Said in the dialog.
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('links.addTo', { list })}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <Stack gap="md">
          <ReferenceInput
            label={t('links.choose', { object: label })}
            error={undefined}
            autoFocus
            name="link"
            object={object}
            text={key}
            required={false}
            onText={choose}
          />
          {fault !== null && <FaultPanel fault={fault} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={busy} disabled={key === ''}>
              {t('links.add')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
