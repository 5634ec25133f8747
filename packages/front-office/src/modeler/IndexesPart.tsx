import type { ModelerObject } from '@caruso/modeler/contract';
import { Checkbox, Select, Switch, Text } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { storedAttributes } from './attribute-draft.js';
import { type IndexDraft, indexDraftOf, indexOf, isIndex } from './index-draft.js';
import { MemberDialog } from './MemberDialog.js';
import { MemberList } from './MemberList.js';
import { RowList } from './RowList.js';
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
  const [draft, setDraft] = useState<IndexDraft>(() =>
    index === undefined ? { attributes: [NONE, NONE], unique: false } : indexDraftOf(index),
  );
  const { attributes, unique } = draft;
  const set = (part: Partial<IndexDraft>): void => setDraft({ ...draft, ...part });
  const stored = storedAttributes(object).map(({ name }) => name);
  return (
    <MemberDialog
      title={index === undefined ? t('addIndex') : t('indexTitle')}
      wide
      modeler={modeler}
      sound={isIndex(draft)}
      onKeep={() => onKeep(draft)}
      onRemove={index === undefined ? undefined : onRemove}
      onClose={onClose}
    >
      <Text size="sm" c="dimmed">
        {t('indexHint')}
      </Text>
      <RowList rows={attributes} blank={NONE} onChange={(rows) => set({ attributes: rows })}>
        {({ name, descends }, number, change) => (
          <>
            <Select
              label={t('ruleAttribute', { number })}
              data={[...new Set([...stored, ...(name === '' ? [] : [name])])]}
              value={name === '' ? null : name}
              onChange={(chosen) => change({ name: chosen ?? '' })}
              searchable
              style={{ flex: 1 }}
            />
            <Checkbox
              label={t('indexDescends')}
              checked={descends}
              onChange={(event) => change({ descends: event.currentTarget.checked })}
              pb={8}
            />
          </>
        )}
      </RowList>
      <Switch
        label={t('indexUnique')}
        checked={unique}
        onChange={(event) => set({ unique: event.currentTarget.checked })}
      />
    </MemberDialog>
  );
}
