import type { Member, ModelerObject, Operation } from '@caruso/modeler/contract';
import {
  Button,
  Group,
  Modal,
  MultiSelect,
  Select,
  Stack,
  Text,
  TextInput,
  Title,
  UnstyledButton,
} from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FaultPanel } from '../ui/FaultPanel.js';
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
    <section aria-label={t('relations')}>
      <Group justify="space-between" mb="xs">
        <Title order={3}>{t('relations')}</Title>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => open('new')}
        >
          {t('addRelation')}
        </Button>
      </Group>
      {object.relations.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('noRelations')}
        </Text>
      )}
      <ul className="model-members">
        {object.relations.map((member) => (
          <li key={member.name}>
            <UnstyledButton className="model-member" onClick={() => open(member)}>
              <Text size="sm" fw={600} className="one-line" span>
                {member.name}
              </Text>
              <Text size="sm" className="one-line" span>
                {t('manyBy', { many: String(member.body['many']), by: String(member.body['by']) })}
              </Text>
            </UnstyledButton>
          </li>
        ))}
      </ul>
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
    </section>
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
