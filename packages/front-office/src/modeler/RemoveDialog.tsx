import type { ModelerObject } from '@caruso/modeler/contract';
import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Modeler } from './use-modeler.js';

interface Props {
  object: ModelerObject;
  name: string;
  modeler: Modeler;
  onClose: () => void;
  onGone: () => void;
}

/** Whether the values of an attribute stay in the database. */
export function RemoveDialog({ object, name, modeler, onClose, onGone }: Props): ReactElement {
  const { t } = useTranslation('modeler');
  const { t: common } = useTranslation();
  const remove = (data: 'keep' | 'remove'): void => {
    void modeler
      .edit({ do: 'remove', object: object.name, in: 'attributes', name, data })
      .then((done) => (done ? onGone() : onClose()));
  };
  return (
    <Modal opened onClose={onClose} title={t('removeTitle', { name })}>
      <Stack>
        {t('removeText')}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {common('common.cancel')}
          </Button>
          {object.managed && (
            <Button variant="default" onClick={() => remove('remove')}>
              {t('removeData')}
            </Button>
          )}
          <Button onClick={() => remove('keep')} data-autofocus>
            {t('removeKeep')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
