import type { Member, ModelerObject } from '@caruso/modeler/contract';
import type { TFunction } from 'i18next';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MemberList } from './MemberList.js';
import { RelationForm } from './RelationForm.js';
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
        words: [member.name, wayOf(t, member.body)],
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

/** How a relation leads to the other object, in words. */
function wayOf(t: TFunction<'modeler'>, body: Member['body']): string {
  const many = String(body['many']);
  if (body['through'] !== undefined) return t('manyThrough', { many, through: String(body['through']) });
  if (body['inverse'] !== undefined) return t('manyInverse', { many, inverse: String(body['inverse']) });
  if (body['table'] !== undefined) return t('manyTable', { many });
  return t('manyBy', { many, by: [body['by'] ?? []].flat().map(String).join(', ') });
}
