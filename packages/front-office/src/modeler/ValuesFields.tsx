import type { ModelerObject } from '@caruso/modeler/contract';
import { Select, TagsInput } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { type AttributeDraft, choicesOf, has } from './attribute-draft.js';

interface Props {
  object: ModelerObject;
  draft: AttributeDraft;
  onChange: (part: Partial<AttributeDraft>) => void;
}

/** The values of a choice: one list, or one for each value of another attribute. */
export function ValuesFields({ object, draft, onChange }: Props): ReactElement | null {
  const { t } = useTranslation('modeler');
  const { kind, by, values, valuesBy } = draft;
  if (!has(kind, 'values')) return null;
  const others = object.attributes.filter(({ name, body }) => name !== draft.name && choicesOf(body).length > 0);
  const choices = choicesOf(others.find(({ name }) => name === by)?.body ?? {});
  // What is written for a value that the other attribute does not have is shown, so that it can be taken away.
  const lists = [...new Set([...choices, ...Object.keys(valuesBy)])];
  return (
    <>
      {has(kind, 'by') && (
        <Select
          label={t('fields.dependsOn')}
          placeholder={t('fields.dependsOnNothing')}
          data={[...new Set([...others.map(({ name }) => name), ...(by === '' ? [] : [by])])]}
          value={by === '' ? null : by}
          onChange={(name) => onChange({ by: name ?? '', valuesBy: name === by ? valuesBy : {} })}
          clearable
        />
      )}
      {by === '' ? (
        <TagsInput label={t('fields.values')} value={values} onChange={(list) => onChange({ values: list })} />
      ) : (
        lists.map((on) => (
          <TagsInput
            key={on}
            label={t('fields.valuesBy', { by, on })}
            value={valuesBy[on] ?? []}
            onChange={(list) => onChange({ valuesBy: { ...valuesBy, [on]: list } })}
          />
        ))
      )}
    </>
  );
}
