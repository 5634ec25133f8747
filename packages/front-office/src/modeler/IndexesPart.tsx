import type { ModelerObject } from '@caruso/modeler/contract';
import { ActionIcon, Button, Checkbox, Group, Modal, Select, Stack, Switch, Text } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FaultPanel } from '../ui/FaultPanel.js';
import { type IndexDraft, indexDraftOf, indexOf, isIndex } from './index-draft.js';
import { MemberList } from './MemberList.js';
import type { Modeler } from './use-modeler.js';

interface Props {
  object: ModelerObject;
  modeler: Modeler;
}

/** Indexes over several attributes. */
export function IndexesPart({ object, modeler }: Props): ReactElement {
  const { t } = useTranslation('modeler');
  const [opened, open] = useState<number | 'new' | null>(null);
  const written = object.rest['indexes'];
  const indexes = Array.isArray(written) ? written : [];
  const keep = (list: readonly unknown[]): void => {
    const value = list.length === 0 ? null : (list as never);
    void modeler.edit({ do: 'set', object: object.name, path: ['indexes'], value }).then((done) => done && open(null));
  };
  return (
    <MemberList
      title={t('indexes')}
      add={t('addIndex')}
      onAdd={() => open('new')}
      none={t('noIndexes')}
      members={indexes.map(indexDraftOf).map((index, at) => ({
        key: String(at),
        words: [
          index.attributes.map(({ name, descends }) => (descends ? `${name} ↓` : name)).join(', '),
          t(index.unique ? 'indexKinds.unique' : 'indexKinds.plain'),
        ],
        onOpen: () => open(at),
      }))}
    >
      {opened !== null && (
        <IndexForm
          object={object}
          modeler={modeler}
          index={opened === 'new' ? undefined : indexes[opened]}
          onKeep={(index) =>
            keep(
              opened === 'new'
                ? [...indexes, indexOf(index)]
                : indexes.map((each, at) => (at === opened ? indexOf(index) : each)),
            )
          }
          onRemove={() => keep(indexes.filter((_, at) => at !== opened))}
          onClose={() => {
            modeler.clear();
            open(null);
          }}
        />
      )}
    </MemberList>
  );
}

interface FormProps extends Props {
  /** As written; undefined for a new one. */
  index: unknown;
  onKeep: (index: IndexDraft) => void;
  onRemove: () => void;
  onClose: () => void;
}

const NONE = { name: '', descends: false };

function IndexForm({ object, modeler, index, onKeep, onRemove, onClose }: FormProps): ReactElement {
  const { t } = useTranslation('modeler');
  const { t: common } = useTranslation();
  const [draft, setDraft] = useState<IndexDraft>(() =>
    index === undefined ? { attributes: [NONE, NONE], unique: false } : indexDraftOf(index),
  );
  const { attributes, unique } = draft;
  const set = (part: Partial<IndexDraft>): void => setDraft({ ...draft, ...part });
  const change = (at: number, part: Partial<(typeof attributes)[number]>): void =>
    set({ attributes: attributes.map((each, index) => (index === at ? { ...each, ...part } : each)) });
  const stored = object.attributes
    .filter(({ body }) => !['formula', 'count', 'sum'].some((key) => body[key] !== undefined))
    .map(({ name }) => name);
  return (
    <Modal opened onClose={onClose} title={index === undefined ? t('addIndex') : t('indexTitle')} size="lg">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (isIndex(draft)) onKeep(draft);
        }}
      >
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {t('indexHint')}
          </Text>
          {attributes.map(({ name, descends }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: an attribute of an index is known by its place
            <Group key={at} align="end" gap="sm" wrap="nowrap">
              <Select
                label={t('ruleAttribute', { number: at + 1 })}
                data={[...new Set([...stored, ...(name === '' ? [] : [name])])]}
                value={name === '' ? null : name}
                onChange={(chosen) => change(at, { name: chosen ?? '' })}
                searchable
                style={{ flex: 1 }}
              />
              <Checkbox
                label={t('indexDescends')}
                checked={descends}
                onChange={(event) => change(at, { descends: event.currentTarget.checked })}
                pb={8}
              />
              <ActionIcon
                aria-label={t('removeCondition', { number: at + 1 })}
                size="lg"
                onClick={() => set({ attributes: attributes.filter((_, index) => index !== at) })}
              >
                <IconX size={16} aria-hidden />
              </ActionIcon>
            </Group>
          ))}
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => set({ attributes: [...attributes, NONE] })}
            style={{ alignSelf: 'start' }}
          >
            {t('addCondition')}
          </Button>
          <Switch
            label={t('indexUnique')}
            checked={unique}
            onChange={(event) => set({ unique: event.currentTarget.checked })}
          />
          {modeler.fault !== null && <FaultPanel fault={modeler.fault} />}
          <Group justify="space-between">
            {index === undefined ? (
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
              <Button type="submit" loading={modeler.busy} disabled={!isIndex(draft)}>
                {t('keep')}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
