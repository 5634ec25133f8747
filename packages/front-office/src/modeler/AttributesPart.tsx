import type { Member, ModelerObject } from '@caruso/modeler/contract';
import { ActionIcon, Button, Group, Text, Title, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AttributeForm } from './AttributeForm.js';
import { draftOf, FLAGS } from './attribute-draft.js';
import type { Modeler, State } from './use-modeler.js';

interface Props {
  state: State;
  object: ModelerObject;
  modeler: Modeler;
}

/** The attributes of an object in their order. */
export function AttributesPart({ state, object, modeler }: Props): ReactElement {
  const { t } = useTranslation('modeler');
  const [opened, open] = useState<Member | 'new' | null>(null);
  const own = object.attributes.filter(({ inherited }) => !inherited);
  const move = (member: Member, by: 1 | -1): void => {
    const at = own.indexOf(member);
    const before = by === -1 ? own[at - 1] : own[at + 2];
    void modeler.edit({
      do: 'move',
      object: object.name,
      in: 'attributes',
      name: member.name,
      before: before?.name ?? null,
    });
  };
  return (
    <section aria-label={t('attributes')}>
      <Group justify="space-between" mb="xs">
        <Title order={3}>{t('attributes')}</Title>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => open('new')}
        >
          {t('addAttribute')}
        </Button>
      </Group>
      <ul className="model-members">
        {object.attributes.map((member) => {
          const { name, body, inherited } = member;
          const draft = draftOf(name, body);
          const at = own.indexOf(member);
          return (
            <li key={name}>
              <UnstyledButton className="model-member" onClick={() => open(member)}>
                <Text size="sm" fw={600} className="one-line" span>
                  {name}
                </Text>
                <Text size="sm" className="one-line" span>
                  {draft.kind === 'reference' ? t('refersTo', { to: draft.to }) : t(`kinds.${draft.kind}` as never)}
                </Text>
                <Text size="xs" c="dimmed" className="one-line" span>
                  {[
                    ...(body['key'] === undefined ? [] : [t('flags.key')]),
                    ...FLAGS.filter((flag) => body[flag] === true).map((flag) => t(`flags.${flag}`)),
                    ...(inherited ? [t('flags.inherited')] : []),
                  ].join(', ')}
                </Text>
              </UnstyledButton>
              {at >= 0 && own.length > 1 && (
                <>
                  <ActionIcon aria-label={t('up', { name })} disabled={at === 0} onClick={() => move(member, -1)}>
                    <IconArrowUp size={16} />
                  </ActionIcon>
                  <ActionIcon
                    aria-label={t('down', { name })}
                    disabled={at === own.length - 1}
                    onClick={() => move(member, 1)}
                  >
                    <IconArrowDown size={16} />
                  </ActionIcon>
                </>
              )}
            </li>
          );
        })}
      </ul>
      {opened !== null && (
        <AttributeForm
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
