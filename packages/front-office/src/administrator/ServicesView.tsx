import type { ServiceNode } from '@caruso/service-manager/contract';
import { Drawer, UnstyledButton } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../client/use-call.js';
import { useFormat } from '../format/use-format.js';
import { Nothing } from '../screens/FieldValue.js';
import { DataTable } from '../ui/DataTable.js';
import { Loaded } from '../ui/Loaded.js';
import { Page } from '../ui/Page.js';
import { StateBadge, serviceTones } from '../ui/StateBadge.js';
import { ServiceDetails } from './ServiceDetails.js';

/** Calls are counted without an event, hence the interval. */
const period = 5000;

/** The service tree: every component, its state and why, its version and how quick it is. */
export function ServicesView(): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const tree = useCall('services.tree', {}, { every: period });
  const [opened, open] = useState<string | null>(null);
  const figure = (value: number | null): ReactElement =>
    value === null ? <Nothing /> : <>{t('services.ms', { value: format.number(Math.round(value * 10) / 10) })}</>;
  const chosen = tree.data?.services.find(({ name }) => name === opened);
  return (
    <Page title={t('services.title')}>
      <div className="sheet">
        <Loaded from={tree}>
          {({ services }) => (
            <DataTable<ServiceNode>
              label={t('services.title')}
              rows={services}
              rowId={({ name }) => name}
              columns={[
                {
                  id: 'name',
                  label: t('services.name'),
                  render: ({ name }) => (
                    <UnstyledButton className="link" onClick={() => open(name)}>
                      {name}
                    </UnstyledButton>
                  ),
                },
                {
                  id: 'state',
                  label: t('services.state'),
                  render: ({ state, reason }) => (
                    <>
                      <StateBadge tone={serviceTones[state]}>{t(`services.states.${state}`)}</StateBadge>
                      {reason !== undefined && <div className="small">{reason}</div>}
                    </>
                  ),
                },
                { id: 'version', label: t('services.version'), render: ({ version }) => version },
                {
                  id: 'generation',
                  label: t('services.generation'),
                  numeric: true,
                  render: ({ generation }) => format.number(generation),
                },
                {
                  id: 'provides',
                  label: t('services.provides'),
                  render: ({ provides }) => provides.map(({ contract }) => contract).join(', '),
                },
                {
                  id: 'calls',
                  label: t('services.calls'),
                  numeric: true,
                  render: ({ calls }) => format.number(calls.total),
                },
                {
                  id: 'failed',
                  label: t('services.failed'),
                  numeric: true,
                  render: ({ calls }) => format.number(calls.failed),
                },
                { id: 'p50', label: t('services.p50'), numeric: true, render: ({ calls }) => figure(calls.p50) },
                { id: 'p95', label: t('services.p95'), numeric: true, render: ({ calls }) => figure(calls.p95) },
              ]}
            />
          )}
        </Loaded>
      </div>
      <Drawer opened={chosen !== undefined} onClose={() => open(null)} title={chosen?.name} size={520}>
        {chosen !== undefined && <ServiceDetails node={chosen} />}
      </Drawer>
    </Page>
  );
}
