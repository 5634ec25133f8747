import type { Member, ModelerObject } from '@caruso/modeler/contract';
import {
  Button,
  Checkbox,
  Group,
  Modal,
  Select,
  SimpleGrid,
  Stack,
  TagsInput,
  Textarea,
  TextInput,
} from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FaultPanel } from '../ui/FaultPanel.js';
import { type AttributeDraft, draftOf, has, KINDS, operationsOf } from './attribute-draft.js';
import { NAME } from './NameDialog.js';
import type { Modeler, State } from './use-modeler.js';

interface Props {
  state: State;
  object: ModelerObject;
  member: Member | undefined;
  modeler: Modeler;
  onClose: () => void;
}

const FLAGS = ['required', 'unique', 'search', 'sensitive', 'readOnly'] as const;
const NUMBERS: readonly unknown[] = ['integer', 'decimal', 'number', 'money'];

/** An attribute as a form: what can be said of its kind, and no more. */
export function AttributeForm({ state, object, member, modeler, onClose }: Props): ReactElement {
  const { t } = useTranslation('modeler');
  const { t: common } = useTranslation();
  const [draft, setDraft] = useState<AttributeDraft>(() => draftOf(member?.name ?? '', member?.body ?? {}));
  const [going, setGoing] = useState(false);
  const set = (part: Partial<AttributeDraft>): void => setDraft({ ...draft, ...part });
  const { kind } = draft;
  const sound = NAME.test(draft.name.trim());
  const text = (
    field: 'label' | 'help' | 'default' | 'length' | 'pattern' | 'scale' | 'currency',
  ): ReactElement | null =>
    has(kind, field) ? (
      <TextInput
        key={field}
        label={t(`fields.${field}`)}
        value={draft[field]}
        onChange={(event) => set({ [field]: event.currentTarget.value })}
      />
    ) : null;
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
    <Modal
      opened
      onClose={onClose}
      title={member === undefined ? t('addAttribute') : t('attributeTitle', { object: object.name, name: member.name })}
      size="lg"
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!sound) return;
          const operations = operationsOf(object.name, member, draft);
          if (operations.length === 0) onClose();
          else void modeler.edit(...operations).then((done) => done && onClose());
        }}
      >
        <Stack gap="sm">
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
              data={KINDS.map((value) => ({ value, label: t(`kinds.${value}`) }))}
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
          {Object.entries(draft.valuesBy).map(([on, list]) => (
            <TagsInput
              key={on}
              label={t('fields.valuesBy', { by: draft.by, on })}
              value={list}
              onChange={(values) => set({ valuesBy: { ...draft.valuesBy, [on]: values } })}
            />
          ))}
          {has(kind, 'values') && draft.by === '' && (
            <TagsInput label={t('fields.values')} value={draft.values} onChange={(values) => set({ values })} />
          )}
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
          {modeler.fault !== null && <FaultPanel fault={modeler.fault} />}
          <Group justify="space-between">
            {member === undefined ? (
              <span />
            ) : (
              <Button variant="default" onClick={() => setGoing(true)}>
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
      {going && member !== undefined && (
        <RemoveDialog
          object={object}
          name={member.name}
          modeler={modeler}
          onClose={() => setGoing(false)}
          onGone={onClose}
        />
      )}
    </Modal>
  );
}

interface RemoveProps {
  object: ModelerObject;
  name: string;
  modeler: Modeler;
  onClose: () => void;
  onGone: () => void;
}

/** Whether the values of an attribute stay in the database. */
function RemoveDialog({ object, name, modeler, onClose, onGone }: RemoveProps): ReactElement {
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
