import type { Member, ModelerObject } from '@caruso/modeler/contract';
import { Checkbox, Group, Select, SimpleGrid, TagsInput, Text, Textarea, TextInput } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type AttributeDraft,
  CHOICES,
  draftOf,
  FLAGS,
  has,
  KINDS,
  operationsOf,
  type TextField,
} from './attribute-draft.js';
import { MemberDialog } from './MemberDialog.js';
import { NAME } from './NameDialog.js';
import { RemoveDialog } from './RemoveDialog.js';
import type { Modeler, State } from './use-modeler.js';
import { ValuesFields } from './ValuesFields.js';

interface Props {
  state: State;
  object: ModelerObject;
  member: Member | undefined;
  modeler: Modeler;
  onClose: () => void;
}

/** Fields that few attributes need; they open where one of them says something. */
const RARE: readonly TextField[] = ['min', 'max', 'normalise', 'survivor', 'column', 'format', 'currencyColumn'];
const NUMBERS: readonly unknown[] = ['integer', 'decimal', 'number', 'money'];

/** An attribute as a form: what can be said of its kind, and no more. */
export function AttributeForm({ state, object, member, modeler, onClose }: Props): ReactElement {
  const { t } = useTranslation('modeler');
  const [draft, setDraft] = useState<AttributeDraft>(() => draftOf(member?.name ?? '', member?.body ?? {}));
  const [going, setGoing] = useState(false);
  const set = (part: Partial<AttributeDraft>): void => setDraft({ ...draft, ...part });
  const { kind } = draft;
  const sound = NAME.test(draft.name.trim());
  const text = (field: TextField): ReactElement | null => {
    const choices = CHOICES[field];
    if (!has(kind, field)) return null;
    return choices === undefined ? (
      <TextInput
        key={field}
        label={t(`fields.${field}`)}
        value={draft[field]}
        onChange={(event) => set({ [field]: event.currentTarget.value })}
      />
    ) : (
      <Select
        key={field}
        label={t(`fields.${field}`)}
        data={choices.map((value) => ({
          value,
          label: field === 'format' ? value : t(`choices.${field as 'survivor'}.${value}` as 'choices.survivor.kept'),
        }))}
        value={draft[field] === '' ? null : draft[field]}
        onChange={(value) => set({ [field]: value ?? '' })}
        clearable
      />
    );
  };
  const expression = (field: 'formula' | 'where'): ReactElement | null =>
    has(kind, field) ? (
      <Textarea
        label={t(`fields.${field}`)}
        autosize
        minRows={2}
        value={draft[field]}
        onChange={(event) => set({ [field]: event.currentTarget.value })}
        classNames={{ input: 'model-code' }}
      />
    ) : null;
  const relations = object.relations.map(({ name }) => name);
  const sums = object.relations.flatMap(({ name, body }) =>
    (state.objects.find((each) => each.name === body['many'])?.attributes ?? []).flatMap((attribute) =>
      NUMBERS.includes(attribute.body['type']) ? [`${name}.${attribute.name}`] : [],
    ),
  );
  return (
    <>
      <MemberDialog
        title={
          member === undefined ? t('addAttribute') : t('attributeTitle', { object: object.name, name: member.name })
        }
        wide
        modeler={modeler}
        sound={sound}
        onKeep={() => {
          const operations = operationsOf(object.name, member, draft);
          if (operations.length === 0) onClose();
          else void modeler.edit(...operations).then((done) => done && onClose());
        }}
        onRemove={member && (() => setGoing(true))}
        onClose={onClose}
      >
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <TextInput
            label={t('fields.name')}
            value={draft.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
            error={draft.name !== '' && !sound && t('nameWrong')}
            data-autofocus
          />
          <Select
            label={t('fields.kind')}
            data={KINDS.map((value) => ({ value, label: t(`kinds.${value}` as 'kinds.text') }))}
            value={kind}
            onChange={(value) => value !== null && set({ kind: value })}
            allowDeselect={false}
            searchable
          />
          {has(kind, 'to') && (
            <Select
              label={t('fields.to')}
              data={state.objects.map(({ name }) => name)}
              value={draft.to === '' ? null : draft.to}
              onChange={(to) => set({ to: to ?? '' })}
              searchable
            />
          )}
          {has(kind, 'count') && (
            <Select
              label={t('fields.count')}
              data={relations}
              value={draft.count === '' ? null : draft.count}
              onChange={(count) => set({ count: count ?? '' })}
            />
          )}
          {has(kind, 'sum') && (
            <Select
              label={t('fields.sum')}
              data={sums}
              value={draft.sum === '' ? null : draft.sum}
              onChange={(sum) => set({ sum: sum ?? '' })}
            />
          )}
          {text('label')}
          {text('default')}
          {text('length')}
          {text('pattern')}
          {text('scale')}
          {text('currency')}
          {has(kind, 'key') && (
            <Select
              label={t('fields.key')}
              data={(['no', 'yes', 'generated'] as const).map((value) => ({ value, label: t(`keys.${value}`) }))}
              value={draft.key}
              onChange={(key) => set({ key: (key ?? 'no') as AttributeDraft['key'] })}
              allowDeselect={false}
            />
          )}
        </SimpleGrid>
        <ValuesFields object={object} draft={draft} onChange={set} />
        {expression('formula')}
        {expression('where')}
        {text('help')}
        <Group gap="md">
          {FLAGS.filter((flag) => has(kind, flag)).map((flag) => (
            <Checkbox
              key={flag}
              label={t(`flags.${flag}`)}
              checked={draft[flag]}
              onChange={(event) => set({ [flag]: event.currentTarget.checked })}
            />
          ))}
        </Group>
        <details className="model-more" open={RARE.some((field) => draft[field] !== '') || draft.columns.length > 0}>
          <summary>{t('more')}</summary>
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" mt="xs">
            {RARE.map(text)}
            {has(kind, 'columns') && (
              <TagsInput label={t('fields.columns')} value={draft.columns} onChange={(columns) => set({ columns })} />
            )}
          </SimpleGrid>
          {member?.body['was'] !== undefined && (
            <Text size="sm" c="dimmed" mt="xs">
              {t('wasName', { was: String(member.body['was']) })}
            </Text>
          )}
        </details>
      </MemberDialog>
      {going && member !== undefined && (
        <RemoveDialog
          object={object}
          name={member.name}
          modeler={modeler}
          onClose={() => setGoing(false)}
          onGone={onClose}
        />
      )}
    </>
  );
}
