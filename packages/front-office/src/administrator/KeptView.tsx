import { Code, Drawer, UnstyledButton } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../client/use-call.js';
import { Nothing } from '../screens/FieldValue.js';
import { ChannelIcon } from '../ui/ChannelIcon.js';
import { DataTable } from '../ui/DataTable.js';
import { Loaded } from '../ui/Loaded.js';
import { Moment } from '../ui/Moment.js';
import { NothingHere } from '../ui/NothingHere.js';
import { Page } from '../ui/Page.js';

/** What came in and could not be processed: nothing is lost, somebody looks at it. */
export function KeptView(): ReactElement {
  const { t } = useTranslation();
  const kept = useCall('communication.kept', {});
  const [opened, open] = useState<string | null>(null);
  const chosen = kept.data?.items.find(({ id }) => id === opened);
  return (
    <Page title={t('kept.title')}>
      <div className="sheet">
        <Loaded from={kept}>
          {({ items }) =>
            items.length === 0 ? (
              <NothingHere title={t('kept.none')} hint={t('kept.noneHint')} />
            ) : (
              <DataTable
                label={t('kept.title')}
                rows={items}
                rowId={({ id }) => id}
                columns={[
                  { id: 'at', label: t('kept.at'), render: ({ at }) => <Moment at={at} /> },
                  {
                    id: 'channel',
                    label: t('kept.channel'),
                    render: ({ channel }) => <ChannelIcon channel={channel} />,
                  },
                  { id: 'from', label: t('kept.from'), render: ({ from }) => from ?? <Nothing /> },
                  { id: 'error', label: t('kept.error'), render: ({ error }) => error },
                  {
                    id: 'raw',
                    label: t('kept.content'),
                    render: ({ id, from }) => (
                      <UnstyledButton
                        className="link"
                        aria-label={t('kept.showFrom', { from: from ?? t('common.empty') })}
                        onClick={() => open(id)}
                      >
                        {t('kept.show')}
                      </UnstyledButton>
                    ),
                  },
                ]}
              />
            )
          }
        </Loaded>
      </div>
      <Drawer
        opened={chosen !== undefined}
        onClose={() => open(null)}
        title={chosen?.from ?? t('kept.title')}
        size={640}
      >
        <Code block tabIndex={0} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {chosen?.raw}
        </Code>
      </Drawer>
    </Page>
  );
}
