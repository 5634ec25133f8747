import type { ChangeReport, ServiceNode } from '@caruso/service-manager/contract';
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct, useCall } from '../client/use-call.js';
import { FaultPanel } from '../ui/FaultPanel.js';
import { Loaded } from '../ui/Loaded.js';
import { ConfigEditor, useConfigDraft } from './ConfigEditor.js';

interface Props {
  service: ServiceNode;
  onClose: () => void;
  onDone: (report: ChangeReport) => void;
}

/** Gives a component another configuration; refused, the former one holds. */
export function ConfigureServiceDialog({ service: { name }, onClose, onDone }: Props): ReactElement {
  const { t } = useTranslation();
  const configuration = useCall('services.configuration', { name });
  return (
    <Modal opened onClose={onClose} title={t('services.configureTitle', { name })} size="lg">
      <Loaded from={configuration}>
        {({ config, schema }) => <Form name={name} config={config} schema={schema} onClose={onClose} onDone={onDone} />}
      </Loaded>
    </Modal>
  );
}

interface FormProps extends Omit<Props, 'service'> {
  name: string;
  config: Record<string, unknown>;
  schema: unknown;
}

function Form({ name, config, schema, onClose, onDone }: FormProps): ReactElement {
  const { t } = useTranslation();
  const { act, busy, fault } = useAct('services.configure');
  // What is read anew meanwhile must not take away what is being typed.
  const [first] = useState({ config, schema });
  const draft = useConfigDraft(first.config, first.schema);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (draft.config !== undefined) act({ name, config: draft.config }).then(onDone, () => {});
      }}
    >
      <Stack>
        <Text size="sm">{t('services.configureText')}</Text>
        <ConfigEditor draft={draft} fault={fault} />
        {fault !== null && <FaultPanel fault={fault} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={busy} disabled={draft.config === undefined}>
            {t('services.apply')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
