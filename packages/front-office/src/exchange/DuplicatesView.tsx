import { Button, Group, UnstyledButton } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../client/contracts.js';
import { useAct, useCall } from '../client/use-call.js';
import { DataTable } from '../ui/DataTable.js';
import { Loaded } from '../ui/Loaded.js';
import { Moment } from '../ui/Moment.js';
import { NothingHere } from '../ui/NothingHere.js';
import { Page } from '../ui/Page.js';
import { sayDone, sayFault } from '../ui/say-fault.js';
import { MergeDrawer, type Pair } from './MergeDrawer.js';

type FoundRecord = Output<'objects.find'>['records'][number];

/** Records that are perhaps the same: somebody compares, merges, or says that they are different. Below, what can be parted again. */
export function DuplicatesView(): ReactElement {
  const { t } = useTranslation();
  const open = useCall('objects.find', {
    object: 'DuplicateReview',
    where: "state = 'open'",
    sort: ['-likeness'],
    limit: 100,
  });
  const merges = useCall('objects.find', {
    object: 'RecordMerge',
    where: "state = 'merged'",
    sort: ['-at'],
    limit: 20,
  });
  const dismiss = useAct('quality.dismiss');
  const unmerge = useAct('quality.unmerge');
  const [pair, compare] = useState<Pair | null>(null);
  const value = (record: FoundRecord, name: string): string => String(record.values[name] ?? '');
  const merged = merges.data?.records ?? [];
  return (
    <Page title={t('duplicates.title')}>
      <div className="sheet">
        <Loaded from={open}>
          {({ records }) =>
            records.length === 0 ? (
              <NothingHere title={t('duplicates.none')} hint={t('duplicates.noneHint')} />
            ) : (
              <DataTable
                label={t('duplicates.title')}
                rows={records}
                rowId={({ key }) => key}
                columns={[
                  { id: 'object', label: t('duplicates.object'), render: (each) => value(each, 'object') },
                  {
                    id: 'pair',
                    label: t('duplicates.pair'),
                    render: (each) => (
                      <UnstyledButton
                        className="link"
                        onClick={() =>
                          compare({
                            object: value(each, 'object'),
                            first: value(each, 'first'),
                            second: value(each, 'second'),
                          })
                        }
                      >
                        {`${value(each, 'firstDisplay')} – ${value(each, 'secondDisplay')}`}
                      </UnstyledButton>
                    ),
                  },
                  {
                    id: 'band',
                    label: t('duplicates.band'),
                    render: (each) =>
                      t(value(each, 'band') === 'same' ? 'duplicates.bands.same' : 'duplicates.bands.perhaps'),
                  },
                  { id: 'agree', label: t('duplicates.agree'), render: (each) => value(each, 'agree') },
                  {
                    id: 'foundAt',
                    label: t('duplicates.foundAt'),
                    render: (each) => <Moment at={value(each, 'foundAt')} />,
                  },
                  {
                    id: 'act',
                    label: t('duplicates.decide'),
                    render: (each) => (
                      <Button
                        size="xs"
                        variant="default"
                        aria-label={t('duplicates.differentPair', {
                          first: value(each, 'firstDisplay'),
                          second: value(each, 'secondDisplay'),
                        })}
                        onClick={() =>
                          void dismiss
                            .act({ review: each.key })
                            .then(() => sayDone(t('duplicates.dismissed')), sayFault)
                        }
                      >
                        {t('duplicates.different')}
                      </Button>
                    ),
                  },
                ]}
              />
            )
          }
        </Loaded>
      </div>
      {merged.length > 0 && (
        <section className="sheet" aria-label={t('duplicates.merges')}>
          <DataTable
            label={t('duplicates.merges')}
            rows={merged}
            rowId={({ key }) => key}
            columns={[
              { id: 'at', label: t('duplicates.at'), render: (each) => <Moment at={value(each, 'at')} /> },
              { id: 'object', label: t('duplicates.object'), render: (each) => value(each, 'object') },
              {
                id: 'what',
                label: t('duplicates.merges'),
                render: (each) =>
                  t('duplicates.into', { other: value(each, 'droppedDisplay'), kept: value(each, 'keptDisplay') }),
              },
              { id: 'by', label: t('duplicates.by'), render: (each) => value(each, 'by') },
              {
                id: 'undo',
                label: t('duplicates.undo'),
                render: (each) => (
                  <Group>
                    <Button
                      size="xs"
                      variant="outline"
                      onClick={() =>
                        void unmerge
                          .act({ merge: each.key })
                          .then(
                            ({ left }) =>
                              sayDone(
                                left.length === 0
                                  ? t('duplicates.undone')
                                  : t('duplicates.undoneBut', { count: left.length }),
                              ),
                            sayFault,
                          )
                      }
                    >
                      {t('duplicates.undo')}
                    </Button>
                  </Group>
                ),
              },
            ]}
          />
        </section>
      )}
      {pair !== null && <MergeDrawer pair={pair} onClose={() => compare(null)} />}
    </Page>
  );
}
