import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../client/use-call.js';
import { useFormat } from '../format/use-format.js';
import { Nothing } from '../screens/FieldValue.js';
import { DataTable } from '../ui/DataTable.js';
import { Loaded } from '../ui/Loaded.js';
import { NothingHere } from '../ui/NothingHere.js';
import { Page } from '../ui/Page.js';
import { StateBadge } from '../ui/StateBadge.js';

/** Business rules: when, if, then; how often they fired and what failed. */
export function PoliciesView(): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const list = useCall('policies.list', {}, { every: 10_000 });
  return (
    <Page title={t('policies.title')}>
      <div className="sheet">
        <Loaded from={list}>
          {({ policies }) =>
            policies.length === 0 ? (
              <NothingHere title={t('policies.none')} hint={t('policies.noneHint')} />
            ) : (
              <DataTable
                label={t('policies.title')}
                rows={policies}
                rowId={({ policy }) => policy}
                columns={[
                  {
                    id: 'policy',
                    label: t('policies.policy'),
                    render: ({ policy, file }) => (
                      <>
                        <b>{policy}</b>
                        <div className="small">{file}</div>
                      </>
                    ),
                  },
                  { id: 'on', label: t('policies.on'), render: ({ on }) => on.join(', ') },
                  { id: 'if', label: t('policies.if'), render: ({ condition }) => condition ?? <Nothing /> },
                  {
                    id: 'does',
                    label: t('policies.does'),
                    render: ({ does }) => (
                      <ul className="lines" style={{ margin: 0 }}>
                        {does.map((line) => (
                          <li key={line}>{line}</li>
                        ))}
                      </ul>
                    ),
                  },
                  {
                    id: 'checked',
                    label: t('policies.checked'),
                    numeric: true,
                    render: ({ checked }) => format.number(checked),
                  },
                  {
                    id: 'fired',
                    label: t('policies.fired'),
                    numeric: true,
                    render: ({ fired }) => format.number(fired),
                  },
                  {
                    id: 'failed',
                    label: t('policies.failed'),
                    render: ({ failed, lastError }) =>
                      failed === 0 ? (
                        format.number(failed)
                      ) : (
                        <>
                          <StateBadge tone="late">{format.number(failed)}</StateBadge>
                          <div className="small">{lastError}</div>
                        </>
                      ),
                  },
                ]}
              />
            )
          }
        </Loaded>
      </div>
    </Page>
  );
}
