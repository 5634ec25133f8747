import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct, useCall } from '../client/use-call.js';
import { FaultPanel } from '../ui/FaultPanel.js';
import { Loaded } from '../ui/Loaded.js';
import { NothingHere } from '../ui/NothingHere.js';
import { ConfigEditor, useConfigDraft } from './ConfigEditor.js';

interface Props {
  taken: string[];
  onClose: () => void;
  onAdded: (name: string) => void;
}

/** Adds a component of a file or package that nobody uses yet, or another one of a source that is used. */
export function AddServiceDialog({ taken, onClose, onAdded }: Props): ReactElement {
  const { t } = useTranslation();
  const available = useCall('services.available', {});
  const [use, setUse] = useState<string | null>(null);
  const [name, setName] = useState('');
  const valid = /^[a-z][a-z0-9-]*$/.test(name) && !taken.includes(name);
  const problem = taken.includes(name) ? t('services.nameTaken') : t('services.nameForm');
  const choose = (next: string | null): void => {
    setUse(next);
    if (next !== null && name === '') setName(nameFrom(next));
  };
  return (
    <Modal opened onClose={onClose} title={t('services.addTitle')} size="lg">
      <Loaded from={available}>
        {({ sources }) =>
          sources.length === 0 ? (
            <NothingHere title={t('services.noSources')} hint={t('services.noSourcesHint')} />
          ) : (
            <Stack>
              <Text size="sm">{t('services.addText')}</Text>
              <Select
                label={t('services.source')}
                data={[...sources]
                  .sort((a, b) => a.usedBy.length - b.usedBy.length)
                  .map((each) => ({
                    value: each.use,
                    label:
                      each.usedBy.length === 0
                        ? each.use
                        : t('services.usedBy', { use: each.use, names: each.usedBy.join(', ') }),
                  }))}
                value={use}
                onChange={choose}
                searchable
                nothingFoundMessage={t('common.nothingFound')}
                data-autofocus
              />
              <TextInput
                label={t('services.name')}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
                error={name !== '' && !valid && problem}
              />
              {use !== null && <Configured key={use} {...{ name, use, valid, onClose, onAdded }} />}
            </Stack>
          )
        }
      </Loaded>
    </Modal>
  );
}

interface ConfiguredProps extends Omit<Props, 'taken'> {
  name: string;
  use: string;
  valid: boolean;
}

function Configured(props: ConfiguredProps): ReactElement {
  const configuration = useCall('services.configuration', { name: 'new', use: props.use });
  return (
    <Loaded from={configuration}>
      {({ config, schema }) => <AddForm {...props} config={config} schema={schema} />}
    </Loaded>
  );
}

interface AddFormProps extends ConfiguredProps {
  config: Record<string, unknown>;
  schema: unknown;
}

function AddForm({ name, use, valid, config, schema, onClose, onAdded }: AddFormProps): ReactElement {
  const { t } = useTranslation();
  const { act, busy, fault } = useAct('services.add');
  const draft = useConfigDraft(config, schema);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (draft.config !== undefined)
          act({ name, use, config: draft.config }).then(
            () => onAdded(name),
            () => {},
          );
      }}
    >
      <Stack>
        <ConfigEditor draft={draft} fault={fault} />
        {fault !== null && <FaultPanel fault={fault} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={busy} disabled={!valid || draft.config === undefined}>
            {t('services.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** `./services/erp-north.ts` would be called `erp-north`, `@caruso/channel-mail` `channel-mail`. */
function nameFrom(use: string): string {
  return (use.split('/').at(-1) ?? '').replace(/\.[a-z]+$/, '').toLowerCase();
}
