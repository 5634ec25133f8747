import type { Member, ModelerObject } from '@caruso/modeler/contract';
import { MultiSelect, Select, TagsInput, TextInput } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MemberDialog } from './MemberDialog.js';
import { NAME } from './NameDialog.js';
import { isSound, type RelationDraft, relationDraftOf, relationOperations, WAYS, type Way } from './relation-draft.js';
import type { Modeler, State } from './use-modeler.js';

interface Props {
  state: State;
  object: ModelerObject;
  /** Absent of one that is added. */
  member: Member | undefined;
  modeler: Modeler;
  onClose: () => void;
}

/** What leads to an object from another, and how. */
export function RelationForm({ state, object, member, modeler, onClose }: Props): ReactElement {
  const { t } = useTranslation('modeler');
  const [draft, setDraft] = useState(() => relationDraftOf(member?.name ?? '', member?.body ?? {}));
  const change = (part: Partial<RelationDraft>): void => setDraft((now) => ({ ...now, ...part }));
  const sound = NAME.test(draft.name.trim()) && isSound(draft);
  const done = (made: Promise<boolean>): void => void made.then((well) => well && onClose());
  const text = (key: 'label' | 'table' | 'database' | 'schema', description?: string): ReactElement => (
    <TextInput
      label={t(key === 'label' ? 'fields.label' : `fields.link.${key}`)}
      description={description}
      value={draft[key]}
      onChange={(event) => change({ [key]: event.currentTarget.value })}
    />
  );
  return (
    <MemberDialog
      title={member?.name ?? t('addRelation')}
      modeler={modeler}
      sound={sound}
      onKeep={() => {
        const made = relationOperations(object.name, member, draft);
        if (made.length === 0) onClose();
        else done(modeler.edit(...made));
      }}
      onRemove={
        member &&
        (() =>
          done(modeler.edit({ do: 'remove', object: object.name, in: 'relations', name: member.name, data: 'keep' })))
      }
      onClose={onClose}
    >
      <TextInput
        label={t('fields.name')}
        value={draft.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
        data-autofocus
      />
      <Select
        label={t('fields.many')}
        data={state.objects.map((each) => each.name)}
        value={draft.many === '' ? null : draft.many}
        onChange={(many) => change({ many: many ?? '', by: [], through: '', from: [], to: [], inverse: '' })}
        searchable
      />
      <Select
        label={t('fields.way')}
        data={WAYS.map((way) => ({ value: way, label: t(`ways.${way}`) }))}
        value={draft.way}
        onChange={(way) => change({ way: (way ?? 'by') as Way, from: [], to: [] })}
        allowDeselect={false}
      />
      {draft.way === 'by' && <ByField state={state} object={object} draft={draft} change={change} />}
      {draft.way === 'through' && <ThroughFields state={state} object={object} draft={draft} change={change} />}
      {draft.way === 'inverse' && <InverseField state={state} object={object} draft={draft} change={change} />}
      {draft.way === 'table' && (
        <>
          {text('table', t('tableHint'))}
          {(['from', 'to'] as const).map((end) => (
            <TagsInput
              key={end}
              label={t(`fields.link.${end}Columns`, { object: end === 'from' ? object.name : draft.many })}
              value={draft[end]}
              onChange={(columns) => change({ [end]: columns })}
            />
          ))}
          {text('database')}
          {text('schema')}
        </>
      )}
      {text('label')}
    </MemberDialog>
  );
}

interface FieldProps {
  state: State;
  object: ModelerObject;
  draft: RelationDraft;
  change: (part: Partial<RelationDraft>) => void;
}

/** Names of the attributes of an object that refer to another. */
function referring(state: State, of: string, to: string): string[] {
  const attributes = state.objects.find((each) => each.name === of)?.attributes ?? [];
  return attributes.filter(({ body }) => body['to'] === to).map((each) => each.name);
}

function ByField({ state, object, draft: { many, by }, change }: FieldProps): ReactElement {
  const { t } = useTranslation('modeler');
  const far = state.objects.find((each) => each.name === many)?.attributes ?? [];
  const back = referring(state, many, object.name);
  // A key of several attributes may also be met by as many attributes of the other object, in its order.
  const composite = object.attributes.filter(({ body }) => body['key'] !== undefined).length > 1;
  const choices = composite ? far.map((each) => each.name) : back;
  return (
    <MultiSelect
      label={t('fields.by')}
      description={many !== '' && back.length === 0 ? t('noWayBack', { many, object: object.name }) : undefined}
      data={[...new Set([...choices, ...by])]}
      value={by}
      onChange={(names) => change({ by: composite ? names : names.slice(-1) })}
    />
  );
}

/** The objects that refer to both; which reference leads where is asked where there are several. */
function ThroughFields({ state, object, draft, change }: FieldProps): ReactElement {
  const { t } = useTranslation('modeler');
  const { many, through } = draft;
  const junctions = state.objects
    .map(({ name }) => name)
    .filter((name) => {
      const ends = new Set([...referring(state, name, object.name), ...referring(state, name, many)]);
      return ends.size > 1;
    });
  const ends = { from: referring(state, through, object.name), to: referring(state, through, many) };
  const several = (end: 'from' | 'to') => ends[end].length > 1 || draft[end].length > 0;
  return (
    <>
      <Select
        label={t('fields.through')}
        description={many !== '' && junctions.length === 0 ? t('noJunction', { many, object: object.name }) : undefined}
        data={[...new Set([...junctions, ...(through === '' ? [] : [through])])]}
        value={through === '' ? null : through}
        onChange={(name) => change({ through: name ?? '', from: [], to: [] })}
      />
      {(['from', 'to'] as const).filter(several).map((end) => (
        <Select
          key={end}
          label={t(`fields.link.${end}`, { object: end === 'from' ? object.name : many })}
          data={[...new Set([...ends[end], ...draft[end]])]}
          value={draft[end][0] ?? null}
          onChange={(name) => change({ [end]: name === null ? [] : [name] })}
          clearable
        />
      ))}
    </>
  );
}

/** The many-to-many relations of the other object that lead here. */
function InverseField({ state, object, draft: { many, inverse }, change }: FieldProps): ReactElement {
  const { t } = useTranslation('modeler');
  const relations = state.objects.find((each) => each.name === many)?.relations ?? [];
  const leading = relations.filter(
    ({ body }) => body['many'] === object.name && (body['through'] !== undefined || body['table'] !== undefined),
  );
  return (
    <Select
      label={t('fields.inverse')}
      description={many !== '' && leading.length === 0 ? t('noInverse', { many, object: object.name }) : undefined}
      data={[...new Set([...leading.map(({ name }) => name), ...(inverse === '' ? [] : [inverse])])]}
      value={inverse === '' ? null : inverse}
      onChange={(name) => change({ inverse: name ?? '' })}
    />
  );
}
