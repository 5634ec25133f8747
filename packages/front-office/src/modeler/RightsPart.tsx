import type { ModelerObject } from '@caruso/modeler/contract';
import { Checkbox, Group, MultiSelect, Select, Textarea, TextInput } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MemberDialog } from './MemberDialog.js';
import { MemberList } from './MemberList.js';
import type { Modeler, State } from './use-modeler.js';

interface Props {
  state: State;
  object: ModelerObject;
  modeler: Modeler;
}

type Preset = 'none' | 'read' | 'all' | 'some';

const presetOf = (right: unknown): Preset =>
  right === undefined || right === 'none' ? 'none' : right === 'read' || right === 'all' ? right : 'some';

/** What each role may do with the object. */
export function RightsPart({ state, object, modeler }: Props): ReactElement {
  const { t } = useTranslation('modeler');
  const [opened, open] = useState<string | null>(null);
  const roles = [...new Set([...state.roles, ...Object.keys(object.rights)])].sort();
  const said = (right: unknown): string => {
    const preset = presetOf(right);
    if (preset !== 'some') return t(`presets.${preset}`);
    const { read = 'all', write = 'none' } = right as { read?: string; write?: string | string[] };
    const changes = Array.isArray(write) ? write.join(', ') : write === 'all' ? t('everything') : t('nothing');
    return t('someRight', { read: read === 'all' ? t('everything') : read, write: changes });
  };
  return (
    <MemberList
      title={t('rights')}
      add={t('addRole')}
      onAdd={() => open('')}
      members={roles.map((role) => ({
        key: role,
        words: [role, said(object.rights[role])],
        onOpen: () => open(role),
      }))}
    >
      {opened !== null && (
        <RightForm
          object={object}
          role={opened}
          modeler={modeler}
          onClose={() => {
            modeler.clear();
            open(null);
          }}
        />
      )}
    </MemberList>
  );
}

interface FormProps {
  object: ModelerObject;
  /** Empty for a new one. */
  role: string;
  modeler: Modeler;
  onClose: () => void;
}

function RightForm({ object, role, modeler, onClose }: FormProps): ReactElement {
  const { t } = useTranslation('modeler');
  const before = object.rights[role];
  const body = (typeof before === 'object' && before !== null ? before : {}) as Record<string, unknown>;
  const list = (key: string): string[] => (Array.isArray(body[key]) ? body[key].map(String) : []);
  const [name, setName] = useState(role);
  const [preset, setPreset] = useState<Preset>(presetOf(before));
  const [read, setRead] = useState(body['read'] === undefined ? 'all' : String(body['read']));
  const [everything, setEverything] = useState(body['write'] === 'all');
  const [write, setWrite] = useState(list('write'));
  const [hide, setHide] = useState(list('hide'));
  const [revealAll, setRevealAll] = useState(body['reveal'] === 'all');
  const [reveal, setReveal] = useState(list('reveal'));
  const [create, setCreate] = useState(body['create'] === true);
  const [removes, setRemoves] = useState(body['delete'] === true);
  const attributes = object.attributes.map((each) => each.name);
  const sensitive = object.attributes.filter((each) => each.body['sensitive'] === true).map((each) => each.name);
  const right = (): unknown => {
    if (preset === 'none') return before === undefined ? null : 'none';
    if (preset !== 'some') return preset;
    return {
      read: read.trim() === '' ? 'all' : read.trim(),
      ...(everything ? { write: 'all' } : write.length > 0 ? { write } : {}),
      ...(create ? { create: true } : everything ? { create: false } : {}),
      ...(removes ? { delete: true } : {}),
      ...(hide.length > 0 ? { hide } : {}),
      ...(revealAll ? { reveal: 'all' } : reveal.length > 0 ? { reveal } : {}),
    };
  };
  return (
    <MemberDialog
      title={role === '' ? t('addRole') : t('rightTitle', { role, object: object.name })}
      modeler={modeler}
      sound={name.trim() !== ''}
      onKeep={() =>
        void modeler
          .edit({ do: 'set', object: object.name, path: ['rights', name.trim()], value: right() as never })
          .then((done) => done && onClose())
      }
      onClose={onClose}
    >
      {role === '' && (
        <TextInput
          label={t('role')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
      )}
      <Select
        label={t('may')}
        data={(['none', 'read', 'all', 'some'] as const).map((value) => ({ value, label: t(`presets.${value}`) }))}
        value={preset}
        onChange={(value) => setPreset((value ?? 'none') as Preset)}
        allowDeselect={false}
      />
      {preset === 'some' && (
        <>
          <Textarea
            label={t('readWhere')}
            description={t('readWhereHint')}
            autosize
            minRows={1}
            value={read}
            onChange={(event) => setRead(event.currentTarget.value)}
            classNames={{ input: 'model-code' }}
          />
          <Checkbox
            label={t('writeAll')}
            checked={everything}
            onChange={(event) => setEverything(event.currentTarget.checked)}
          />
          {!everything && (
            <MultiSelect label={t('write')} data={attributes} value={write} onChange={setWrite} searchable />
          )}
          <MultiSelect label={t('hide')} data={attributes} value={hide} onChange={setHide} searchable />
          {!revealAll && (
            <MultiSelect
              label={t('reveal')}
              description={t('revealHint')}
              data={[...new Set([...sensitive, ...reveal])]}
              value={reveal}
              onChange={setReveal}
            />
          )}
          <Checkbox
            label={t('revealAll')}
            checked={revealAll}
            onChange={(event) => setRevealAll(event.currentTarget.checked)}
          />
          <Group>
            <Checkbox
              label={t('create')}
              checked={create}
              onChange={(event) => setCreate(event.currentTarget.checked)}
            />
            <Checkbox
              label={t('delete')}
              checked={removes}
              onChange={(event) => setRemoves(event.currentTarget.checked)}
            />
          </Group>
        </>
      )}
    </MemberDialog>
  );
}
