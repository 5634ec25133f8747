import type { ModelerObject } from '@caruso/modeler/contract';
import { ActionIcon, Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FaultPanel } from '../ui/FaultPanel.js';
import { type ConditionDraft, isSound, type RuleDraft, ruleDraftOf } from './duplicate-draft.js';
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
  const { t: common } = useTranslation();
  const [draft, setDraft] = useState<RuleDraft>(() =>
    rule === undefined ? { kind: 'same', conditions: [EMPTY], same: '', perhaps: '' } : ruleDraftOf(rule),
  );
  const set = (part: Partial<RuleDraft>): void => setDraft({ ...draft, ...part });
  const change = (index: number, part: Partial<ConditionDraft>): void =>
    set({ conditions: draft.conditions.map((each, at) => (at === index ? { ...each, ...part } : each)) });
  const compared = object.attributes
    .filter(({ body }) => !['formula', 'count', 'sum'].some((key) => body[key] !== undefined))
    .filter(({ body }) => !['json', 'binary'].includes(String(body['type'])))
    .map(({ name }) => name);
  const weighs = draft.kind === 'weigh';
  return (
    <Modal opened onClose={onClose} title={rule === undefined ? t('addRule') : t('ruleTitle')} size="lg">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (isSound(draft)) onKeep(draft);
        }}
      >
        <Stack gap="sm">
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
          {draft.conditions.map((condition, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a condition is known by its place while it is written
            <Group key={index} align="end" gap="xs" wrap="nowrap">
              <Select
                label={t('ruleAttribute', { number: index + 1 })}
                data={[...new Set([...compared, ...(condition.attribute === '' ? [] : [condition.attribute])])]}
                value={condition.attribute === '' ? null : condition.attribute}
                onChange={(attribute) => change(index, { attribute: attribute ?? '' })}
                searchable
                style={{ flex: 2 }}
              />
              <TextInput
                label={t('ruleLike')}
                placeholder={t('ruleExactly')}
                inputMode="decimal"
                value={condition.like}
                onChange={(event) => change(index, { like: event.currentTarget.value })}
                style={{ flex: 1 }}
              />
              {weighs && (
                <TextInput
                  label={t('rulePoints')}
                  inputMode="decimal"
                  value={condition.points}
                  onChange={(event) => change(index, { points: event.currentTarget.value })}
                  style={{ flex: 1 }}
                />
              )}
              <ActionIcon
                aria-label={t('removeCondition', { number: index + 1 })}
                size="lg"
                onClick={() => set({ conditions: draft.conditions.filter((_, at) => at !== index) })}
              >
                <IconX size={16} aria-hidden />
              </ActionIcon>
            </Group>
          ))}
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => set({ conditions: [...draft.conditions, EMPTY] })}
            style={{ alignSelf: 'start' }}
          >
            {t('addCondition')}
          </Button>
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
          {modeler.fault !== null && <FaultPanel fault={modeler.fault} />}
          <Group justify="space-between">
            {rule === undefined ? (
              <span />
            ) : (
              <Button variant="default" onClick={onRemove}>
                {t('remove')}
              </Button>
            )}
            <Group>
              <Button variant="default" onClick={onClose}>
                {common('common.cancel')}
              </Button>
              <Button type="submit" loading={modeler.busy} disabled={!isSound(draft)}>
                {t('keep')}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
