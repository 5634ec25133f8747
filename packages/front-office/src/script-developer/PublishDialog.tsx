import type { Fault } from '@caruso/dialog-script';
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../client/call.js';
import { Fault as CallFault } from '../client/fault.js';
import { FaultPanel } from '../ui/FaultPanel.js';
import { TextDifference } from '../ui/TextDifference.js';
import type { Places } from './graph-layout.js';

interface Props {
  file: string;
  /** What is published now. */
  before: string;
  text: string;
  positions: Places;
  /** Steps are drawn elsewhere than it is published. */
  moved: boolean;
  base: string | null;
  faults: readonly Fault[];
  onClose: () => void;
  onPublished: (base: string | null) => void;
}

/** The difference before it is applied, and the way to apply it. */
export function PublishDialog({
  file,
  before,
  text,
  positions,
  moved,
  base,
  faults,
  onClose,
  onPublished,
}: Props): ReactElement {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<CallFault | null>(null);
  const errors = faults.filter(({ severity }) => severity === 'error').length;
  const publish = async (): Promise<void> => {
    setBusy(true);
    setFault(null);
    try {
      onPublished((await call('script-developer.publish', { file, text, positions, base })).base);
    } catch (error) {
      setFault(CallFault.from(error));
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('developer.publishTitle', { file })} size="xl">
      <Stack gap="sm">
        <Text size="sm">{t('developer.publishHint')}</Text>
        {errors > 0 && (
          <Text size="sm" className="script-wrong" role="alert">
            {t('developer.faultCount', { count: errors })}
          </Text>
        )}
        {fault !== null && <FaultPanel fault={fault} />}
        {before === text ? (
          <Text size="sm">{t('developer.same')}</Text>
        ) : (
          <TextDifference name={file} before={before} after={text} />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button loading={busy} disabled={errors > 0 || (before === text && !moved)} onClick={() => void publish()}>
            {t('developer.publish')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
