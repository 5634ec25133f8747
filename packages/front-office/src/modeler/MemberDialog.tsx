import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FaultPanel } from '../ui/FaultPanel.js';
import { useUppermost } from '../ui/use-uppermost.js';
import type { Modeler } from './use-modeler.js';

interface Props {
  title: string;
  wide?: boolean;
  modeler: Modeler;
  /** Whether what is written can be kept. */
  sound?: boolean;
  onKeep: () => void;
  /** Absent where there is nothing to remove. */
  onRemove?: (() => void) | undefined;
  onClose: () => void;
  children: ReactNode;
}

/** The form of one part of an object: its fields, what is wrong with them, and what can be done. */
export function MemberDialog(props: Props): ReactElement {
  const { title, wide = false, modeler, sound = true, onKeep, onRemove, onClose, children } = props;
  const { t } = useTranslation('modeler');
  const { t: common } = useTranslation();
  const uppermost = useUppermost(onClose);
  return (
    <Modal opened {...uppermost} title={title} {...(wide ? { size: 'lg' } : {})}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (sound) onKeep();
        }}
      >
        <Stack gap="sm">
          {children}
          {modeler.fault !== null && <FaultPanel fault={modeler.fault} />}
          <Group justify="space-between">
            {onRemove === undefined ? (
              <span />
            ) : (
              <Button variant="default" onClick={onRemove}>
                {t('remove')}
              </Button>
            )}
            <Group>
              <Button variant="default" onClick={onClose}>
                {common('common.cancel')}
              </Button>
              <Button type="submit" loading={modeler.busy} disabled={!sound}>
                {t('keep')}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
