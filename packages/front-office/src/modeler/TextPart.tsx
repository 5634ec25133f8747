import type { ModelerObject } from '@caruso/modeler/contract';
import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FaultList } from './FaultList.js';
import type { Modeler, State } from './use-modeler.js';

interface Props {
  state: State;
  object: ModelerObject;
  changed: boolean;
  modeler: Modeler;
}

/** What the object's own file says; whoever writes YAML may change it there. */
export function TextPart({ state, object, modeler }: Props): ReactElement {
  const { t } = useTranslation('modeler');
  const written = state.files.find(({ name }) => name === object.file)?.text ?? '';
  const [text, setText] = useState(written);
  return (
    <Stack gap="xs">
      <Textarea
        label={object.file}
        description={object.inherited ? t('textLaidOver') : t('textHint')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        autosize
        minRows={12}
        maxRows={40}
        spellCheck={false}
        classNames={{ input: 'model-code' }}
      />
      {text !== written && (
        <Group gap="sm">
          <Button size="xs" loading={modeler.busy} onClick={() => void modeler.write(object.file, text)}>
            {t('takeText')}
          </Button>
          <Button size="xs" variant="default" onClick={() => setText(written)}>
            {t('dropText')}
          </Button>
          <Text size="xs" c="dimmed">
            {t('textPending')}
          </Text>
        </Group>
      )}
      <FaultList faults={state.faults.filter(({ file }) => file === object.file)} />
    </Stack>
  );
}
