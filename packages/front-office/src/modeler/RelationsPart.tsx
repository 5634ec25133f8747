import type { Member, ModelerObject, Operation } from '@caruso/modeler/contract';
import { Button, Group, Modal, MultiSelect, Select, Stack, TextInput } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FaultPanel } from '../ui/FaultPanel.js';
import { MemberList } from './MemberList.js';
import { NAME } from './NameDialog.js';
import type { Modeler, State } from './use-modeler.js';

interface Props {
  state: State;
  object: ModelerObject;
  modeler: Modeler;
}

/** What leads to an object from others. */
export function RelationsPart({ state, object, modeler }: Props): ReactElement {
  const { t } = useTranslation('modeler');
  const [opened, open] = useState<Member | 'new' | null>(null);
  return (
    <MemberList
      title={t('relations')}
      add={t('addRelation')}
      onAdd={() => open('new')}
      none={t('noRelations')}
      members={object.relations.map((member) => ({
        key: member.name,
        words: [member.name, t('manyBy', { many: String(member.body['many']), by: String(member.body['by']) })],
        onOpen: () => open(member),
      }))}
    >
      {opened !== null && (
        <RelationForm
          state={state}
          object={object}
          member={opened === 'new' ? undefined : opened}
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

function RelationForm({
  state,
  object,
  member,
  modeler,
  onClose,
}: Props & { member: Member | undefined; onClose: () => void }): ReactElement {
  const { t } = useTranslation('modeler');
  const { t: common } = useTranslation();
  const [name, setName] = useState(member?.name ?? '');
  const [many, setMany] = useState(member === undefined ? '' : String(member.body['many']));
  const [by, setBy] = useState<string[]>([member?.body['by'] ?? []].flat().map(String));
  const [label, setLabel] = useState(String(member?.body['label'] ?? ''));
  const far = state.objects.find((each) => each.name === many)?.attributes ?? [];
  const back = far.filter(({ body }) => body['to'] === object.name).map((each) => each.name);
  // A key of several attributes may also be met by as many attributes of the other object, in its order.
  const composite = object.attributes.filter(({ body }) => body['key'] !== undefined).length > 1;
  const choices = composite ? far.map((each) => each.name) : back;
  const sound = NAME.test(name.trim()) && many !== '' && by.length > 0;
  const place = { object: object.name, in: 'relations' as const };
  const written = by.length === 1 ? (by[0] ?? '') : by;
  const operations = (): Operation[] => {
    if (member === undefined)
      return [
        {
          do: 'add',
          ...place,
          name: name.trim(),
          value: { many, by: written, ...(label.trim() === '' ? {} : { label: label.trim() }) },
        },
      ];
    const renamed: Operation[] =
      name.trim() === member.name ? [] : [{ do: 'rename', ...place, name: member.name, to: name.trim() }];
    const path = ['relations', name.trim()];
    return [
      ...renamed,
      ...Object.entries({ many, by: written, label: label.trim() || undefined }).flatMap(([key, value]): Operation[] =>
        JSON.stringify(value) === JSON.stringify(member.body[key])
          ? []
          : [{ do: 'set', object: object.name, path: [...path, key], value: value ?? null }],
      ),
    ];
  };
  const done = (made: Promise<boolean>): void => void made.then((well) => well && onClose());
  return (
    <Modal opened onClose={onClose} title={member?.name ?? t('addRelation')}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!sound) return;
          const made = operations();
          if (made.length === 0) onClose();
          else done(modeler.edit(...made));
        }}
      >
        <Stack gap="sm">
          <TextInput
            label={t('fields.name')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <Select
            label={t('fields.many')}
            data={state.objects.map((each) => each.name)}
            value={many === '' ? null : many}
            onChange={(value) => {
              setMany(value ?? '');
              setBy([]);
            }}
            searchable
          />
          <MultiSelect
            label={t('fields.by')}
            description={many !== '' && back.length === 0 ? t('noWayBack', { many, object: object.name }) : undefined}
            data={[...new Set([...choices, ...by])]}
            value={by}
            onChange={(names) => setBy(composite ? names : names.slice(-1))}
          />
          <TextInput
            label={t('fields.label')}
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
          />
          {modeler.fault !== null && <FaultPanel fault={modeler.fault} />}
          <Group justify="space-between">
            {member === undefined ? (
              <span />
            ) : (
              <Button
                variant="default"
                onClick={() => done(modeler.edit({ do: 'remove', ...place, name: member.name, data: 'keep' }))}
              >
                {t('remove')}
              </Button>
            )}
            <Group>
              <Button variant="default" onClick={onClose}>
                {common('common.cancel')}
              </Button>
              <Button type="submit" disabled={!sound}>
                {t('keep')}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
