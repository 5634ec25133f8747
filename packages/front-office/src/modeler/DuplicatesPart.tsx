import type { ModelerObject } from '@caruso/modeler/contract';
import { Button, Group, Text, Title, UnstyledButton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DuplicateRuleForm } from './DuplicateRuleForm.js';
import { type RuleDraft, ruleDraftOf, ruleOf } from './duplicate-draft.js';
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
    <section aria-label={t('duplicates')}>
      <Group justify="space-between" mb="xs">
        <Title order={3}>{t('duplicates')}</Title>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => open('new')}
        >
          {t('addRule')}
        </Button>
      </Group>
      {rules.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('noRules')}
        </Text>
      )}
      <ul className="model-members">
        {rules.map(ruleDraftOf).map((rule, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a rule has no name, and its place is what it is known by
          <li key={index}>
            <UnstyledButton className="model-member model-right" onClick={() => open(index)}>
              <Text size="sm" fw={600} span>
                {t(`rules.${rule.kind}`)}
              </Text>
              <Text size="sm" span>
                {said(rule)}
              </Text>
            </UnstyledButton>
          </li>
        ))}
      </ul>
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
    </section>
  );
}
