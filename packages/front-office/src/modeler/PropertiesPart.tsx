import type { ModelerObject } from '@caruso/modeler/contract';
import { Button, Group, Select, SimpleGrid, Switch, TagsInput, Text, TextInput, Title } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MemberDialog } from './MemberDialog.js';
import { type ObjectDraft, objectDraftOf, objectOperations } from './object-draft.js';
import type { Modeler, State } from './use-modeler.js';

interface Props {
  state: State;
  object: ModelerObject;
  modeler: Modeler;
}

/** What is said of the object as a whole, and the form that changes it. */
export function PropertiesPart({ state, object, modeler }: Props): ReactElement {
  const { t } = useTranslation('modeler');
  const [opened, open] = useState(false);
  const draft = objectDraftOf(object.rest);
  const said = [
    ...(draft.extends === '' ? [] : [t('extendsObject', { name: draft.extends })]),
    ...(['abstract', 'notes', 'attachments', 'keeps', 'words'] as const)
      .filter((key) => draft[key])
      .map((key) => t(`properties.${key}`)),
    ...(draft.table === '' ? [] : [`${t('properties.table')}: ${draft.table}`]),
  ];
  return (
    <section aria-label={t('propertiesTitle')}>
      <Group justify="space-between" mb="xs">
        <Title order={3}>{t('propertiesTitle')}</Title>
        <Button size="xs" variant="default" onClick={() => open(true)}>
          {t('change')}
        </Button>
      </Group>
      <Text size="sm" c={said.length === 0 ? 'dimmed' : 'inherit'}>
        {said.length === 0 ? t('noProperties') : said.join(' · ')}
      </Text>
      {opened && (
        <PropertiesForm
          state={state}
          object={object}
          modeler={modeler}
          onClose={() => {
            modeler.clear();
            open(false);
          }}
        />
      )}
    </section>
  );
}

const SWITCHES = ['abstract', 'notes', 'keeps', 'words', 'attachments'] as const;

function PropertiesForm({ state, object, modeler, onClose }: Props & { onClose: () => void }): ReactElement {
  const { t } = useTranslation('modeler');
  const [draft, setDraft] = useState<ObjectDraft>(() => objectDraftOf(object.rest));
  const set = (part: Partial<ObjectDraft>): void => setDraft({ ...draft, ...part });
  const { was } = object.rest;
  const text = (field: 'label' | 'labelPlural' | 'table' | 'schema' | 'written by' | 'largest'): ReactElement => (
    <TextInput
      label={t(`properties.${field}`)}
      value={draft[field]}
      onChange={(event) => set({ [field]: event.currentTarget.value })}
    />
  );
  return (
    <MemberDialog
      title={t('propertiesOf', { name: object.name })}
      wide
      modeler={modeler}
      onKeep={() => {
        const operations = objectOperations(object, draft);
        if (operations.length === 0) onClose();
        else void modeler.edit(...operations).then((done) => done && onClose());
      }}
      onClose={onClose}
    >
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        {text('label')}
        {text('labelPlural')}
        <Select
          label={t('properties.extends')}
          data={state.objects.map(({ name }) => name).filter((name) => name !== object.name)}
          value={draft.extends === '' ? null : draft.extends}
          onChange={(name) => set({ extends: name ?? '' })}
          searchable
          clearable
        />
        <Select
          label={t('properties.database')}
          data={state.databases.map(({ name, managed }) => ({
            value: name,
            label: managed ? name : t('legacy', { database: name }),
          }))}
          value={draft.database === '' ? 'main' : draft.database}
          onChange={(name) => set({ database: name === null || name === 'main' ? '' : name })}
          allowDeselect={false}
        />
        {text('table')}
        {text('schema')}
        {text('written by')}
      </SimpleGrid>
      {SWITCHES.map((field) => (
        <Switch
          key={field}
          label={t(`properties.${field}`)}
          description={t(`properties.${field}Hint`)}
          checked={draft[field]}
          onChange={(event) => set({ [field]: event.currentTarget.checked })}
        />
      ))}
      {draft.attachments && (
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          {text('largest')}
          <TagsInput label={t('properties.types')} value={draft.types} onChange={(types) => set({ types })} />
        </SimpleGrid>
      )}
      {draft.removed.length > 0 && (
        <TagsInput
          label={t('properties.removed')}
          description={t('properties.removedHint')}
          value={draft.removed}
          onChange={(removed) => set({ removed })}
        />
      )}
      {(!object.managed || draft.ignore.length > 0) && (
        <TagsInput
          label={t('properties.ignore')}
          description={t('properties.ignoreHint')}
          value={draft.ignore}
          onChange={(ignore) => set({ ignore })}
        />
      )}
      {was !== undefined && (
        <Text size="sm" c="dimmed">
          {t('wasName', { was: String(was) })}
        </Text>
      )}
      <Text size="sm" c="dimmed">
        {t('byHand')}
      </Text>
    </MemberDialog>
  );
}
