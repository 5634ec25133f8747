import type { Draft, ModelerObject } from '@caruso/modeler/contract';
import { UnstyledButton } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/use-format.js';
import { DataTable } from '../ui/DataTable.js';
import { StateBadge } from '../ui/StateBadge.js';

interface Props {
  objects: ModelerObject[];
  /** Names of the files in the own folder. */
  own: ReadonlySet<string>;
  drafts: Draft[];
  onChoose: (name: string) => void;
}

/** Every object, with what is changed and not yet applied. */
export function ObjectTable({ objects, own, drafts, onChoose }: Props): ReactElement {
  const { t } = useTranslation('modeler');
  const format = useFormat();
  return (
    <div className="sheet">
      <DataTable
        label={t('objects')}
        rows={objects}
        rowId={({ name }) => name}
        columns={[
          {
            id: 'name',
            label: t('object'),
            render: ({ name, label, file }) => (
              <>
                <UnstyledButton fw={600} fz="sm" onClick={() => onChoose(name)}>
                  {name}
                </UnstyledButton>{' '}
                {drafts.some((draft) => draft.name === file) && <StateBadge tone="waiting">{t('changed')}</StateBadge>}
                <div className="small">{label}</div>
              </>
            ),
          },
          {
            id: 'attributes',
            label: t('attributes'),
            numeric: true,
            render: ({ attributes }) => format.number(attributes.length),
          },
          {
            id: 'relations',
            label: t('relations'),
            numeric: true,
            render: ({ relations }) => format.number(relations.length),
          },
          {
            id: 'database',
            label: t('database'),
            render: ({ database, managed }) => (managed ? database : t('legacy', { database })),
          },
          {
            id: 'file',
            label: t('file'),
            render: ({ file, inherited }) => (
              <>
                {file}
                {inherited && <div className="small">{t(own.has(file) ? 'laidOver' : 'fromBelow')}</div>}
              </>
            ),
          },
        ]}
      />
    </div>
  );
}
