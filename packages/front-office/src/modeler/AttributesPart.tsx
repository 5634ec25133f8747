import type { Member, ModelerObject } from '@caruso/modeler/contract';
import { ActionIcon } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AttributeForm } from './AttributeForm.js';
import { draftOf, FLAGS } from './attribute-draft.js';
import { MemberList } from './MemberList.js';
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
    <MemberList
      title={t('attributes')}
      add={t('addAttribute')}
      onAdd={() => open('new')}
      members={object.attributes.map((member) => {
        const { name, body, inherited } = member;
        const draft = draftOf(name, body);
        const at = own.indexOf(member);
        const flags = [
          ...(body['key'] === undefined ? [] : [t('flags.key')]),
          ...FLAGS.filter((flag) => body[flag] === true).map((flag) => t(`flags.${flag}`)),
          ...(inherited ? [t('flags.inherited')] : []),
        ].join(', ');
        const kind = draft.kind === 'reference' ? t('refersTo', { to: draft.to }) : t(`kinds.${draft.kind}` as never);
        return {
          key: name,
          words: [name, kind, flags],
          onOpen: () => open(member),
          acts: at >= 0 && own.length > 1 && (
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
          ),
        };
      })}
    >
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
    </MemberList>
  );
}
