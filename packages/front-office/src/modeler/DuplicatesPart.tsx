import type { ModelerObject } from '@caruso/modeler/contract';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DuplicateRuleForm } from './DuplicateRuleForm.js';
import { type RuleDraft, ruleDraftOf, ruleOf } from './duplicate-draft.js';
import { MemberList } from './MemberList.js';
import type { Modeler } from './use-modeler.js';

/** When two records are about the same thing. */
export function DuplicatesPart({ object, modeler }: { object: ModelerObject; modeler: Modeler }): ReactElement {
  const { t } = useTranslation('modeler');
  const [opened, open] = useState<number | 'new' | null>(null);
  const { duplicates } = object.rest;
  const rules = Array.isArray(duplicates) ? duplicates : [];
  const said = ({ kind, conditions, same, perhaps }: RuleDraft): string => {
    const list = conditions
      .map(({ attribute, like, points }) =>
        [attribute, ...(like === '' ? [] : [`~ ${like}`]), ...(points === '' ? [] : [`(${points})`])].join(' '),
      )
      .join(', ');
    return kind === 'weigh' ? t('weighed', { list, same, perhaps }) : list;
  };
  const keep = (list: readonly unknown[]): void => {
    const value = list.length === 0 ? null : (list as never);
    void modeler
      .edit({ do: 'set', object: object.name, path: ['duplicates'], value })
      .then((done) => done && open(null));
  };
  return (
    <MemberList
      title={t('duplicates')}
      add={t('addRule')}
      onAdd={() => open('new')}
      none={t('noRules')}
      members={rules.map(ruleDraftOf).map((rule, index) => ({
        key: String(index),
        words: [t(`rules.${rule.kind}`), said(rule)],
        onOpen: () => open(index),
      }))}
    >
      {opened !== null && (
        <DuplicateRuleForm
          object={object}
          rule={opened === 'new' ? undefined : rules[opened]}
          modeler={modeler}
          onKeep={(rule) =>
            keep(
              opened === 'new'
                ? [...rules, ruleOf(rule)]
                : rules.map((each, index) => (index === opened ? ruleOf(rule) : each)),
            )
          }
          onRemove={() => keep(rules.filter((_, index) => index !== opened))}
          onClose={() => {
            modeler.clear();
            open(null);
          }}
        />
      )}
    </MemberList>
  );
}
