import type { ServiceNode } from '@caruso/service-manager/contract';
import { UnstyledButton } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/use-format.js';
import { Nothing } from '../screens/FieldValue.js';
import { type Column, DataTable } from '../ui/DataTable.js';
import { ServiceState } from './ServiceState.js';
import { idOf } from './service-links.js';

/** Every component: its state and why, its version and how quick it is. */
export function ServiceTable({
  services,
  onChoose,
}: {
  services: ServiceNode[];
  onChoose: (id: string) => void;
}): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const figure = (value: number | null): ReactElement =>
    value === null ? <Nothing /> : <>{t('services.ms', { value: format.number(Math.round(value * 10) / 10) })}</>;
  const columns: Column<ServiceNode>[] = [
    {
      id: 'name',
      label: t('services.name'),
      render: (service) => (
        <UnstyledButton className="link" onClick={() => onChoose(idOf(service))}>
          {service.name}
        </UnstyledButton>
      ),
    },
    { id: 'state', label: t('services.state'), render: (service) => <ServiceState service={service} /> },
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
    { id: 'calls', label: t('services.calls'), numeric: true, render: ({ calls }) => format.number(calls.total) },
    { id: 'failed', label: t('services.failed'), numeric: true, render: ({ calls }) => format.number(calls.failed) },
    { id: 'p50', label: t('services.p50'), numeric: true, render: ({ calls }) => figure(calls.p50) },
    { id: 'p95', label: t('services.p95'), numeric: true, render: ({ calls }) => figure(calls.p95) },
  ];
  if (services.some(({ node }) => node !== undefined)) {
    columns.push({ id: 'node', label: t('services.node'), render: ({ node }) => node ?? t('services.here') });
  }
  return (
    <div className="sheet">
      <DataTable<ServiceNode> label={t('services.title')} rows={services} rowId={idOf} columns={columns} />
    </div>
  );
}
