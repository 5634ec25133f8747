import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Fault } from '../client/fault.js';
import { FaultPanel } from '../ui/FaultPanel.js';

interface Props {
  title: string;
  label: string;
  hint: string;
  value?: string;
  fault: Fault | null;
  onClose: () => void;
  onName: (name: string) => void;
}

export const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Asks for a name of the model. */
export function NameDialog({ title, label, hint, value = '', fault, onClose, onName }: Props): ReactElement {
  const { t } = useTranslation('modeler');
  const { t: common } = useTranslation();
  const [name, setName] = useState(value);
  const sound = NAME.test(name.trim());
  return (
    <Modal opened onClose={onClose} title={title}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (sound) onName(name.trim());
        }}
      >
        <Stack>
          <TextInput
            label={label}
            description={hint}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={name !== '' && !sound && t('nameWrong')}
            data-autofocus
          />
          {fault !== null && <FaultPanel fault={fault} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {common('common.cancel')}
            </Button>
            <Button type="submit" disabled={!sound}>
              {t('keep')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
