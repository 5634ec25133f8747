import './services.css';
import type { ServiceNode } from '@caruso/service-manager/contract';
import { Button, Drawer, SegmentedControl, Skeleton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { lazy, type ReactElement, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../client/use-call.js';
import { Loaded } from '../ui/Loaded.js';
import { NothingHere } from '../ui/NothingHere.js';
import { Page } from '../ui/Page.js';
import { useUppermost } from '../ui/use-uppermost.js';
import { AddServiceDialog } from './AddServiceDialog.js';
import { ServiceDetails } from './ServiceDetails.js';
import { ServiceTable } from './ServiceTable.js';
import { idOf } from './service-links.js';

const ServiceGraph = lazy(async () => ({ default: (await import('./ServiceGraph.js')).ServiceGraph }));

/** Calls are counted without an event, hence the interval. */
const period = 5000;

/** The service tree as a list and as a drawing; every component can be looked into, replaced, rolled back, configured and removed. */
export function ServicesView(): ReactElement {
  const { t } = useTranslation();
  const tree = useCall('services.tree', {}, { every: period });
  const [view, setView] = useState('list');
  const [opened, open] = useState<string | null>(null);
  const uppermost = useUppermost(() => open(null));
  const [adding, setAdding] = useState(false);
  const services = tree.data?.services ?? [];
  const chosen = services.find((service) => idOf(service) === opened);
  return (
    <Page
      title={t('services.title')}
      actions={
        <>
          <SegmentedControl
            size="xs"
            aria-label={t('services.view')}
            value={view}
            onChange={setView}
            data={[
              { value: 'list', label: t('services.list') },
              { value: 'graph', label: t('services.graph') },
            ]}
          />
          <Button size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setAdding(true)}>
            {t('services.add')}
          </Button>
        </>
      }
    >
      <Loaded from={tree}>
        {(read) => {
          if (read.services.length === 0)
            return <NothingHere title={t('services.none')} hint={t('services.noneHint')} />;
          if (view === 'list') return <ServiceTable services={read.services} onChoose={open} />;
          return (
            <Suspense fallback={<Skeleton height={420} />}>
              <ServiceGraph services={read.services} chosen={opened} onChoose={open} />
            </Suspense>
          );
        }}
      </Loaded>
      <Drawer opened={chosen !== undefined} {...uppermost} title={opened} size={560}>
        {chosen !== undefined && (
          <ServiceDetails key={opened} service={chosen} services={services} onChoose={open} onGone={() => open(null)} />
        )}
      </Drawer>
      {adding && (
        <AddServiceDialog
          taken={services.map(({ name }: ServiceNode) => name)}
          onClose={() => setAdding(false)}
          onAdded={(name) => {
            setAdding(false);
            open(name);
          }}
        />
      )}
    </Page>
  );
}
