import type { Draft } from '@caruso/modeler/contract';
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FaultPanel } from '../ui/FaultPanel.js';
import { NothingHere } from '../ui/NothingHere.js';
import { AttributesPart } from './AttributesPart.js';
import { DuplicatesPart } from './DuplicatesPart.js';
import { IndexesPart } from './IndexesPart.js';
import { NameDialog } from './NameDialog.js';
import { PropertiesPart } from './PropertiesPart.js';
import { RelationsPart } from './RelationsPart.js';
import { RightsPart } from './RightsPart.js';
import { TextPart } from './TextPart.js';
import type { Modeler, State } from './use-modeler.js';

interface Props {
  state: State;
  name: string;
  modeler: Modeler;
  onChoose: (name: string | null) => void;
}

/** One object as a form, and beside it what its file says. */
export function ObjectPanel({ state, name, modeler, onChoose }: Props): ReactElement {
  const { t } = useTranslation('modeler');
  const [renaming, setRenaming] = useState(false);
  const object = state.objects.find((each) => each.name === name);
  if (object === undefined) return <NothingHere title={t('gone')} hint={t('goneHint')} />;
  const changed = modeler.drafts.some((draft: Draft) => draft.name === object.file);
  return (
    <div className="model-object">
      <Stack gap="lg">
        {modeler.fault !== null && !renaming && <FaultPanel fault={modeler.fault} />}
        {object.inherited && (
          <Text size="sm" c="dimmed">
            {t('inheritedHint')}
          </Text>
        )}
        <Group align="end" gap="sm">
          <Label
            key={`${name} ${object.label}`}
            given={String(object.rest['label'] ?? '')}
            fallback={object.label}
            modeler={modeler}
            name={name}
          />
          <Button size="sm" variant="default" onClick={() => setRenaming(true)}>
            {t('rename')}
          </Button>
          {!object.inherited && (
            <Button
              size="sm"
              variant="default"
              onClick={() =>
                void modeler.edit({ do: 'remove object', object: name }).then((done) => done && onChoose(null))
              }
            >
              {t('removeObject')}
            </Button>
          )}
        </Group>
        <PropertiesPart state={state} object={object} modeler={modeler} />
        <AttributesPart state={state} object={object} modeler={modeler} />
        <RelationsPart state={state} object={object} modeler={modeler} />
        <DuplicatesPart object={object} modeler={modeler} />
        <IndexesPart object={object} modeler={modeler} />
        <RightsPart state={state} object={object} modeler={modeler} />
      </Stack>
      <TextPart
        key={state.files.find((file) => file.name === object.file)?.hash ?? 'none'}
        state={state}
        object={object}
        changed={changed}
        modeler={modeler}
      />
      {renaming && (
        <NameDialog
          title={t('renameTitle', { name })}
          label={t('objectName')}
          hint={t('renameHint')}
          value={name}
          fault={modeler.fault}
          onClose={() => setRenaming(false)}
          onName={async (to) => {
            if (!(await modeler.edit({ do: 'rename object', object: name, to }))) return;
            setRenaming(false);
            onChoose(to);
          }}
        />
      )}
    </div>
  );
}

/** What people call the object; kept when the field is left. */
function Label({
  given,
  fallback,
  name,
  modeler,
}: {
  given: string;
  fallback: string;
  name: string;
  modeler: Modeler;
}): ReactElement {
  const { t } = useTranslation('modeler');
  const [label, setLabel] = useState(given);
  const keep = (): void => {
    const value = label.trim();
    if (value !== given)
      void modeler.edit({ do: 'set', object: name, path: ['label'], value: value === '' ? null : value });
  };
  return (
    <TextInput
      label={t('label')}
      placeholder={fallback}
      value={label}
      onChange={(event) => setLabel(event.currentTarget.value)}
      onBlur={keep}
      onKeyDown={(event) => event.key === 'Enter' && keep()}
    />
  );
}
