import { Button, Group, UnstyledButton } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct, useCall } from '../client/use-call.js';
import { DataTable } from '../ui/DataTable.js';
import { Loaded } from '../ui/Loaded.js';
import { Moment } from '../ui/Moment.js';
import { NothingHere } from '../ui/NothingHere.js';
import { Page } from '../ui/Page.js';
import { sayDone, sayFault } from '../ui/say-fault.js';
import { MergeDrawer, type Pair } from './MergeDrawer.js';

/** Records that are perhaps the same: somebody compares, merges, or says that they are different. Below, what can be parted again. */
export function DuplicatesView(): ReactElement {
  const { t } = useTranslation();
  const open = useCall('quality.reviews', {});
  const merges = useCall('quality.merges', {});
  const dismiss = useAct('quality.dismiss');
  const unmerge = useAct('quality.unmerge');
  const [pair, compare] = useState<Pair | null>(null);
  const merged = merges.data?.merges ?? [];
  return (
    <Page title={t('duplicates.title')}>
      <div className="sheet">
        <Loaded from={open}>
          {({ reviews }) =>
            reviews.length === 0 ? (
              <NothingHere title={t('duplicates.none')} hint={t('duplicates.noneHint')} />
            ) : (
              <DataTable
                label={t('duplicates.title')}
                rows={reviews}
                rowId={({ review }) => review}
                columns={[
                  { id: 'object', label: t('duplicates.object'), render: (each) => each.object },
                  {
                    id: 'pair',
                    label: t('duplicates.pair'),
                    render: (each) => (
                      <UnstyledButton
                        className="link"
                        onClick={() =>
                          compare({
                            object: each.object,
                            first: each.first.key,
                            second: each.second.key,
                          })
                        }
                      >
                        {`${each.first.display} – ${each.second.display}`}
                      </UnstyledButton>
                    ),
                  },
                  {
                    id: 'band',
                    label: t('duplicates.band'),
                    render: (each) => t(each.band === 'same' ? 'duplicates.bands.same' : 'duplicates.bands.perhaps'),
                  },
                  { id: 'agree', label: t('duplicates.agree'), render: (each) => each.agree.join(', ') },
                  {
                    id: 'foundAt',
                    label: t('duplicates.foundAt'),
                    render: (each) => <Moment at={each.foundAt} />,
                  },
                  {
                    id: 'act',
                    label: t('duplicates.decide'),
                    render: (each) => (
                      <Button
                        size="xs"
                        variant="default"
                        aria-label={t('duplicates.differentPair', {
                          first: each.first.display,
                          second: each.second.display,
                        })}
                        onClick={() =>
                          void dismiss
                            .act({ review: each.review })
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
            rowId={({ merge }) => merge}
            columns={[
              { id: 'at', label: t('duplicates.at'), render: (each) => <Moment at={each.at} /> },
              { id: 'object', label: t('duplicates.object'), render: (each) => each.object },
              {
                id: 'what',
                label: t('duplicates.merges'),
                render: (each) => t('duplicates.into', { other: each.dropped, kept: each.kept.display }),
              },
              { id: 'by', label: t('duplicates.by'), render: (each) => each.by ?? '' },
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
                          .act({ merge: each.merge })
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
