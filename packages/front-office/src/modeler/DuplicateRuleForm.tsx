import type { ModelerObject } from '@caruso/modeler/contract';
import { Group, Select, Text, TextInput } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { storedAttributes } from './attribute-draft.js';
import { type ConditionDraft, isSound, type RuleDraft, ruleDraftOf } from './duplicate-draft.js';
import { MemberDialog } from './MemberDialog.js';
import { RowList } from './RowList.js';
import type { Modeler } from './use-modeler.js';

interface Props {
  object: ModelerObject;
  /** As written; undefined for a new one. */
  rule: unknown;
  modeler: Modeler;
  onKeep: (rule: RuleDraft) => void;
  onRemove: () => void;
  onClose: () => void;
}

const EMPTY: ConditionDraft = { attribute: '', like: '', points: '' };

/** A rule by which two records are the same, or perhaps. */
export function DuplicateRuleForm({ object, rule, modeler, onKeep, onRemove, onClose }: Props): ReactElement {
  const { t } = useTranslation('modeler');
  const [draft, setDraft] = useState<RuleDraft>(() =>
    rule === undefined ? { kind: 'same', conditions: [EMPTY], same: '', perhaps: '' } : ruleDraftOf(rule),
  );
  const set = (part: Partial<RuleDraft>): void => setDraft({ ...draft, ...part });
  const compared = storedAttributes(object)
    .filter(({ body }) => !['json', 'binary'].includes(String(body['type'])))
    .map(({ name }) => name);
  const weighs = draft.kind === 'weigh';
  return (
    <MemberDialog
      title={rule === undefined ? t('addRule') : t('ruleTitle')}
      wide
      modeler={modeler}
      sound={isSound(draft)}
      onKeep={() => onKeep(draft)}
      onRemove={rule === undefined ? undefined : onRemove}
      onClose={onClose}
    >
      <Select
        label={t('ruleKind')}
        data={(['same', 'perhaps', 'weigh'] as const).map((value) => ({ value, label: t(`rules.${value}`) }))}
        value={draft.kind}
        onChange={(kind) => kind !== null && set({ kind })}
        allowDeselect={false}
      />
      <Text size="sm" c="dimmed">
        {t(`ruleHints.${draft.kind}`)}
      </Text>
      <RowList rows={draft.conditions} blank={EMPTY} onChange={(conditions) => set({ conditions })}>
        {(condition, number, change) => (
          <>
            <Select
              label={t('ruleAttribute', { number })}
              data={[...new Set([...compared, ...(condition.attribute === '' ? [] : [condition.attribute])])]}
              value={condition.attribute === '' ? null : condition.attribute}
              onChange={(attribute) => change({ attribute: attribute ?? '' })}
              searchable
              style={{ flex: 2 }}
            />
            <TextInput
              label={t('ruleLike')}
              placeholder={t('ruleExactly')}
              inputMode="decimal"
              value={condition.like}
              onChange={(event) => change({ like: event.currentTarget.value })}
              style={{ flex: 1 }}
            />
            {weighs && (
              <TextInput
                label={t('rulePoints')}
                inputMode="decimal"
                value={condition.points}
                onChange={(event) => change({ points: event.currentTarget.value })}
                style={{ flex: 1 }}
              />
            )}
          </>
        )}
      </RowList>
      {weighs && (
        <Group grow>
          {(['same', 'perhaps'] as const).map((field) => (
            <TextInput
              key={field}
              label={t(`thresholds.${field}`)}
              inputMode="decimal"
              value={draft[field]}
              onChange={(event) => set({ [field]: event.currentTarget.value })}
            />
          ))}
        </Group>
      )}
    </MemberDialog>
  );
}
